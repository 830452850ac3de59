using Berth.Core.Models;
using Berth.Core.Sessions;
using Berth.Protocol.Events;
using Berth.Tests.Core.Commands;
using Xunit;

namespace Berth.Tests.Core.Sessions;

/// <summary>Two sessions of one project that work on the same files.</summary>
public sealed class SharedFileTests : IAsyncDisposable
{
    private const string Read = """{"path":"a.txt"}""";
    private const string Edit = """{"path":"a.txt","old_string":"one","new_string":"1"}""";
    private readonly Desk desk = new();

    private EngineLife Life => desk.Life;

    public SharedFileTests() => File.WriteAllText(FileA, "one\ntwo\n");

    private string FileA => Path.Combine(Life.Project, "a.txt");

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    [Fact]
    public async Task An_edit_of_a_file_that_another_session_changed_meanwhile_is_refused_with_who_and_what()
    {
        var first = await DoAsync("look", Answer.Calling("read", Read, "r"));
        var second = await DoAsync("change it", Answer.Calling("read", Read, "r"), Answer.Calling("edit", Edit, "e"));

        var refused = await GoOnAsync(first, Answer.Calling("edit", """{"path":"a.txt","old_string":"two","new_string":"2"}""", "e"));

        Assert.Equal("error", refused.Outcome);
        Assert.Matches(
            $"^Another session changed a.txt since this one read or wrote it: session {second.Id} \"change it\", at \\d\\d:\\d\\d:\\d\\d; "
            + "nothing was changed here. Read it again", refused.Output);
        Assert.Equal("1\ntwo\n", File.ReadAllText(FileA));

        var written = await GoOnAsync(
            first, Answer.Calling("read", Read, "r2"), Answer.Calling("edit", """{"path":"a.txt","old_string":"two","new_string":"2"}""", "e2"));
        Assert.Equal("ok", written.Outcome);
        Assert.Equal("1\n2\n", File.ReadAllText(FileA));
    }

    [Fact]
    public async Task What_changed_the_file_after_the_other_session_is_said_too()
    {
        var first = await DoAsync("look", Answer.Calling("read", Read, "r"));
        var second = await DoAsync("change it", Answer.Calling("read", Read, "r"), Answer.Calling("edit", Edit, "e"));
        File.WriteAllText(FileA, "somebody was here\n");

        var refused = await GoOnAsync(first, Answer.Calling("edit", Edit, "e"));

        Assert.Contains(second.Id, refused.Output);
        Assert.Contains("It changed on disk once more after that.", refused.Output);
    }

    [Fact]
    public async Task A_change_that_no_session_made_or_that_this_one_has_seen_is_nobodys()
    {
        var other = await DoAsync("change it", Answer.Calling("read", Read, "r"), Answer.Calling("edit", Edit, "e"));
        var first = await DoAsync("look", Answer.Calling("read", Read, "r"));
        File.WriteAllText(FileA, "somebody was here\n");

        var refused = await GoOnAsync(first, Answer.Calling("edit", Edit, "e"));

        Assert.StartsWith("a.txt changed on disk since this session read or wrote it", refused.Output);
        Assert.DoesNotContain(other.Id, refused.Output);
    }

    [Fact]
    public async Task Of_many_sessions_that_count_in_one_file_none_loses_anothers_change()
    {
        File.WriteAllText(FileA, "0\n");
        Life.Model.Always(request => request.Messages switch
        {
            { Count: >= 60 } => Answer.Of("Enough."),
            [.., AssistantEntry { Calls: [{ Tool: "read" }] }, ToolResultEntry { IsError: false } seen] => Next(seen.Output, request.Messages.Count),
            var all => Answer.Calling("read", Read, $"c{all.Count}"),
        });

        var sessions = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Life.BeginAsync($"count {i}")));
        foreach (var session in sessions)
        {
            await EngineLife.Is(session, "done");
        }

        var edits = sessions.Sum(s => Life.Events<ToolEnded>(s).Count(e => e.Outcome == "ok" && e.Output.StartsWith("Edited")));
        Assert.InRange(edits, 4, int.MaxValue);
        Assert.Equal($"{edits}\n", File.ReadAllText(FileA));
    }

    [Fact]
    public async Task The_list_marks_sessions_that_touch_the_same_files_and_still_does_after_a_restart()
    {
        File.WriteAllText(Path.Combine(Life.Project, "b.txt"), "b\n");
        var first = await DoAsync("look", Answer.Calling("read", Read, "r"), Answer.Calling("read", """{"path":"b.txt"}""", "r2"));
        var second = await DoAsync("change it", Answer.Calling("read", Read, "r"), Answer.Calling("edit", Edit, "e"));
        var third = await DoAsync("look too", Answer.Calling("read", """{"path":"b.txt"}""", "r"));
        foreach (var session in (Session[])[first, second, third])
        {
            await Life.Board.TakeSlotAsync(Life.Project, session.Id);
        }

        var terminal = await desk.SitDownAsync();
        await MarkedAsync(terminal, first, second);

        await using var next = await Life.RestartAsync();
        await MarkedAsync(await desk.In(next).SitDownAsync(), first, second);
    }

    private static async Task MarkedAsync(TestTerminal terminal, Session first, Session second)
    {
        var reply = await terminal.LineAsync("/bg /list");

        Assert.Equal(
            [
                $$"""[{"session":"{{second.Id}}","path":"a.txt"}]""", $$"""[{"session":"{{first.Id}}","path":"a.txt"}]""", "[]",
            ],
            reply.Data!.Value.EnumerateArray().Select(row => row.GetProperty("conflicts").GetRawText()));
        Assert.Equal(["done • ≠", "done • ≠", "done •"], reply.Table!.Rows.Select(row => row[2].Text));
        Assert.Equal(["≠ #1 touches the same files as #2: a.txt", "≠ #2 touches the same files as #1: a.txt"], reply.After);
    }

    // The number that was read, and one more.
    private static Answer Next(string seen, int count)
    {
        var line = seen.Split('\n')[0];
        var now = int.Parse(line[(line.TrimEnd().AsSpan().LastIndexOfAnyExceptInRange('0', '9') + 1)..]);
        return Answer.Calling("edit", $$"""{"path":"a.txt","old_string":"{{now}}\n","new_string":"{{now + 1}}\n"}""", $"c{count}");
    }

    // A session whose model makes these calls, one after the other.
    private async Task<Session> DoAsync(string message, params Answer[] calls)
    {
        Life.Model.Answers([.. calls, Answer.Of("Done.")]);
        var session = await Life.BeginAsync(message);
        await EngineLife.Is(session, "done");
        return session;
    }

    private async Task<ToolEnded> GoOnAsync(Session session, params Answer[] calls)
    {
        Life.Model.Answers([.. calls, Answer.Of("Done.")]);
        await session.SubmitAsync("go on", Life.Terminal);
        await session.WhenQuietAsync();
        return Life.Events<ToolEnded>(session)[^1];
    }
}
