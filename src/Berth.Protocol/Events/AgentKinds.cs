using System.Text.Json;

namespace Berth.Protocol.Events;

/// <summary>The kinds of events that speak of sub-agents.</summary>
internal static class AgentKinds
{
    public static readonly EventKind[] All =
    [
        EventKinds.Of<AgentsChosen>("agents_chosen", static (w, e) =>
        {
            w.WriteNumber("task"u8, e.Task);
            w.WriteString("mode"u8, e.Mode);
            w.Items("agents"u8, e.Agents, WriteChosen);
        }, static e => new AgentsChosen(e.Long("task"u8), e.Text("mode"u8), e.List("agents"u8, ReadChosen))),

        EventKinds.Of<AgentEnded>("agent_ended", static (w, e) =>
        {
            w.WriteNumber("task"u8, e.Task);
            w.WriteString("session"u8, e.Session);
            w.WriteString("status"u8, e.Status);
            w.WriteNumber("seconds"u8, e.Seconds);
            w.WriteNumber("steps"u8, e.Steps);
            w.Optional("usage"u8, e.Usage, EventKinds.UsageShape);
            w.Optional("summary"u8, e.Summary);
        }, static e => new AgentEnded(
            e.Long("task"u8), e.Text("session"u8), e.Text("status"u8), e.Double("seconds"u8), e.Int("steps"u8),
            e.Object("usage"u8, EventKinds.UsageShape), e.TextOrNull("summary"u8))),

        EventKinds.Of<AgentDefined>("agent_defined", static (w, e) =>
        {
            w.WriteString("agent"u8, e.Agent);
            w.Optional("tools"u8, e.Tools);
            w.Optional("mode"u8, e.Mode);
            w.WriteString("text"u8, e.Text);
        }, static e => new AgentDefined(
            e.Text("agent"u8), e.TextsOrNull("tools"u8), e.TextOrNull("mode"u8), e.Text("text"u8))),

        EventKinds.Of<AgentReleased>("agent_released",
            static (w, e) => w.WriteString("status"u8, e.Status), static e => new AgentReleased(e.Text("status"u8))),

        EventKinds.Of<ReminderAdded>("reminder_added", static (w, e) =>
        {
            w.WriteString("kind"u8, e.Kind);
            w.WriteString("state"u8, e.State);
            w.WriteString("text"u8, e.Text);
        }, static e => new ReminderAdded(e.Text("kind"u8), e.Text("state"u8), e.Text("text"u8))),
    ];

    private static void WriteChosen(Utf8JsonWriter w, ChosenAgent agent)
    {
        w.WriteStartObject();
        w.WriteString("session"u8, agent.Session);
        w.WriteString("name"u8, agent.Name);
        w.WriteString("prompt"u8, agent.Prompt);
        w.Optional("model"u8, agent.Model);
        w.WriteEndObject();
    }

    private static ChosenAgent ReadChosen(JsonElement e) => new(
        e.Text("session"u8), e.Text("name"u8), e.Text("prompt"u8), e.TextOrNull("model"u8));
}
