using Berth.Protocol.Events;
using Berth.Protocol.Json;

namespace Berth.Protocol.Rows;

/// <summary>The rows' JSON shape, on the wire and for the index on disk.</summary>
public sealed class RowJson
{
    private RowJson()
    {
    }

    /// <summary>All shapes.</summary>
    public static RowJson Default { get; } = new();

    /// <summary>One session.</summary>
    public JsonShape<SessionRow> SessionRow => new(
        static (w, r) => w.Text("id"u8, r.Id).Text("name"u8, r.Name).Text("state"u8, r.State).Time("created"u8, r.Created)
            .Time("updated"u8, r.Updated).Number("turns"u8, r.Turns).Text("summary"u8, r.Summary)
            .NumberIfAny("slot"u8, r.Slot).Flag("unread"u8, r.Unread).Text("waiting_for"u8, r.WaitingFor)
            .Text("parent"u8, r.Parent).Text("kind"u8, r.Kind).Text("project"u8, r.Project)
            .Text("directory"u8, r.Directory).Number("tasks"u8, r.Tasks).Object("usage"u8, r.Usage, EventKinds.Usage),
        static j => new SessionRow(
            j.Text("id"u8), j.TextOrNull("name"u8), j.Text("state"u8), j.Time("created"u8), j.Time("updated"u8),
            j.Int("turns"u8), j.Text("summary"u8), j.IntOrNull("slot"u8), j.Flag("unread"u8), j.TextOrNull("waiting_for"u8),
            j.TextOrNull("parent"u8), j.Text("kind"u8), j.Text("project"u8), j.Text("directory"u8), j.Int("tasks"u8, 0),
            j.ObjectOrNull("usage"u8, EventKinds.Usage) ?? new Usage()));
}
