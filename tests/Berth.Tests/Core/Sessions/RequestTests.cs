using Berth.Core.Permissions;
using Berth.Protocol.Events;
using Xunit;

namespace Berth.Tests.Core.Sessions;

/// <summary>A call that needs a permission: the session waits for a person, and only as long as it must.</summary>
public sealed class RequestTests : IAsyncDisposable
{
    private readonly EngineLife life = new();

    public RequestTests() => life.Policy.Judge = line => line.StartsWith("free") ? Verdict.Allow : Verdict.Ask;

    public ValueTask DisposeAsync() => life.DisposeAsync();

    [Fact]
    public async Task Yes_lets_it_run()
    {
        life.Model.Answers(Answer.Bash("echo ran", "c1"), Answer.Of("Done."));
        var session = await life.BeginAsync("go");
        await EngineLife.Is(session, "waiting");
        Assert.Equal("echo ran", session.Row!.WaitingFor);

        var answered = await session.AnswerAsync(null, "yes", null, life.Terminal);

        Assert.Equal("r1", answered!.Request);
        await EngineLife.Is(session, "done");
        Assert.Equal("result c1: ran\n", life.Model.LastRequest[^1]);
    }

    [Fact]
    public async Task No_with_a_word_for_the_model_does_not()
    {
        life.Model.Answers(Answer.Bash("touch made", "c1"), Answer.Of("Done."));
        var session = await life.BeginAsync("go");
        await EngineLife.Is(session, "waiting");

        await session.AnswerAsync("r1", "no", "use another name", life.Terminal);

        await EngineLife.Is(session, "done");
        Assert.Equal(
            "result c1 (error): The user did not allow this call. The user says: use another name", life.Model.LastRequest[^1]);
        Assert.False(File.Exists(Path.Combine(life.Project, "made")));
    }

    [Fact]
    public async Task Yes_for_this_session_is_asked_once()
    {
        life.Model.Answers(Answer.Bash("echo x", "c1"), Answer.Bash("echo x", "c2"), Answer.Bash("echo y", "c3"), Answer.Of("Done."));
        var session = await life.BeginAsync("go");
        await EngineLife.Is(session, "waiting");
        await session.AnswerAsync(null, "always", null, life.Terminal);

        await life.Holds<RequestOpened>(session, e => e.Request == "r2");
        Assert.Equal(["bash(echo x)"], life.Events<RuleGranted>(session).Select(e => e.Rule));
        Assert.Equal("c3", life.Events<RequestOpened>(session)[1].Call);
        await session.AnswerAsync(null, "yes", null, life.Terminal);
        await EngineLife.Is(session, "done");
    }

    [Fact]
    public async Task Two_calls_are_asked_for_in_order_while_a_third_that_needs_no_asking_runs()
    {
        life.Model.Answers(
            Answer.Bash("echo first", "c1").ThenBash("echo second", "c2").ThenBash("free() { :; }; echo third", "c3"), Answer.Of("Done."));
        life.Policy.Judge = line => line.StartsWith("free") ? Verdict.Allow : Verdict.Ask;

        var session = await life.BeginAsync("go");

        await life.Holds<ToolEnded>(session, e => e.Call == "c3");
        Assert.Equal("c1", Assert.Single(life.Events<RequestOpened>(session)).Call);
        await session.AnswerAsync(null, "yes", null, life.Terminal);
        await life.Holds<RequestOpened>(session, e => e.Call == "c2");
        await session.AnswerAsync(null, "no", null, life.Terminal);
        await EngineLife.Is(session, "done");
        Assert.Equal(["result c1: first\n", "result c2 (error): The user did not allow this call.", "result c3: third\n"], life.Model.LastRequest[^3..]);
    }

    [Fact]
    public async Task The_first_answer_wins()
    {
        life.Model.Answers(Answer.Bash("echo ran", "c1"), Answer.Of("Done."));
        var session = await life.BeginAsync("go");
        await EngineLife.Is(session, "waiting");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            session.AnswerAsync("r1", i % 2 == 0 ? "yes" : "no", null, life.Terminal)));

        Assert.Single(answers, answer => answer is not null);
        await EngineLife.Is(session, "done");
        Assert.Single(life.Events<RequestAnswered>(session));
    }

    [Fact]
    public async Task Where_nobody_can_be_asked_it_is_denied_and_marked_so()
    {
        life.Model.Answers(Answer.Bash("echo ran", "c1"), Answer.Of("Done."));
        var session = life.Begin();

        await session.SubmitAsync("go", life.Terminal, asksNobody: true);

        await EngineLife.Is(session, "done");
        var ended = Assert.Single(life.Events<ToolEnded>(session));
        Assert.Equal(("denied", true), (ended.Outcome, ended.Unasked));
        Assert.Empty(life.Events<RequestOpened>(session));
    }

    [Fact]
    public async Task A_message_while_it_waits_reaches_the_model_after_the_answer()
    {
        life.Model.Answers(Answer.Bash("echo ran", "c1"), Answer.Of("Done."));
        var session = await life.BeginAsync("go");
        await EngineLife.Is(session, "waiting");

        await session.SubmitAsync("by the way", life.Terminal);
        Assert.Equal("waiting", session.Row!.State);
        await session.AnswerAsync(null, "yes", null, life.Terminal);

        await EngineLife.Is(session, "done");
        Assert.Equal(["result c1: ran\n", "user: by the way"], life.Model.LastRequest[^2..]);
    }
}
