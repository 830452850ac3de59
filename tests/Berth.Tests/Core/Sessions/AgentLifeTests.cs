using System.Text.Json.Nodes;
using Berth.Core.Permissions;
using Berth.Core.Sessions;
using Berth.Protocol.Events;
using Berth.Tests.Processes;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Core.Sessions;

/// <summary>Sub-agents and the rest of their parent's life: permissions, restarts, forks, the trash.</summary>
public sealed class AgentLifeTests : IAsyncDisposable
{
    private readonly EngineLife life = new();

    public ValueTask DisposeAsync() => life.DisposeAsync();

    [Fact]
    public async Task A_sub_agents_request_stands_in_its_parent_with_its_name_and_is_answered_there()
    {
        life.Policy.Judge = line => line == "RunSubagents" ? Verdict.Allow : Verdict.Ask;
        life.Model.OfTask("work", Answer.Bash("echo worked"), Answer.Of("Done."))
            .OfTask("go", Agents.Of("work"), Answer.Of("So."));
        var session = await life.BeginAsync("go");
        await EngineLife.Is(session, "waiting");
        var agent = Assert.Single(await life.AgentsOf(session));

        Assert.Equal("general: echo worked", session.Row!.WaitingFor);
        var request = Assert.Single((await session.ViewAsync(null)).Requests);
        Assert.Equal(($"{agent.Id}.r1", "general"), (request.Request, request.Agent));
        Assert.Equal(request, await session.AnswerAsync(null, "yes", null, life.Terminal));

        await EngineLife.Is(session, "done");
        Assert.Equal("result c1: worked\n", Conversation.Lines(life.Model.RequestsOf(agent)[1])[^1]);
        Assert.Equal(request.Request, Assert.Single(life.Events<RequestAnswered>(session)).Request);
    }

    [Fact]
    public async Task An_answer_in_the_sub_agents_own_session_closes_the_question_in_the_parent()
    {
        life.Policy.Judge = line => line == "RunSubagents" ? Verdict.Allow : Verdict.Ask;
        life.Model.OfTask("work", Answer.Bash("echo worked"), Answer.Of("Done."))
            .OfTask("go", Agents.Of("work"), Answer.Of("So."));
        var session = await life.BeginAsync("go");
        await EngineLife.Is(session, "waiting");
        var agent = Assert.Single(await life.AgentsOf(session));
        Assert.Equal("waiting", agent.Row!.State);
        await agent.AnswerAsync("r1", "no", "not that", life.Terminal);
        await EngineLife.Is(session, "done");
        Assert.Empty((await session.ViewAsync(null)).Requests);
        Assert.Contains("not that", life.Events<ToolEnded>(agent)[0].Output);
    }

    [Fact]
    public async Task Yes_for_this_session_holds_for_the_parent_and_its_other_sub_agents()
    {
        life.Policy.Judge = line => line == "RunSubagents" ? Verdict.Allow : Verdict.Ask;
        life.Model.OfTask("one", Answer.Bash("echo x"), Answer.Of("Done.")).OfTask("two", Answer.Bash("echo x"), Answer.Of("Done."))
            .OfTask("go", Agents.Call("c1", new() { ["mode"] = "serial" }, new() { ["task"] = "one" }, new() { ["task"] = "two" }), Answer.Bash("echo x", "c2"), Answer.Of("So."));
        var session = await life.BeginAsync("go");
        await EngineLife.Is(session, "waiting");
        await session.AnswerAsync(null, "always", null, life.Terminal);
        await EngineLife.Is(session, "done");
        Assert.Single(life.Events<RequestOpened>(session));
        Assert.Equal(["done", "done"], life.StatusesOf(session));
    }

    [Fact]
    public async Task A_question_ends_with_the_sub_agent_that_asked()
    {
        life.Policy.Judge = line => line == "RunSubagents" ? Verdict.Allow : Verdict.Ask;
        life.Model.OfTask("work", Answer.Bash("echo worked"))
            .OfTask("go", Agents.Of("work"));
        var session = await life.BeginAsync("go");
        await EngineLife.Is(session, "waiting");
        await session.InterruptAsync();
        await EngineLife.Is(session, "cancelled");
        Assert.Empty((await session.ViewAsync(null)).Requests);
        Assert.Null(await session.AnswerAsync(null, "yes", null, life.Terminal));
    }

    [Fact]
    public async Task Where_nobody_can_be_asked_a_sub_agent_is_denied_and_the_run_hears_of_it()
    {
        life.Policy.Judge = line => line == "RunSubagents" ? Verdict.Allow : Verdict.Ask;
        life.Model.OfTask("work", Answer.Bash("echo worked"), Answer.Of("I could not."))
            .OfTask("go", Agents.Of("work"), Answer.Of("So."));
        var session = life.Begin();
        await session.SubmitAsync("go", life.Terminal, asksNobody: true);
        await EngineLife.Is(session, "done");
        Assert.Empty(life.Events<RequestOpened>(session));
        Assert.True(Assert.Single(life.Events<ToolEnded>(session)).Unasked);
    }

    [Fact]
    public async Task A_death_of_the_daemon_interrupts_all_of_them_and_the_outcome_of_the_call_is_unknown()
    {
        life.Policy.Judge = line => line.StartsWith("ask") ? Verdict.Ask : Verdict.Allow;
        var gate = new ModelGate();
        life.Model.OfTask("think", Answer.Held(gate)).OfTask("wait", Answer.Bash("ask; echo x"))
            .OfTask("go", Agents.Of("think", "wait"))
            .Answers("I see.");
        var before = await life.BeginAsync("go");
        await gate.Reached;
        await EngineLife.Is(before, "waiting");

        var next = await life.DieAsync();
        var session = await next.FindAsync(before);
        await next.Holds<TaskEnded>(session);

        Assert.Equal("interrupted", session.Row!.State);
        Assert.Equal("unknown", next.Events<ToolEnded>(session)[0].Outcome);
        Assert.Equal("unknown", next.Events<TaskEnded>(session)[0].State);
        var agents = await next.AgentsOf(session);
        Assert.Equal(2, agents.Count);
        Assert.All(agents, a => Assert.Equal("interrupted", a.Row!.State));
        Assert.Empty((await session.ViewAsync(null)).Requests);
        Assert.Equal(2, life.Model.Requests.Count(r => Agents.FirstOf(r) is "think" or "wait"));
    }

    [Fact]
    public async Task An_orderly_restart_does_not_leave_them_running()
    {
        var gate = new ModelGate();
        life.Model.OfTask("think", Answer.Held(gate))
            .OfTask("go", Agents.Call("c1", new() { ["background"] = true }, new JsonObject { ["task"] = "think" }), Answer.Of("It runs."));
        var before = await life.BeginAsync("go");
        await gate.Reached;
        await EngineLife.Is(before, "done");

        var next = await life.RestartAsync();
        var session = await next.FindAsync(before);
        await next.Holds<NoticeAdded>(session, e => !e.Wakes);
        Assert.Equal("unknown", Assert.Single(next.Events<TaskEnded>(session)).State);
        Assert.Equal("interrupted", Assert.Single(await next.AgentsOf(session)).Row!.State);
    }

    [Fact]
    public async Task They_go_to_the_trash_with_their_parent_and_come_back_with_it_and_a_fork_owns_none()
    {
        life.Model.HasForks = true;
        life.Model.OfTask("look", Answer.Of("Found.")).OfTask("go", Agents.Of("look"), Answer.Of("So."));
        var session = await life.BeginAsync("go");
        await EngineLife.Is(session, "done");
        await session.WhenQuietAsync();
        var agent = Assert.Single(await life.AgentsOf(session));
        var fork = (await life.Sessions.ForkAsync(session, life.Sessions.FreeId(), "copy", null, life.Terminal))!;

        Assert.Empty(await life.Sessions.AgentsOfAsync(fork));
        await Eventually.True(() => agent.Row!.State == "done", "it is done");
        Assert.Null(await life.Sessions.TrashAsync(fork));
        Assert.NotNull(await life.Sessions.FindAsync(agent.Id));

        await Eventually.TrueAsync(async () => await life.Sessions.TrashAsync(session) is null, "the session goes to the trash");
        Assert.Null(await life.Sessions.FindAsync(agent.Id));
        var trashed = life.Sessions.Trashed().Single(r => r.Id == session.Id);
        await life.Sessions.RestoreAsync(trashed);
        Assert.Equal((agent.Id, "done"), ((await life.Sessions.FindAsync(agent.Id))!.Id, (await life.Sessions.FindAsync(agent.Id))!.Row!.State));
        Assert.Equal(session.Id, (await life.Sessions.FindAsync(agent.Id))!.Row!.Parent);
    }

    [Fact]
    public async Task A_sub_agent_takes_no_slot_though_a_person_looks_at_it_and_leaves()
    {
        var gate = new ModelGate();
        life.Model.OfTask("think", Answer.Held(gate).Then("Done.")).OfTask("go", Agents.Of("think"), Answer.Of("So."));
        var session = await life.BeginAsync("go");
        await gate.Reached;
        var agent = Assert.Single(await life.AgentsOf(session));
        var watcher = new Watcher(() => { }, (_, _) => { });
        await agent.WatchAsync(watcher, null);
        await agent.UnwatchAsync(watcher);
        Assert.Empty(life.Board.SlotsOf(life.Project));
        gate.Open();
        await EngineLife.Is(session, "done");
    }

    [Fact]
    public async Task Orchestration_is_told_once_when_it_begins_and_once_when_it_ends()
    {
        life.Model.Answers("One.").Answers("Two.").Answers("Three.").Answers("Four.");
        var session = await life.BeginAsync("a");
        await EngineLife.Is(session, "done");
        life.Policy.IsOrchestrating = true;
        foreach (var message in new[] { "b", "c" })
        {
            await session.WhenQuietAsync();
            await session.SubmitAsync(message, life.Terminal);
            await session.WhenQuietAsync();
        }

        life.Policy.IsOrchestrating = false;
        await session.SubmitAsync("d", life.Terminal);
        await session.WhenQuietAsync();

        var lines = life.Model.LastRequest.Select(l => l.Split('\n')[0]).ToArray();
        Assert.Equal(
            [
                "user: a", "assistant: One.", "user: <system-reminder>", "user: b", "assistant: Two.", "user: c",
                "assistant: Three.", "user: <system-reminder>", "user: d",
            ],
            lines);
    }
}
