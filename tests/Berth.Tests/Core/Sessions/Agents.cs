using System.Text.Json.Nodes;
using Berth.Core.Models;
using Berth.Core.Sessions;
using Berth.Protocol.Events;

namespace Berth.Tests.Core.Sessions;

/// <summary>What tests of sub-agents say and look at.</summary>
internal static class Agents
{
    /// <summary>A call of <c>RunSubagents</c> with a task for each.</summary>
    public static Answer Of(params IReadOnlyList<string> tasks) => Call("c1", new JsonObject(), [.. tasks.Select(t => new JsonObject { ["task"] = t })]);

    public static Answer Call(string id, JsonObject options, params IReadOnlyList<JsonObject> subagents)
    {
        options["subagents"] = new JsonArray([.. subagents]);
        return Answer.Calling("RunSubagents", options.ToJsonString(), id);
    }

    /// <summary>The first words a request's conversation began with.</summary>
    public static string FirstOf(ModelRequest request) => ((UserEntry)request.Messages[0]).Text;

    /// <summary>Answers the n-th request of the conversation that begins with a task.</summary>
    public static ScriptedModel OfTask(this ScriptedModel model, string task, params IReadOnlyList<Answer> answers) => model.Always(
        request => FirstOf(request).Split('\n')[0] == task
            && request.Messages.Count(m => m is AssistantEntry) is var n && n < answers.Count ? answers[n] : null);

    /// <summary>The sessions of a session's sub-agents, in the order of its calls.</summary>
    public static async Task<IReadOnlyList<Session>> AgentsOf(this EngineLife life, Session parent)
    {
        var sessions = new List<Session>();
        foreach (var agent in life.Events<AgentsChosen>(parent).SelectMany(e => e.Agents))
        {
            if (await life.Sessions.FindAsync(agent.Session) is { } session)
            {
                sessions.Add(session);
            }
        }

        return sessions;
    }

    /// <summary>How a session's sub-agents ended: their statuses by session.</summary>
    public static IReadOnlyList<string> StatusesOf(this EngineLife life, Session parent)
    {
        var ended = life.Events<AgentEnded>(parent).ToDictionary(e => e.Session, e => e.Status);
        return [.. life.Events<AgentsChosen>(parent).SelectMany(e => e.Agents).Select(a => ended.GetValueOrDefault(a.Session, "-"))];
    }
}
