using System.Text;

namespace Berth.Core.Instructions;

/// <summary>Reads the fields of a front matter: a line, and the lines below that belong to it.</summary>
/// <param name="lines">The file's lines up to the one that ends the head; the first is the one that begins it.</param>
internal sealed class FrontMatterReader(ReadOnlyMemory<string> lines)
{
    private const int MostFields = 64;
    private const int MostItems = 256;
    private int at = 1;

    /// <exception cref="FrontMatterException">They do not hold.</exception>
    public IReadOnlyList<FrontMatterField> Fields()
    {
        var fields = new List<FrontMatterField>();
        while (at < lines.Length)
        {
            var line = Line(at);
            if (IsNothing(line))
            {
                at++;
                continue;
            }

            if (char.IsWhiteSpace(line[0]))
            {
                throw Wrong(1, "an indented line that belongs to no field");
            }

            var colon = NameLength(line);
            if (colon == 0)
            {
                throw Wrong(1, "expected 'name: value'");
            }

            var name = line[..colon].ToLowerInvariant();
            if (fields.Exists(field => field.Name == name))
            {
                throw Wrong(1, $"'{name}' is there twice");
            }

            if (fields.Count == MostFields)
            {
                throw Wrong(1, $"more than {MostFields} fields");
            }

            fields.Add(Value(name, colon + 1));
        }

        return fields;
    }

    // A name is plain, and a colon with a blank or nothing behind it ends it.
    private static int NameLength(string line)
    {
        var length = 0;
        while (length < line.Length && (char.IsAsciiLetterOrDigit(line[length]) || line[length] is '_' or '-' or '.'))
        {
            length++;
        }

        return length < line.Length && line[length] == ':' && line[0] != '-'
            && (length + 1 == line.Length || char.IsWhiteSpace(line[length + 1])) ? length : 0;
    }

    private FrontMatterField Value(string name, int column)
    {
        var first = at + 1;
        var text = Line(at)[column..].TrimStart();
        column = Line(at).Length - text.Length + 1;
        switch (text.Length == 0 ? '#' : text[0])
        {
            case '#':
                at++;
                return Below(name, first);
            case '|' or '>':
                return Field(name, first, Block(text, column));
            case '"' or '\'':
                return Field(name, first, Quoted(text, column));
            case '[':
                at++;
                return Listed(name, first, new FrontMatterScalar(text, first, column).FlowList());
            case '{':
                PassNested();
                return new FrontMatterField(name, first, "");
            default:
                RefuseMarks(text, column);
                return Field(name, first, Plain(text));
        }
    }

    // Nothing stands behind the name: a list or a mapping below it, or it is empty.
    private FrontMatterField Below(string name, int first)
    {
        var next = at;
        while (next < lines.Length && IsNothing(Line(next)))
        {
            next++;
        }

        if (next < lines.Length && IsItem(Line(next)))
        {
            at = next;
            return Listed(name, first, Items(Indent(Line(next))));
        }

        if (next < lines.Length && Indent(Line(next)) > 0)
        {
            at = next - 1;
            if (NameLength(Line(next).TrimStart()) == 0)
            {
                at = next;
                return Field(name, first, Plain(Line(next).Trim()));
            }

            PassNested();
        }

        return new FrontMatterField(name, first, "");
    }

    private List<string> Items(int indent)
    {
        var items = new List<string>();
        while (at < lines.Length)
        {
            var line = Line(at);
            if (IsNothing(line))
            {
                at++;
                continue;
            }

            if (Indent(line) != indent || !IsItem(line))
            {
                break;
            }

            if (items.Count == MostItems)
            {
                throw Wrong(indent + 1, $"more than {MostItems} items");
            }

            var text = line[(indent + 1)..].TrimStart();
            var column = line.Length - text.Length + 1;
            RefuseMarks(text, column);
            items.Add(text.Length > 0 && text[0] is '"' or '\'' ? Quoted(text, column) : Plain(text, indent));
        }

        return items;
    }

    // A scalar without marks goes on in deeper lines; a blank line within it is a line end.
    private string Plain(string text, int indent = 0)
    {
        var value = new StringBuilder(WithoutComment(text));
        var blank = 0;
        for (at++; at < lines.Length; at++)
        {
            var line = Line(at);
            if (line.Trim().Length == 0)
            {
                blank++;
                continue;
            }

            if (Indent(line) <= indent)
            {
                break;
            }

            if (line.TrimStart()[0] != '#')
            {
                value.Append(blank == 0 ? " " : new string('\n', blank)).Append(WithoutComment(line.Trim()));
                blank = 0;
            }
        }

        return value.ToString() is "~" or "null" ? "" : value.ToString();
    }

    private string Quoted(string text, int column)
    {
        var first = at + 1;
        var whole = new StringBuilder(text);
        for (at++; !FrontMatterScalar.IsClosed(whole.ToString()) && at < lines.Length; at++)
        {
            var line = Line(at).Trim();
            whole.Append(line.Length == 0 ? "\n" : whole[^1] == '\n' ? line : $" {line}");
        }

        return new FrontMatterScalar(whole.ToString(), first, column).Quoted();
    }

    private string Block(string header, int column)
    {
        var block = FrontMatterBlock.Of(header) ?? throw Wrong(column, "expected a block scalar: '|' or '>'");
        var from = ++at;
        while (at < lines.Length && (Line(at).Trim().Length == 0 || Indent(Line(at)) > 0))
        {
            at++;
        }

        return block.Text(lines.Span[from..at], from + 1);
    }

    private void PassNested()
    {
        for (at++; at < lines.Length && (IsNothing(Line(at)) || Indent(Line(at)) > 0);)
        {
            at++;
        }
    }

    private void RefuseMarks(string text, int column)
    {
        if (text.Length > 1 && text[0] is '&' or '*' or '!' or '%' or '@' or '`' && !char.IsWhiteSpace(text[1]))
        {
            throw Wrong(column, $"a value that begins with '{text[0]}' must be quoted");
        }
    }

    private int Indent(string line)
    {
        var indent = line.AsSpan().IndexOfAnyExcept(' ');
        return indent >= 0 && line[indent] == '\t' ? throw Wrong(indent + 1, "a tab in the indentation; use blanks") : indent;
    }

    private static FrontMatterField Field(string name, int line, string text) =>
        new(name, line, CleanText.Of(text));

    private static FrontMatterField Listed(string name, int line, IReadOnlyList<string> items) =>
        new(name, line, CleanText.Of(string.Join(", ", items)), [.. items.Select(CleanText.Of)]);

    private static bool IsItem(string line) =>
        line.AsSpan().TrimStart(' ') is "-" or ['-', ' ' or '\t', ..];

    private static bool IsNothing(string line) => line.AsSpan().TrimStart() is [] or ['#', ..];

    private static string WithoutComment(string text)
    {
        var comment = text.IndexOf(" #", StringComparison.Ordinal);
        return (comment < 0 ? text : text[..comment]).TrimEnd();
    }

    private string Line(int index) => lines.Span[index];

    private FrontMatterException Wrong(int column, string what) => new(at + 1, column, what);
}
