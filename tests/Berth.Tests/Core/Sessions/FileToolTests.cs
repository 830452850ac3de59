using Berth.Core.Permissions;
using Berth.Protocol.Events;
using Xunit;

namespace Berth.Tests.Core.Sessions;

/// <summary>A session that works on files: what it has seen, in which order it changes them, what a person is asked.</summary>
public sealed class FileToolTests : IAsyncDisposable
{
    private readonly EngineLife life = new();

    public ValueTask DisposeAsync() => life.DisposeAsync();

    [Fact]
    public async Task Changes_of_one_answer_are_made_in_its_order()
    {
        File.WriteAllText(Path.Combine(life.Project, "n.txt"), "0\n");
        var edits = Enumerable.Range(0, 20).Aggregate(new Answer([]), (answer, n) => answer.ThenCall(
            "edit", $$"""{"path":"n.txt","old_string":"{{n}}\n","new_string":"{{n + 1}}\n"}""", $"e{n}"));
        life.Model.Answers(Answer.Calling("read", """{"path":"n.txt"}""", "r"), edits, Answer.Of("Done."));

        var session = await life.BeginAsync("count");

        await EngineLife.Is(session, "done");
        Assert.Equal("20\n", File.ReadAllText(Path.Combine(life.Project, "n.txt")));
        Assert.All(life.Events<ToolEnded>(session), ended => Assert.Equal("ok", ended.Outcome));
    }

    [Fact]
    public async Task A_person_is_asked_with_the_diff_and_never_for_what_cannot_work()
    {
        life.Policy.Judge = tool => tool is "edit" or "write" ? Verdict.Ask : Verdict.Allow;
        File.WriteAllText(Path.Combine(life.Project, "a.txt"), "one\ntwo\n");
        const string Edit = """{"path":"a.txt","old_string":"two","new_string":"2"}""";
        life.Model.Answers(
            Answer.Calling("edit", Edit, "e1"), Answer.Calling("read", """{"path":"a.txt"}""", "r1"),
            Answer.Calling("edit", Edit, "e2"), Answer.Of("Done."));

        var session = await life.BeginAsync("go");
        await EngineLife.Is(session, "waiting");

        var asked = Assert.Single(life.Events<RequestOpened>(session));
        Assert.Equal(("e2", "--- a.txt\n+++ a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n"), (asked.Call, asked.Detail));
        Assert.Contains("has not read it", life.Events<ToolEnded>(session)[0].Output);
        await session.AnswerAsync(null, "yes", null, life.Terminal);
        await EngineLife.Is(session, "done");
        Assert.Equal("one\n2\n", File.ReadAllText(Path.Combine(life.Project, "a.txt")));
    }

    [Fact]
    public async Task Another_sessions_reading_counts_for_nothing()
    {
        File.WriteAllText(Path.Combine(life.Project, "a.txt"), "one\n");
        life.Model.Answers(Answer.Calling("read", """{"path":"a.txt"}""", "r"), Answer.Of("Done."));
        await EngineLife.Is(await life.BeginAsync("read it"), "done");
        life.Model.Answers(Answer.Calling("write", """{"path":"a.txt","content":""}""", "w"), Answer.Of("Done."));

        var second = await life.BeginAsync("write it");

        await EngineLife.Is(second, "done");
        Assert.Equal("error", Assert.Single(life.Events<ToolEnded>(second)).Outcome);
        Assert.Equal("one\n", File.ReadAllText(Path.Combine(life.Project, "a.txt")));
    }
}
