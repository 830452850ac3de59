using System.Collections.Immutable;
using Berth.Core.Instructions;
using Berth.Core.Tasks;
using Berth.Core.Tools;
using Berth.Protocol;
using Berth.Protocol.Events;
using Berth.Protocol.Rows;

namespace Berth.Core.Sessions;

// The part of a session that has sub-agents.
internal sealed partial class Session
{
    private readonly SemaphoreSlim agentPlaces = new(Limits.SubagentsPerSession);
    private ImmutableList<AgentGroup> groups = [];

    /// <summary>The sub-agents of the groups that work for this session now, as lists show them.</summary>
    public IReadOnlyList<SessionRow> AgentRows
    {
        get
        {
            var now = Volatile.Read(ref groups);
            return now.IsEmpty ? [] : [.. now.SelectMany(g => g.Rows)];
        }
    }

    // Names and models are checked before anything starts.
    private void RequireAgents(SubagentsAsked asked)
    {
        var facts = Facts();
        var known = host.Policy.Agents(facts);
        foreach (var one in asked.Subagents)
        {
            var definition = known.Find(one.Name ?? AgentDefinition.General) ?? throw new ToolInputException(
                $"There is no sub-agent '{OneLine.Of(one.Name ?? AgentDefinition.General, 64)}'. Nothing was started. The sub-agents are: "
                + $"{string.Join(", ", known.All.Select(a => a.Name))}.");
            if ((one.Model ?? definition.Model) is { } model && host.Policy.ModelProblem(facts, model) is { } problem)
            {
                throw new ToolInputException($"{problem} (asked for by sub-agent '{definition.Name}'). Nothing was started.");
            }
        }
    }

    // The system text is fixed when a session begins: what changes later is told with the next turn, once.
    private IReadOnlyList<SessionEvent> Reminders()
    {
        var isOn = host.Policy.Orchestrates(Facts());
        return isOn == state.Reminders.GetValueOrDefault(AgentText.Orchestration) is "on"
            ? []
            : [new ReminderAdded(AgentText.Orchestration, isOn ? "on" : "off", AgentText.Reminder(isOn))];
    }

    private async ValueTask<RunningSubagents> StartAgentsAsync(List<AgentPlan> plans, bool isSerial, string call)
    {
        AgentGroup? group = null;
        var terminal = Facts().Environment;
        var running = await StartTaskAsync(directory => host.Tasks.Start(Id, directory, (number, path, file) =>
        {
            var names = string.Join(", ", plans.Select(p => p.Name));
            var title = $"{plans.Count} sub-agent{(plans.Count == 1 ? "" : "s")}: {OneLine.Of(names, 120)}";
            var started = new TaskStarted(number, TaskKinds.Agents, call, title, null, 0, 0, path, "model");
            var runs = plans.Select(plan => new AgentRun(plan, host.BeginAgent(this, terminal), number, host.Time));
            group = new AgentGroup(
                new AgentGroupNeeds(this, agentPlaces, TellOfAgentsAsync, Leave, host.Time), started, file, [.. runs], isSerial);
            return group;
        })).ConfigureAwait(false);
        await AppendAsync([group!.Chosen], durable: true).ConfigureAwait(false);
        groups = groups.Add(group);
        group.Begin();
        return new RunningSubagents(running, () => AgentResults.Of(group));
    }

    private List<AgentPlan> Plans(SubagentsAsked asked, SessionFacts facts, bool asksNobody)
    {
        var known = host.Policy.Agents(facts);
        var mode = host.Policy.PermissionMode(facts);
        var definitions = asked.Subagents.Select(one => known.Find(one.Name ?? AgentDefinition.General)
            ?? throw new ToolInputException($"There is no sub-agent '{one.Name}' any more. Nothing was started.")).ToList();

        // With a model of its own the session gives it to its sub-agents, unless it leads them: then they have theirs.
        var own = host.Policy.Orchestrates(facts) ? null : state.Model;
        var plans = new List<AgentPlan>();
        for (var i = 0; i < definitions.Count; i++)
        {
            var definition = definitions[i];
            var same = definitions.Count(d => d.Name == definition.Name);
            var number = definitions.Take(i + 1).Count(d => d.Name == definition.Name);
            var name = same == 1 ? definition.Name : $"{definition.Name} {number}";
            var model = asked.Subagents[i].Model ?? definition.Model ?? own;
            List<SessionEvent> begins =
            [
                new AgentDefined(definition.Name, definition.Tools, definition.Mode, definition.Text),
                new SessionRenamed(name), new PermissionModeChosen(mode), .. state.Rules,
            ];
            if (model is not null)
            {
                begins.Add(new ModelChosen(model));
            }

            plans.Add(new AgentPlan(name, asked.Subagents[i].Task, begins, model, asked.Subagents[i].Timeout, asksNobody));
        }

        return plans;
    }

    private Task TellOfAgentsAsync(SessionEvent told) => mailbox.AskAsync(async () =>
    {
        await OpenAsync().ConfigureAwait(false);
        await AppendAsync([told], durable: told is not AgentEnded).ConfigureAwait(false);
    });

    private void Leave(AgentGroup group)
    {
        ImmutableInterlocked.Update(ref groups, static (all, one) => all.Remove(one), group);
        foreach (var run in group.Runs)
        {
            host.ForgetUnborn(run.Session);
        }
    }

    // A group cannot outlive its daemon: its sub-agents are interrupted, and the next daemon finds it without an end.
    private void AbandonGroups()
    {
        foreach (var group in Volatile.Read(ref groups))
        {
            group.Abandon();
        }
    }

    // The answer goes to the sub-agent that asked; its parent's log hears of it from there.
    private async Task<RequestOpened?> ForwardAnswerAsync(
        RequestOpened open, string answer, string? text, TerminalEnvironment brings)
    {
        var (agent, request) = (open.Request.Split('.')[0], open.Request[(open.Request.IndexOf('.') + 1)..]);
        var asker = Volatile.Read(ref groups).SelectMany(g => g.Runs).FirstOrDefault(r => r.Session.Id == agent)?.Session;
        var answered = asker is null
            ? null
            : await asker.AnswerAsync(request, answer, text, brings).ConfigureAwait(false);
        return answered is null ? null : open;
    }
}
