using Berth.Core.Log;
using Berth.Core.Sessions;
using Berth.Protocol.Events;
using Berth.Tests.Processes;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Core.Sessions;

/// <summary>A copy of a session begins as the original did, and from then on the two never hear of each other.</summary>
public sealed class ForkTests : IAsyncDisposable
{
    private readonly EngineLife life = new();

    public ForkTests() => life.Model.HasForks = true;

    public ValueTask DisposeAsync() => life.DisposeAsync();

    [Fact]
    public async Task A_copy_goes_on_with_everything_the_original_knew()
    {
        var original = await DoneAsync(("hello", "Ahoy."));

        var copy = await ForkAsync(original, "Alternative “方案” 🚢");
        life.Model.Answers("Still.");
        await copy.SubmitAsync("still there?", life.Terminal);
        await EngineLife.Is(copy, "done");

        Assert.Equal(["user: hello", "assistant: Ahoy.", "user: still there?"], life.Model.LastRequest);
        Assert.Equal((original.Id, "Alternative “方案” 🚢", 2), (copy.Row!.Parent, copy.Row.Name, copy.Row.Turns));
        Assert.Equal(ScriptedPolicy.InstructionsOf(original.Id), life.Model.Requests[^1].Instructions);
    }

    [Fact]
    public async Task The_original_is_untouched_down_to_the_byte()
    {
        var original = await DoneAsync(("one", "1"));
        var before = await Files(original);

        var copy = await ForkAsync(original);
        life.Model.Answers("2");
        await copy.SubmitAsync("two", life.Terminal);
        await EngineLife.Is(copy, "done");

        Assert.Equal(before, await Files(original));
    }

    [Fact]
    public async Task What_each_does_later_never_reaches_the_other()
    {
        var original = await DoneAsync(("one", "1"));
        var copy = await ForkAsync(original);

        foreach (var session in new[] { original, copy, original, copy })
        {
            life.Model.Answers($"for {session.Id}");
            await session.SubmitAsync($"to {session.Id}", life.Terminal);
            await EngineLife.Is(session, "done");
        }

        var next = await life.RestartAsync();
        foreach (var session in new[] { original, copy })
        {
            next.Model.Answers("last");
            await (await next.FindAsync(session)).SubmitAsync("end", life.Terminal);
            await EngineLife.Is(await next.FindAsync(session), "done");
            Assert.Equal(
                [
                    "user: one", "assistant: 1", $"user: to {session.Id}", $"assistant: for {session.Id}",
                    $"user: to {session.Id}", $"assistant: for {session.Id}", "user: end",
                ],
                next.Model.LastRequest);
        }
    }

    [Fact]
    public async Task A_running_original_runs_on_and_its_copy_starts_at_the_last_finished_step()
    {
        var gate = new ModelGate();
        life.Model.Answers(Answer.Of("First.").ThenBash("echo 1", "c1"), Answer.Of("Half a").ThenHold(gate).Then(" word."));
        var original = await life.BeginAsync("go");
        await gate.Reached;
        await life.Holds<TextAdded>(original, e => e.Text.Contains("Half"));

        var copy = await ForkAsync(original);
        Assert.Equal(("idle", "running"), (copy.Row!.State, original.Row!.State));
        life.Model.Answers("Copied.");
        await copy.SubmitAsync("and you?", life.Terminal);
        await EngineLife.Is(copy, "done");

        Assert.Equal(
            ["user: go", "assistant: First. → bash(c1)", "result c1: 1\n", "user: and you?"], life.Model.LastRequest);
        gate.Open();
        await EngineLife.Is(original, "done");
        Assert.Equal("Half a word.", string.Concat(life.Events<TextAdded>(original).Skip(1).Select(e => e.Text)));
    }

    [Fact]
    public async Task Requests_and_tasks_stay_with_the_original()
    {
        life.Policy.Judge = line => line.StartsWith("ask") ? Berth.Core.Permissions.Verdict.Ask : Berth.Core.Permissions.Verdict.Allow;
        life.Model.Answers(
            Answer.Bash("until [ -e go ]; do sleep 0.02; done; echo landed", "c1", background: true), Answer.Bash("ask me", "c2"));
        var original = await life.BeginAsync("go");
        await EngineLife.Is(original, "waiting");

        var copy = await ForkAsync(original);

        Assert.Equal(("idle", 0, 1), (copy.Row!.State, copy.Row.Tasks, original.Row!.Tasks));
        Assert.Null(await copy.AnswerAsync(null, "yes", null, life.Terminal));
        life.Model.Answers("Copied.");
        await copy.SubmitAsync("and you?", life.Terminal);
        await EngineLife.Is(copy, "done");
        Assert.Equal("waiting", original.Row.State);
        Assert.Empty(life.Events<NoticeAdded>(copy));
    }

    [Fact]
    public async Task A_copy_up_to_a_turn_knows_nothing_of_the_later_ones()
    {
        var original = await DoneAsync(("one", "1"), ("two", "2"), ("three", "3"));

        var copy = await ForkAsync(original, turn: 2);
        life.Model.Answers("Yes.");
        await copy.SubmitAsync("three?", life.Terminal);
        await EngineLife.Is(copy, "done");

        Assert.Equal(["user: one", "assistant: 1", "user: two", "assistant: 2", "user: three?"], life.Model.LastRequest);
        Assert.Equal(["one", "two", "three?"], life.Events<UserMessage>(copy).Select(m => m.Text));
        Assert.Null(await life.Sessions.ForkAsync(original, life.Sessions.FreeId(), "x", turn: 4, life.Terminal));
    }

    [Fact]
    public async Task A_copy_of_a_copy_outlives_both_its_origins()
    {
        var original = await DoneAsync(("one", "1"));
        var copy = await ForkAsync(original);
        await TurnAsync(copy, "two", "2");
        var second = await ForkAsync(copy);
        await TurnAsync(second, "three", "3");
        var shorter = await ForkAsync(second, turn: 1);
        await TurnAsync(original, "elsewhere", "x");

        var next = await life.RestartAsync(meanwhile: () =>
        {
            Directory.Delete(life.DirectoryOf(original), recursive: true);
            Directory.Delete(life.DirectoryOf(copy), recursive: true);
            File.Delete(Path.Combine(life.State, "index.jsonl"));
            return Task.CompletedTask;
        });

        Assert.Equal(["one", "two", "three"], next.Events<UserMessage>(second).Select(m => m.Text));
        Assert.Equal(["one"], next.Events<UserMessage>(shorter).Select(m => m.Text));
        Assert.Equal(copy.Id, (await next.Board.FindAsync(second.Id))!.Parent);
        var again = await next.FindAsync(second);
        next.Model.Answers("4");
        await again.SubmitAsync("four", life.Terminal);
        await EngineLife.Is(again, "done");
        Assert.Equal(
            ["user: one", "assistant: 1", "user: two", "assistant: 2", "user: three", "assistant: 3", "user: four"],
            next.Model.LastRequest);
    }

    [Fact]
    public async Task A_reader_may_begin_anywhere_in_a_copy()
    {
        var original = await DoneAsync(("one", "1"), ("two", "2"));
        var copy = await ForkAsync(await ForkAsync(original));
        await TurnAsync(copy, "three", "3");
        var all = life.Events(copy).Select(e => e.Seq).ToList();
        await copy.WatchAsync(new Watcher(() => { }, (_, _) => { }), life.Terminal);

        Assert.Equal(Enumerable.Range(1, all.Count).Select(n => (long)n), all);
        for (var after = 0; after <= all.Count; after++)
        {
            Assert.Equal(all.Skip(after), copy.EventsAfter(after).Select(e => e.Seq));
        }
    }

    [Fact]
    public async Task A_damaged_first_line_does_not_make_a_copy_its_origin()
    {
        var original = await DoneAsync(("one", "1"));
        var copy = await ForkAsync(original);
        await TurnAsync(copy, "two", "2");
        await TurnAsync(original, "elsewhere", "x");

        var next = await life.RestartAsync(meanwhile: async () =>
        {
            var log = Path.Combine(life.DirectoryOf(copy), SessionLog.FileName);
            var bytes = await File.ReadAllBytesAsync(log);
            bytes[bytes.AsSpan().IndexOf("session_forked"u8)] ^= 1;
            await File.WriteAllBytesAsync(log, bytes);
            File.Delete(Path.Combine(life.State, "index.jsonl"));
        });

        Assert.Equal(["one", "two"], next.Events<UserMessage>(copy).Select(m => m.Text));
        Assert.Equal(original.Id, (await next.Board.FindAsync(copy.Id))!.Parent);
        Assert.Equal(["one", "elsewhere"], next.Events<UserMessage>(original).Select(m => m.Text));
    }

    [Fact]
    public async Task An_empty_session_has_no_copy()
    {
        Assert.Null(await life.Sessions.ForkAsync(life.Begin(), life.Sessions.FreeId(), null, null, life.Terminal));
        Assert.False(Directory.Exists(Path.Combine(life.State, "sessions")));
    }

    private async Task<Session> DoneAsync(params (string Message, string Answer)[] turns)
    {
        var session = life.Begin();
        foreach (var (message, answer) in turns)
        {
            await TurnAsync(session, message, answer);
        }

        return session;
    }

    private async Task TurnAsync(Session session, string message, string answer)
    {
        var turns = session.Row?.Turns ?? 0;
        life.Model.Answers(answer);
        await session.SubmitAsync(message, life.Terminal);
        await Eventually.True(() => session.Row is { State: "done" } row && row.Turns == turns + 1, $"{message} is answered");
    }

    private async Task<Session> ForkAsync(Session original, string? name = null, int? turn = null) =>
        await life.Sessions.ForkAsync(original, life.Sessions.FreeId(), name, turn, life.Terminal)
        ?? throw new InvalidOperationException("no copy was made");

    private async Task<string> Files(Session session)
    {
        var files = Directory.GetFiles(life.DirectoryOf(session), "*", SearchOption.AllDirectories).Order();
        return string.Join('\n', await Task.WhenAll(files.Select(async f => $"{f} {Convert.ToHexString(await File.ReadAllBytesAsync(f))}")));
    }
}
