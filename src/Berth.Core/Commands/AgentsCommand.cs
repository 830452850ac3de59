using Berth.Core.Instructions;
using Berth.Core.Sessions;
using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary><c>/agents</c>: the sub-agents that can be called, where each is defined, and what does not hold.</summary>
internal static class AgentsCommand
{
    public static Command Row { get; } = new(
        "agents", "the sub-agents that can be called, and where each is defined",
        [new("/agents", "the sub-agents that can be called, and where each is defined")], RunAsync);

    private static async Task<Reply> RunAsync(CommandContext context, CommandLine line)
    {
        if (line.Count > 0)
        {
            return Row.Wrong($"'{line.RestAfter(0)}' is too much.");
        }

        var facts = context.Session is { } session
            ? await session.FactsAsync(context.Environment).ConfigureAwait(false)
            : new SessionFacts("", context.Project, context.Environment.Directory, null, null, [], context.Environment);
        var agents = context.Sessions.Policy.Agents(facts);
        return new Reply(
            Table: new Table(["Name", "From", "Tools", "Model", "Description"], [.. agents.All.Select(Cells)]),
            After: agents.Problems.Count == 0 ? null : [.. agents.Problems.Select(p => p.ToString())],
            Data: Replies.JsonRows(Rows(agents), static (w, r) =>
            {
                w.WriteString("name", r.Agent?.Name);
                w.WriteString("description", r.Agent?.Description);
                w.WriteString("origin", r.Agent?.Origin);
                w.WriteString("file", r.Agent is null ? r.File : r.Agent.File);
                if (r.Agent?.Tools is { } tools)
                {
                    w.WriteStartArray("tools");
                    foreach (var tool in tools)
                    {
                        w.WriteStringValue(tool);
                    }

                    w.WriteEndArray();
                }
                else
                {
                    w.WriteNull("tools");
                }

                w.WriteString("model", r.Agent?.Model);
                w.WriteString("permission_mode", r.Agent?.Mode);
                w.WriteString("problem", r.Problem);
            }));
    }

    // What does not hold is a row too: of its definition, or of a file that gives none.
    private static IEnumerable<(AgentDefinition? Agent, string? File, string? Problem)> Rows(AgentCatalog agents)
    {
        foreach (var agent in agents.All)
        {
            var own = agents.Problems.Where(p => agent.File is not null && p.File == agent.File).Select(p => p.ToString()).ToArray();
            yield return (agent, agent.File, own.Length == 0 ? null : string.Join("; ", own));
        }

        foreach (var problem in agents.Problems.Where(p => !agents.All.Any(a => a.File == p.File)))
        {
            yield return (null, problem.File, problem.ToString());
        }
    }

    // The three that belong to commands are one word.
    private static IEnumerable<string> Short(IReadOnlyList<string> tools)
    {
        var tasks = tools.Where(t => t.StartsWith("task_")).ToList();
        return tasks.Count < 3 ? tools : tools.Except(tasks).Append("task_*");
    }

    private static IReadOnlyList<Cell> Cells(AgentDefinition agent)
    {
        var tools = agent.Tools is null ? "all" : agent.Tools.Count == 0 ? "none" : string.Join(", ", Short(agent.Tools));
        return
        [
            new(agent.Name, "bold"), new(agent.Origin, "dim"), new(agent.Mode is null ? tools : $"{tools} ({agent.Mode})"),
            new(agent.Model ?? ""), new(agent.Description),
        ];
    }
}
