using System.Buffers;
using System.Text;
using Berth.Core.Log;
using Berth.Core.Sessions;
using Berth.Protocol.Events;
using Berth.Protocol.Rows;
using Xunit;

namespace Berth.Tests.Core.Sessions;

/// <summary>Files that are not as they were left: what is whole counts, what is not is said, and no other session is hurt.</summary>
public sealed class DamageTests : IAsyncLifetime
{
    private readonly EngineLife life = new();
    private readonly List<Session> sessions = [];

    public async ValueTask InitializeAsync()
    {
        life.Model.Always(_ => Answer.Of("Yes."));
        for (var i = 0; i < 3; i++)
        {
            sessions.Add(await life.BeginAsync($"m{i}"));
            await EngineLife.Is(sessions[i], "done");
            await life.Board.TakeSlotAsync(life.Project, sessions[i].Id);
        }
    }

    public ValueTask DisposeAsync() => life.DisposeAsync();

    [Fact]
    public async Task Without_its_index_the_list_is_the_same()
    {
        var before = await life.Board.AllAsync(life.Project);

        var next = await DamageAsync(() => File.Delete(Index));

        Assert.Equal(before.Select(Known), (await next.Board.AllAsync(life.Project)).Select(Known));
    }

    [Theory]
    [InlineData("garbage\n\0\0\0\n{\"id\":\"\n")]
    [InlineData("{\"id\":\"SESSION\"}\n")]
    [InlineData("{\"id\":\"SESSION\",\"state\":7}\n")]
    [InlineData("{\"id\":\"SESSION\",\"name\":null,\"state\":\"done\"")]
    public async Task An_index_full_of_anything_is_not_believed(string content)
    {
        var before = await life.Board.AllAsync(life.Project);

        var next = await DamageAsync(() => File.WriteAllText(Index, content.Replace("SESSION", sessions[1].Id)));

        Assert.Equal(before.Select(Known), (await next.Board.AllAsync(life.Project)).Select(Known));
        Assert.Equal(before.Select(Known), (await next.Board.AllAsync(life.Project)).Select(Known));
    }

    [Fact]
    public async Task A_directory_in_the_indexs_place_costs_time_and_nothing_else()
    {
        var before = await life.Board.AllAsync(life.Project);

        var next = await DamageAsync(() =>
        {
            File.Delete(Index);
            Directory.CreateDirectory(Index);
        });

        Assert.Equal(before.Select(Known), (await next.Board.AllAsync(life.Project)).Select(Known));
        await (await next.FindAsync(sessions[0])).SubmitAsync("go on", next.Terminal);
        await EngineLife.Is(await next.FindAsync(sessions[0]), "done");
    }

    [Fact]
    public async Task A_row_that_came_too_late_for_the_disk_is_mended_from_the_log()
    {
        var stale = File.ReadAllLines(Index).First(line => line.Contains(sessions[0].Id) && line.Contains("\"running\""));

        var next = await DamageAsync(() => File.AppendAllText(Index, stale + "\n"));

        Assert.Equal("done", (await next.Board.FindAsync(sessions[0].Id))!.State);
    }

    [Fact]
    public async Task A_torn_board_keeps_all_that_was_stored_before_the_tear()
    {
        var next = await DamageAsync(() => File.WriteAllBytes(Board, File.ReadAllBytes(Board)[..^5]));

        Assert.Equal([1, 2], next.Board.SlotsOf(life.Project).Keys);
        Assert.Single(next.Board.Damage);
        Assert.Equal(3, await next.Board.TakeSlotAsync(life.Project, sessions[2].Id));
    }

    [Fact]
    public async Task A_zeroed_page_in_the_board_costs_its_lines_and_is_kept_beside()
    {
        var bytes = File.ReadAllBytes(Board);
        var lines = Encoding.UTF8.GetString(bytes).Split('\n');
        bytes.AsSpan(lines[0].Length + 1, lines[1].Length).Clear();

        var next = await DamageAsync(() => File.WriteAllBytes(Board, bytes));

        Assert.Equal([1, 3], next.Board.SlotsOf(life.Project).Keys);
        Assert.Equal(bytes, File.ReadAllBytes(Assert.Single(next.Board.Damage).KeptIn));
        Assert.Equal(bytes, File.ReadAllBytes(Board));
    }

    [Fact]
    public async Task Whole_lines_of_a_newer_board_say_nothing_to_this_one()
    {
        var line = new ArrayBufferWriter<byte>();
        LogLine.Seal(line, """{"seq":4,"at":"2030-01-01T00:00:00Z","harbour":"other"}"""u8);
        LogLine.Seal(line, """{"seq":5,"at":"2030-01-01T00:00:00Z","project":"x","slots":{"one":"y"}}"""u8);
        LogLine.Seal(line, """{"seq":6,"at":"2030-01-01T00:00:00Z","project":null,"slots":{}}"""u8);

        var next = await DamageAsync(() => File.AppendAllText(Board, Encoding.UTF8.GetString(line.WrittenSpan)));

        Assert.Equal([1, 2, 3], next.Board.SlotsOf(life.Project).Keys);
        await next.Board.FreeAsync(life.Project, sessions[0].Id);
        Assert.Equal([2, 3], next.Board.SlotsOf(life.Project).Keys);
    }

    [Fact]
    public async Task A_torn_log_is_said_to_the_first_person_who_looks()
    {
        var next = await DamageAsync(() => File.WriteAllBytes(Log(0), File.ReadAllBytes(Log(0))[..^5]));
        var session = await next.FindAsync(sessions[0]);
        var said = new List<string>();

        await session.WatchAsync(new Watcher(() => { }, (line, _) => said.Add(line)), null);

        Assert.Contains("bytes of an unfinished write were cut off log.jsonl. Kept in ", Assert.Single(said));
        await session.SubmitAsync("go on", next.Terminal);
        await EngineLife.Is(session, "done");
        Assert.Equal(["user: m0", "assistant: Yes.", "user: go on"], life.Model.LastRequest);
    }

    [Theory]
    [InlineData("""{"seq":10,"at":"2030-01-01T00:00:00Z","type":"dream_dreamt","of":"sheep"}""")]
    [InlineData("""{"seq":10,"at":"2030-01-01T00:00:00Z","type":"step_ended"}""")]
    [InlineData("""{"seq":10,"at":"2030-01-01T00:00:00Z","type":"step_ended","calls":[null]}""")]
    [InlineData("""{"seq":10,"at":"2030-01-01T00:00:00Z","type":"user_message","text":7}""")]
    [InlineData("""{"seq":10,"at":"2030-01-01T00:00:00Z","type":"session_created"}""")]
    [InlineData("""{"seq":10,"at":"yesterday","type":"user_message","text":"x"}""")]
    public async Task A_whole_line_that_is_no_event_of_ours_is_kept_and_the_session_goes_on_after_it(string line)
    {
        var sealed_ = new ArrayBufferWriter<byte>();
        LogLine.Seal(sealed_, Encoding.UTF8.GetBytes(line));
        var next = await DamageAsync(() =>
        {
            File.AppendAllText(Log(0), Encoding.UTF8.GetString(sealed_.WrittenSpan));
            File.Delete(Index);
        });

        Assert.Equal(3, (await next.Board.AllAsync(life.Project)).Count);
        var session = await next.FindAsync(sessions[0]);
        await session.SubmitAsync("go on", next.Terminal);
        await Eventually(() => next.Events<TurnEnded>(session).Count == 2);
        Assert.Contains(line[..^1], await File.ReadAllTextAsync(Log(0)));
        Assert.Equal("user: go on", life.Model.LastRequest[^1]);
    }

    [Theory]
    [InlineData("file")]
    [InlineData("log is a directory")]
    [InlineData("log is a link")]
    [InlineData("log is empty")]
    [InlineData("log is zeroed")]
    public async Task A_session_that_is_none_any_more_hides_no_other(string what)
    {
        var next = await DamageAsync(() =>
        {
            var directory = Path.GetDirectoryName(Log(1))!;
            File.Delete(Log(1));
            switch (what)
            {
                case "file":
                    Directory.Delete(directory, recursive: true);
                    File.WriteAllText(directory, "");
                    break;
                case "log is a directory":
                    Directory.CreateDirectory(Log(1));
                    break;
                case "log is a link":
                    File.CreateSymbolicLink(Log(1), "/dev/zero");
                    break;
                default:
                    File.WriteAllBytes(Log(1), what.EndsWith("empty") ? [] : new byte[5000]);
                    break;
            }

            File.Delete(Index);
            Directory.CreateDirectory(Path.Combine(life.State, "busy"));
            File.WriteAllText(Path.Combine(life.State, "busy", sessions[1].Id), "");
        }, hasProblems: true);

        Assert.Equal(
            [sessions[0].Id, sessions[2].Id],
            (await next.Board.AllAsync(life.Project)).Select(r => r.Id).Order().ToHashSet().Intersect([sessions[0].Id, sessions[2].Id]).OrderBy(id => sessions.FindIndex(s => s.Id == id)));
        var session = await next.FindAsync(sessions[0]);
        await session.SubmitAsync("go on", next.Terminal);
        await EngineLife.Is(session, "done");
    }

    [Fact]
    public async Task Names_that_lead_out_of_the_sessions_are_no_sessions()
    {
        Directory.CreateDirectory(Path.Combine(life.State, "ab"));
        File.Copy(Log(0), Path.Combine(life.State, "ab", "log.jsonl"));

        Assert.Null(await life.Sessions.FindAsync("../../ab"));
        Assert.Null(await life.Sessions.FindAsync("../ab/.."));
        Assert.Null(await life.Board.FindAsync("..//ab//"));
    }

    [Fact]
    public async Task A_log_that_may_only_be_read_is_looked_at_and_not_written()
    {
        Assert.SkipWhen(Environment.UserName == "root", "root may write everything");
        var next = await DamageAsync(() => File.SetUnixFileMode(Log(0), UnixFileMode.UserRead));
        var session = await next.FindAsync(sessions[0]);

        Assert.Equal(8, (await session.ViewAsync(null)).LastSeq);
        await Assert.ThrowsAsync<IOException>(() => session.SubmitAsync("go on", next.Terminal));
        Assert.Equal("done", session.Row!.State);
    }

    [Fact]
    public async Task The_index_does_not_grow_without_end()
    {
        await sessions[0].WatchAsync(new Watcher(() => { }, (_, _) => { }), null);
        var largest = 0L;
        var name = new string('n', 100_000);
        for (var i = 0; i < 120; i++)
        {
            await sessions[0].ChangeAsync(new SessionRenamed($"{name}{i}"));
            largest = Math.Max(largest, new FileInfo(Index).Length);
        }

        Assert.InRange(largest, 1_000_000, 6_000_000);
        Assert.Equal($"{name}119", (await life.Board.FindAsync(sessions[0].Id))!.Name);
        var next = await life.RestartAsync();
        Assert.Equal($"{name}119", (await next.Board.FindAsync(sessions[0].Id))!.Name);
        Assert.Equal(3, (await next.Board.AllAsync(life.Project)).Count);
    }

    private string Index => Path.Combine(life.State, "index.jsonl");

    private string Board => Path.Combine(life.State, "board.jsonl");

    private string Log(int session) => Path.Combine(life.State, "sessions", sessions[session].Id, SessionLog.FileName);

    private static Task Eventually(Func<bool> what) => Processes.Eventually.True(what, "it comes true");

    // A log does not tell whether somebody has looked.
    private static SessionRow Known(SessionRow row) => row with { Unread = false };

    private Task<EngineLife> DamageAsync(Action damage, bool hasProblems = false) => life.RestartAsync(hasProblems: hasProblems, meanwhile: () =>
    {
        damage();
        return Task.CompletedTask;
    });
}
