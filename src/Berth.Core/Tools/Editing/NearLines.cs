using System.Text;

namespace Berth.Core.Tools.Editing;

/// <summary>Shows a model the lines it may have meant, so that it can put its next call right.</summary>
internal static class NearLines
{
    private const int MostPlaces = 3;
    private const int MostLines = 8;
    private const int LongestLine = 300;
    private const long MostCharacters = 4_000_000;
    private const double LeastLike = 0.5;

    /// <summary>Why the old text was not found, and the lines that are most like it; empty when there are none.</summary>
    public static string Hint(string text, string old, string fresh)
    {
        var hint = new StringBuilder();
        if (HasLineNumbers(old))
        {
            hint.Append(" It seems to contain the line numbers that read puts before the lines: leave them out.");
        }

        if (fresh.Length > 0 && !string.IsNullOrWhiteSpace(fresh) && text.IndexOf(fresh, StringComparison.Ordinal) is var there and >= 0)
        {
            hint.Append(" new_string is already there (line ").Append(text.AsSpan(0, there).Count('\n') + 1)
                .Append("): perhaps this edit was made before.");
        }

        var wanted = old.Split('\n');
        var anchor = wanted.MaxBy(line => line.AsSpan().Trim().Length)!;
        var offset = Array.IndexOf(wanted, anchor);
        var near = Nearest(text, anchor);
        if (near.Count > 0)
        {
            hint.Append(" The most similar lines:");
            foreach (var line in near)
            {
                Show(text, Math.Max(1, line - offset), Math.Min(wanted.Length, MostLines), hint);
            }
        }

        return hint.ToString();
    }

    // Numbers of the lines that are most like one, best first.
    private static List<int> Nearest(string text, string wanted)
    {
        var like = new Likeness(wanted);
        var best = new List<(double Like, int Line)>();
        var (number, looked) = (0, 0L);
        foreach (var range in text.AsSpan().Split('\n'))
        {
            number++;
            looked += range.End.Value - range.Start.Value;
            if (looked > MostCharacters)
            {
                break;
            }

            var how = like.To(text.AsSpan(range));
            if (how >= LeastLike && (best.Count < MostPlaces || how > best[^1].Like))
            {
                best.Add((how, number));
                best.Sort((a, b) => b.Like.CompareTo(a.Like) is var order and not 0 ? order : a.Line.CompareTo(b.Line));
                best.RemoveRange(Math.Min(best.Count, MostPlaces), Math.Max(best.Count - MostPlaces, 0));
            }
        }

        // One that is nearly the same leaves no need for those that are merely like it.
        return [.. best.Where(one => one.Like >= best[0].Like - 0.2).Select(one => one.Line)];
    }

    private static void Show(string text, int first, int count, StringBuilder into)
    {
        var number = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            number++;
            if (number >= first + count)
            {
                return;
            }

            if (number >= first)
            {
                var line = text.AsSpan(range);
                var cut = Math.Min(line.Length, LongestLine);
                cut -= cut > 0 && cut < line.Length && char.IsHighSurrogate(line[cut - 1]) ? 1 : 0;
                into.Append('\n').Append(number).Append('→').Append(line[..cut]).Append(cut < line.Length ? "…" : "");
            }
        }
    }

    private static bool HasLineNumbers(string old)
    {
        foreach (var range in old.AsSpan().Split('\n'))
        {
            var line = old.AsSpan(range).TrimStart();
            var arrow = line.IndexOf('→');
            if (arrow is not (> 0 and < 9) || !int.TryParse(line[..arrow], out _))
            {
                return false;
            }
        }

        return true;
    }
}
