namespace Berth.Tests.Architecture;

/// <summary>Which room may use which: the table of ARCHITECTURE.md.</summary>
internal sealed record RoomTable(IReadOnlyDictionary<string, IReadOnlyList<string>> Rows)
{
    /// <summary>Reads the first table whose head begins with "room".</summary>
    public static RoomTable Parse(string markdown)
    {
        var rows = new Dictionary<string, IReadOnlyList<string>>();
        var inside = false;
        foreach (var line in markdown.Split('\n'))
        {
            var cells = line.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries);
            if (cells is ["room", _])
            {
                inside = true;
            }
            else if (inside && (cells.Length != 2 || !line.StartsWith('|')))
            {
                break;
            }
            else if (inside && !cells[0].StartsWith("---", StringComparison.Ordinal))
            {
                rows.Add(cells[0], cells[1] == "–" ? [] : cells[1].Split(',', StringSplitOptions.TrimEntries));
            }
        }

        return new RoomTable(rows);
    }

    /// <summary>
    /// The room of a namespace below <paramref name="root"/>: the longest row it begins with. The root itself is
    /// "Program". Null when no row holds it.
    /// </summary>
    public string? RoomOf(string @namespace, string root)
    {
        if (@namespace == root)
        {
            return Rows.ContainsKey("Program") ? "Program" : null;
        }

        var inner = @namespace[(root.Length + 1)..];
        return Rows.Keys.Where(room => inner == room || inner.StartsWith(room + ".", StringComparison.Ordinal))
            .MaxBy(room => room.Length);
    }

    /// <summary>Whether a row allows the use of another room. A room may always use itself.</summary>
    public bool Allows(string room, string used) => room == used || Rows[room].Any(pattern => pattern.EndsWith(".*")
        ? used.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : used == pattern);
}
