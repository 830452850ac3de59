using System.Text.Json;
using Berth.Protocol.Events;

namespace Berth.Protocol.Rows;

/// <summary>A session's row as JSON, in messages and in the index on disk.</summary>
public static class RowJson
{
    /// <summary>Its shape.</summary>
    public static JsonShape<SessionRow> Shape { get; } = new(Write, Read);

    private static void Write(Utf8JsonWriter w, SessionRow row)
    {
        w.WriteStartObject();
        w.WriteString("id"u8, row.Id);
        w.Optional("name"u8, row.Name);
        w.WriteString("state"u8, row.State);
        w.WriteString("created"u8, row.Created);
        w.WriteString("updated"u8, row.Updated);
        w.WriteNumber("turns"u8, row.Turns);
        w.WriteString("summary"u8, row.Summary);
        w.Optional("slot"u8, row.Slot);
        w.WriteBoolean("unread"u8, row.Unread);
        w.Optional("waiting_for"u8, row.WaitingFor);
        w.Optional("parent"u8, row.Parent);
        w.WriteString("kind"u8, row.Kind);
        w.WriteString("project"u8, row.Project);
        w.WriteString("directory"u8, row.Directory);
        w.WriteNumber("tasks"u8, row.Tasks);
        w.Optional("usage"u8, row.Usage, EventKinds.UsageShape);
        w.Optional("step"u8, row.Step);
        w.Optional("doing"u8, row.Doing);
        w.WriteEndObject();
    }

    private static SessionRow Read(JsonElement e) => new(
        e.Text("id"u8), e.TextOrNull("name"u8), e.Text("state"u8), e.Moment("created"u8), e.Moment("updated"u8),
        e.Int("turns"u8), e.Text("summary"u8), e.IntOrNull("slot"u8), e.Flag("unread"u8), e.TextOrNull("waiting_for"u8),
        e.TextOrNull("parent"u8), e.Text("kind"u8), e.Text("project"u8), e.Text("directory"u8), e.Int("tasks"u8),
        e.Object("usage"u8, EventKinds.UsageShape), e.IntOrNull("step"u8), e.TextOrNull("doing"u8));
}
