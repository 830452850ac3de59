namespace Berth.Core.Tools.Editing;

/// <summary>
/// How the indentation that a model wrote becomes that of the file, learned from lines that stand in both.
/// </summary>
internal sealed class Indents
{
    private readonly Dictionary<string, string> known;

    private Indents(Dictionary<string, string> known) => this.known = known;

    /// <summary>Learns from pairs of indentations; null when one indentation stands for two.</summary>
    public static Indents? Learn(IEnumerable<(string Model, string File)> pairs)
    {
        var learned = new Dictionary<string, string>();
        foreach (var (model, file) in pairs)
        {
            if (!learned.TryAdd(model, file) && learned[model] != file)
            {
                return null;
            }
        }

        return new Indents(learned);
    }

    /// <summary>The white space at the beginning of a line; the whole of a blank one.</summary>
    public static string Of(string line) => line[..^line.AsSpan().TrimStart().Length];

    /// <summary>The file's indentation for one of the model's; null when nothing tells it.</summary>
    public string? Map(string indent)
    {
        if (known.TryGetValue(indent, out var file))
        {
            return file;
        }

        return known.Count == 0 ? indent : Shifted(indent) ?? Scaled(indent);
    }

    // All lines stand deeper, or less deep, by the same white space.
    private string? Shifted(string indent)
    {
        var (model, file) = known.First();
        if (file.EndsWith(model, StringComparison.Ordinal))
        {
            var more = file[..^model.Length];
            return known.All(pair => pair.Value == more + pair.Key) ? more + indent : null;
        }

        if (!model.EndsWith(file, StringComparison.Ordinal))
        {
            return null;
        }

        var less = model[..^file.Length];
        if (!known.All(pair => pair.Key == less + pair.Value))
        {
            return null;
        }

        return indent.StartsWith(less, StringComparison.Ordinal) ? indent[less.Length..]
            : less.StartsWith(indent, StringComparison.Ordinal) ? "" : null;
    }

    // Tabs stand for a number of spaces, or steps have another width.
    private string? Scaled(string indent)
    {
        if (UnitOf(known.Keys.Append(indent)) is null || UnitOf(known.Values) is not { } unit)
        {
            return null;
        }

        var one = known.MaxBy(pair => pair.Key.Length);
        var other = known.MinBy(pair => pair.Key.Length);
        var (width, steps) = known.Count > 1
            ? (one.Key.Length - other.Key.Length, one.Value.Length - other.Value.Length)
            : (one.Key.Length, one.Value.Length);
        if (width <= 0 || steps <= 0
            || known.Any(pair => (pair.Key.Length - one.Key.Length) * steps != (pair.Value.Length - one.Value.Length) * width))
        {
            return null;
        }

        var (length, rest) = Math.DivRem((indent.Length - one.Key.Length) * steps, width);
        length += one.Value.Length;
        return rest == 0 && length >= 0 ? new string(unit, length) : null;
    }

    // The one character they consist of; null when there are several.
    private static char? UnitOf(IEnumerable<string> indents)
    {
        var all = string.Concat(indents);
        return all.Length == 0 ? ' ' : all.AsSpan().ContainsAnyExcept(all[0]) ? null : all[0];
    }
}
