using Berth.Core.Sessions;
using Berth.Protocol.Events;
using Berth.Tests.Core.Sessions;
using Berth.Tests.Processes;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Faults;

/// <summary>A disk that takes nothing for a while: nothing is acknowledged that is not on it, it is said, and all goes on later.</summary>
public sealed class DiskFaultTests : IAsyncDisposable
{
    private readonly ScriptedDisk disk = new();
    private readonly EngineLife life;
    private readonly ModelGate gate = new();
    private readonly List<string> told = [];

    public DiskFaultTests()
    {
        life = new EngineLife(new Scratch(), new ScriptedModel(), policy: null, disk);
        life.Model.Always(r => Conversation.Lines(r)[^1] == "user: hold" ? Answer.Held(gate).Then("Never stored.") : Answer.Of("Yes."));
    }

    public ValueTask DisposeAsync()
    {
        disk.Fault = null;
        return life.DisposeAsync();
    }

    public static TheoryData<string, double> Faults => new()
    {
        { "write", 0 }, { "write", 0.5 }, { "write", 1 }, { "sync", 0 }, { "cut", 0.7 },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_message_that_the_disk_does_not_take_is_refused_and_the_next_one_is_taken(string kind, double torn)
    {
        var session = await DoneAsync("one");
        await WatchAsync(session);
        var before = life.Events(session);

        Fail(kind, torn);
        await Assert.ThrowsAnyAsync<IOException>(() => session.SubmitAsync("lost", life.Terminal));
        await Assert.ThrowsAnyAsync<IOException>(() => session.ChangeAsync(new SessionRenamed("lost")));
        disk.Fault = null;
        Assert.Equal(("done", 1), (session.Row!.State, session.Row.Turns));
        Assert.Equal(before.Count, session.LastSeq);

        await session.SubmitAsync("two", life.Terminal);
        await Eventually.True(() => session.Row is { State: "done", Turns: 2 }, "it goes on");
        Assert.Equal(["user: one", "assistant: Yes.", "user: two"], life.Model.LastRequest);
        await ReadsWholeAsync(session, ["one", "two"]);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_turn_whose_events_the_disk_does_not_take_ends_and_says_so_when_there_is_space_again(string kind, double torn)
    {
        var other = await DoneAsync("other");
        var session = await DoneAsync("one");
        await WatchAsync(session);
        await session.SubmitAsync("hold", life.Terminal);
        await gate.Reached;

        Fail(kind, torn, life.DirectoryOf(session));
        gate.Open();
        await Eventually.True(() => Said("cannot be stored"), "the person is told");
        await other.SubmitAsync("again", life.Terminal);
        await Eventually.True(() => other.Row is { State: "done", Turns: 2 }, "another session goes on");
        Assert.Equal("running", session.Row!.State);

        disk.Fault = null;
        await EngineLife.Is(session, "error");
        await session.SubmitAsync("and now?", life.Terminal);
        await EngineLife.Is(session, "done");
        await ReadsWholeAsync(session, ["one", "hold", "and now?"]);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_slot_that_the_disk_does_not_take_is_not_given(string kind, double torn)
    {
        var session = await DoneAsync("one");
        Assert.Equal(1, await life.Board.TakeSlotAsync(life.Project, "0000000a"));

        Fail(kind, torn);
        await Assert.ThrowsAnyAsync<IOException>(() => life.Board.TakeSlotAsync(life.Project, session.Id));
        await Assert.ThrowsAnyAsync<IOException>(() => life.Board.FreeAsync(life.Project, "0000000a"));
        Assert.Equal([1], life.Board.SlotsOf(life.Project).Keys);
        disk.Fault = null;

        Assert.Equal(2, await life.Board.TakeSlotAsync(life.Project, session.Id));
        var slots = life.Board.SlotsOf(life.Project);
        await using var board = await ReopenedAsync();
        Assert.Empty(board.Damage);
        Assert.Equal(slots, board.SlotsOf(life.Project));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_copy_that_the_disk_does_not_take_is_not_there(string kind, double torn)
    {
        var session = await DoneAsync("one");
        var id = life.Sessions.FreeId();

        Fail(kind, torn);
        await Assert.ThrowsAnyAsync<IOException>(() => life.Sessions.ForkAsync(session, id, "copy", null, life.Terminal));
        disk.Fault = null;

        Assert.Null(await life.Sessions.FindAsync(id));
        Assert.Equal([session.Id], Directory.GetDirectories(Path.Combine(life.State, "sessions")).Select(Path.GetFileName));
        var copy = await life.Sessions.ForkAsync(session, id, "copy", null, life.Terminal);
        Assert.Equal(session.Id, copy!.Row!.Parent);
    }

    [Fact]
    public async Task After_a_sync_that_failed_the_pieces_before_it_are_written_again()
    {
        // The system may take pages for saved that the failed sync did not save: only new writes bring them to the disk.
        var pieces = new List<DiskRequest>();
        disk.Before = r =>
        {
            lock (pieces)
            {
                pieces.Add(r);
            }
        };
        using (var log = Berth.Core.Log.SessionLog.Open(Path.Combine(life.State, "sessions", "5e55107e"), TimeProvider.System, _ => { }, disk))
        {
            Fail("sync", 0);
            Assert.NotNull(await log.AppendAsync(0, [new TextAdded("piece")], durable: false));
            await Assert.ThrowsAnyAsync<IOException>(async () => await log.AppendAsync(1, [new TextAdded("lost")], durable: true));
            disk.Fault = null;
            lock (pieces)
            {
                pieces.Clear();
            }

            Assert.NotNull(await log.AppendAsync(1, [new TextAdded("kept")], durable: true));
        }

        var written = pieces.Where(p => p.Work == DiskWork.Write).ToList();
        Assert.Equal(0, written[0].Offset);
        Assert.Contains("piece", System.Text.Encoding.UTF8.GetString(written[0].Bytes!));
    }

    private void Fail(string kind, double torn, string below = "/")
    {
        disk.Torn = torn;
        disk.Fault = request => !request.Path.StartsWith(below) ? null : kind switch
        {
            "sync" when request.Work == DiskWork.Sync => new IOException("Input/output error"),
            "cut" when request.Work is DiskWork.Write or DiskWork.Cut => new IOException("No space left on device"),
            "write" when request.Work == DiskWork.Write => new IOException("No space left on device"),
            _ => null,
        };
    }

    private Task WatchAsync(Session session) => session.WatchAsync(
        new Watcher(() => { }, (line, _) =>
        {
            lock (told)
            {
                told.Add(line);
            }
        }),
        life.Terminal);

    private bool Said(string words)
    {
        lock (told)
        {
            return told.Exists(line => line.Contains(words));
        }
    }

    private async Task<Session> DoneAsync(string message)
    {
        var session = await life.BeginAsync(message);
        await EngineLife.Is(session, "done");
        await session.WhenQuietAsync();
        return session;
    }

    // The next life reads the same, whole and without a hole.
    private async Task ReadsWholeAsync(Session session, string[] messages)
    {
        await session.WhenQuietAsync();
        Assert.Equal(messages, life.Events<UserMessage>(session).Select(m => m.Text));
        Assert.Equal(Enumerable.Range(1, life.Events(session).Count).Select(n => (long)n), life.Events(session).Select(e => e.Seq));
        Assert.Empty((await life.Sessions.VerifyAsync()).Problems);
        Assert.Empty(Directory.GetFiles(life.DirectoryOf(session), "*.tail-*"));
    }

    private async Task<Board> ReopenedAsync()
    {
        await life.EndAsync(stopTasks: true);
        return new Board(life.State, TimeProvider.System);
    }
}
