namespace Berth.Core.Tools.Editing;

/// <summary>
/// How the indentation that a model wrote becomes that of the file, learned from lines that stand in both. Where what
/// was learned allows two readings, there is none: a wrong indentation is a wrong program in some languages.
/// </summary>
internal sealed class Indents
{
    private readonly Dictionary<string, string> known;
    private readonly int? modelStep;
    private readonly string? fileStep;

    private Indents(Dictionary<string, string> known, int? modelStep, string? fileStep)
    {
        this.known = known;
        this.modelStep = modelStep;
        this.fileStep = fileStep;
    }

    /// <summary>Learns from pairs of indentations; null when one indentation stands for two.</summary>
    /// <param name="written">All lines that the model wrote, for the width of its steps.</param>
    /// <param name="file">The file's text, for its own steps.</param>
    public static Indents? Learn(IEnumerable<(string Model, string File)> pairs, IEnumerable<string> written, string file)
    {
        var learned = new Dictionary<string, string>();
        foreach (var (model, inFile) in pairs)
        {
            if (!learned.TryAdd(model, inFile) && learned[model] != inFile)
            {
                return null;
            }
        }

        return new Indents(learned, IndentStep.OfWritten(written), IndentStep.OfFile(file));
    }

    /// <summary>The white space at the beginning of a line; the whole of a blank one.</summary>
    public static string Of(string line) => line[..^line.AsSpan().TrimStart().Length];

    /// <summary>The file's indentation for one of the model's; null when nothing tells it, or not clearly.</summary>
    public string? Map(string indent)
    {
        if (known.TryGetValue(indent, out var file))
        {
            return file;
        }

        if (known.Count == 0)
        {
            return indent;
        }

        var shifted = Shifted(indent) is { } one && !IsNewMixture(one) ? one : null;
        var scaled = Scaled(indent);
        return known.Count > 1 ? shifted ?? scaled
            : shifted is null ? (LevelsAreEqual ? scaled : null)
            : scaled is null || scaled == shifted ? (StepsAgree ? shifted : null)
            : IsOfOneStep ? shifted : null;
    }

    // A file in which tabs and spaces do not mix gets no line in which they do.
    private bool IsNewMixture(string indent) =>
        indent.Contains(' ') && indent.Contains('\t') && !known.Values.Any(v => v.Contains(' ') && v.Contains('\t'));

    private bool IsOfOneStep => fileStep is not null && fileStep.Length == modelStep;

    // Steps of two spaces do not go into a file with steps of four; what stands two steps deeper does.
    private bool StepsAgree => fileStep is null || modelStep is not { } step || step % fileStep.Length == 0;

    // One line that stands in both says how wide a step is only if it stands at the same depth.
    private bool LevelsAreEqual
    {
        get
        {
            var (model, file) = known.First();
            var fileWidth = fileStep?.Length ?? (file.StartsWith('\t') ? 1 : file.Length);
            return modelStep is not { } step || fileWidth == 0 || model.Length * fileWidth == file.Length * step;
        }
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

        return indent.StartsWith(less, StringComparison.Ordinal) ? indent[less.Length..] : null;
    }

    // Tabs stand for a number of spaces, or steps have another width.
    private string? Scaled(string indent)
    {
        // A tab has no width of its own: between tabs and tabs there is nothing to scale.
        if (UnitOf(known.Keys.Append(indent)) is not { } written || UnitOf(known.Values) is not { } unit || (written, unit) == ('\t', '\t'))
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
