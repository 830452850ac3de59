using System.Text;

namespace Berth.Core.Instructions;

/// <summary>A block scalar: <c>|</c> keeps its lines, <c>&gt;</c> folds them.</summary>
/// <param name="Folds">Lines become one, with blanks between.</param>
/// <param name="End">'-': without line ends at its end; '+': with all; else with one.</param>
/// <param name="Indent">The blanks in front of its lines; 0: those of its first line.</param>
internal sealed record FrontMatterBlock(bool Folds, char End, int Indent)
{
    /// <summary>Reads the header behind the name; null when it is none.</summary>
    public static FrontMatterBlock? Of(string header)
    {
        var (end, indent, index) = (' ', 0, 1);
        for (; index < header.Length && !char.IsWhiteSpace(header[index]); index++)
        {
            switch (header[index])
            {
                case '+' or '-' when end == ' ':
                    end = header[index];
                    break;
                case >= '1' and <= '9' when indent == 0:
                    indent = header[index] - '0';
                    break;
                default:
                    return null;
            }
        }

        var rest = header[index..].TrimStart();
        return rest.Length == 0 || rest[0] == '#' ? new FrontMatterBlock(header[0] == '>', end, indent) : null;
    }

    /// <summary>The text of its lines.</summary>
    /// <param name="first">The number of the first of them in the file.</param>
    /// <exception cref="FrontMatterException">A line is less indented than the first one.</exception>
    public string Text(ReadOnlySpan<string> lines, int first)
    {
        var indent = Indent;
        var text = new StringBuilder();
        var (blank, wasDeeper) = (0, true);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.Trim().Length == 0)
            {
                blank++;
                continue;
            }

            var own = line.AsSpan().IndexOfAnyExcept(' ');
            indent = indent == 0 ? own : indent;
            if (own < indent || line[own] == '\t')
            {
                throw new FrontMatterException(first + i, own + 1, "a line that is less indented than the block's first one");
            }

            var isDeeper = own > indent;
            var breaks = text.Length == 0 ? blank : Folds && !isDeeper && !wasDeeper ? blank : blank + 1;
            text.Append(breaks == 0 && text.Length > 0 ? " " : new string('\n', breaks)).Append(line.AsSpan(indent).TrimEnd());
            (blank, wasDeeper) = (0, isDeeper);
        }

        return text.Append(End == '-' || text.Length == 0 ? "" : new string('\n', End == '+' ? blank + 1 : 1)).ToString();
    }
}
