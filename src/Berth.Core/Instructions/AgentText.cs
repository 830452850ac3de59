using System.Text;

namespace Berth.Core.Instructions;

/// <summary>What sub-agents, and those who start them, are told about it.</summary>
public static class AgentText
{
    /// <summary>The kind of reminder that says whether the agent orchestrates.</summary>
    public const string Orchestration = "orchestration";

    /// <summary>The section of a system text that lists the sub-agents that can be named.</summary>
    public static string List(AgentCatalog agents)
    {
        var text = new StringBuilder("# Sub-agents\n\nThese are the names that `RunSubagents` takes:\n\n");
        foreach (var agent in agents.All)
        {
            text.Append($"- `{agent.Name}`: {(agent.Description.Length == 0 ? "(no description)" : agent.Description)}\n");
        }

        return text.ToString();
    }

    /// <summary>The section of a sub-agent's system text that says what it is.</summary>
    /// <param name="name">Its definition's name.</param>
    /// <param name="text">What its definition tells it.</param>
    public static string Of(string name, string text) =>
        $"""
        # You are a sub-agent

        Another agent gave you a task: the first message is from it. You work by yourself; it gets your last answer and
        nothing else, and nobody answers questions in between. You cannot start sub-agents. End your background tasks before
        you report. What follows says what kind of sub-agent you are (`{name}`).

        {text.Trim()}
        """;

    /// <summary>The reminder with which orchestration begins or ends.</summary>
    public static string Reminder(bool isOn) => isOn
        ? """
        <system-reminder>
        Orchestration is on. It is a setting of the user, and this reminder is no message of theirs.
        From now on you lead the work; sub-agents do most of it:
        - Split the requirement into parts that are independent of each other. Clear up first what all of them need to know.
        - Hand the parts to sub-agents with RunSubagents, those that do not need each other in one call, side by side:
          `explore` to find out, `general` to change, `verify` to judge what was done. Give each everything it must know, and
          let no two change the same files.
        - Read their reports with care. Where they contradict each other, or a claim matters, check it or have it verified.
        - Conclude yourself: bring the parts together, see that the whole holds, and tell the user what was done and found.
        What is small you do yourself: a question, a look at one file, a change of a few lines.
        </system-reminder>
        """
        : """
        <system-reminder>
        Orchestration is off again: do the work yourself, as before it was on. This reminder is no message of the user.
        </system-reminder>
        """;
}
