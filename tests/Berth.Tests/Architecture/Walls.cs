namespace Berth.Tests.Architecture;

/// <summary>Compares the uses in compiled code with a room table.</summary>
internal static class Walls
{
    /// <summary>A line for every use that the table does not allow, among the namespaces at and below a root.</summary>
    public static IReadOnlyList<string> Violations(IEnumerable<TypeUse> uses, RoomTable table, string root)
    {
        var lines = new List<string>();
        foreach (var use in uses)
        {
            if (!IsBelow(use.UsedNamespace, root) || use is { UsedNamespace: "Berth.Protocol", Used: "Limits" }
                || use.Namespace == use.UsedNamespace)
            {
                continue;
            }

            var from = IsBelow(use.Namespace, root) ? table.RoomOf(use.Namespace, root) : null;
            var to = table.RoomOf(use.UsedNamespace, root);
            var place = $"{use.Type}{(use.Member.Length > 0 ? "." + use.Member : "")}";
            if (from is null || to is null)
            {
                lines.Add($"{from ?? use.Namespace}: {place} uses {use.UsedNamespace}.{use.Used}, and one has no room.");
            }
            else if (!table.Allows(from, to))
            {
                lines.Add($"{from}: {place} uses {use.UsedNamespace}.{use.Used} ({to}), which the table does not allow.");
            }
        }

        return lines;
    }

    private static bool IsBelow(string @namespace, string root) =>
        @namespace == root || @namespace.StartsWith(root + ".", StringComparison.Ordinal);
}
