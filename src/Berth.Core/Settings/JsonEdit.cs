using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Berth.Core.Settings;

/// <summary>
/// Changes one value in a JSON text that a person may have written: comments, order, unknown fields and the way it is
/// laid out stay. Texts in, texts out; a path is the names from the root down.
/// </summary>
internal static class JsonEdit
{
    /// <summary>Puts a value at a path, making the objects on the way.</summary>
    /// <param name="text">The text so far; empty for a new file.</param>
    /// <param name="json">The value as JSON.</param>
    /// <exception cref="PlacedJsonException">The text is no JSON, or no object.</exception>
    public static byte[] Set(byte[] text, IReadOnlyList<string> path, string json)
    {
        if (text.Length == 0)
        {
            text = "{\n}\n"u8.ToArray();
        }

        var placed = Parse(text);
        var at = placed.Root;
        for (var depth = 0; ; depth++)
        {
            var member = at.Find(path[depth]);
            var rest = path.Skip(depth + 1).ToArray();
            if (member is null)
            {
                return Insert(placed, at, path[depth], Nested(rest, json, depth + 2), depth + 1);
            }

            if (rest.Length == 0 || !member.Value.IsObject)
            {
                return Splice(text, member.Value.Start, member.Value.End, Nested(rest, json, depth + 2));
            }

            at = member.Value;
        }
    }

    /// <summary>Takes a value (all of that name) out; the text comes back as it was when there is none.</summary>
    /// <exception cref="PlacedJsonException">The text is no JSON, or no object.</exception>
    public static byte[] Remove(byte[] text, IReadOnlyList<string> path)
    {
        while (text.Length > 0)
        {
            var at = Parse(text).Root;
            for (var depth = 0; depth < path.Count - 1 && at is not null; depth++)
            {
                at = at.Find(path[depth])?.Value;
            }

            if (at?.Find(path[^1]) is not { } member)
            {
                break;
            }

            text = Without(text, at, member);
        }

        return text;
    }

    /// <summary>A string as JSON.</summary>
    public static string Quote(string value) =>
        $"\"{JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    /// <summary>Strings as a JSON array on one line.</summary>
    public static string Array(IEnumerable<string> items) => $"[{string.Join(", ", items.Select(Quote))}]";

    private static PlacedJson Parse(byte[] text)
    {
        var placed = PlacedJson.Parse(text);
        if (placed.Root.IsObject)
        {
            return placed;
        }

        var (line, column) = placed.Place(placed.Root.Start);
        throw new PlacedJsonException("not an object {…}", line, column);
    }

    private static string Nested(ReadOnlySpan<string> names, string json, int depth) => names.Length == 0
        ? json
        : $$"""
           {
           {{Indent(depth)}}{{Quote(names[0])}}: {{Nested(names[1..], json, depth + 1)}}
           {{Indent(depth - 1)}}}
           """;

    private static string Indent(int depth) => new(' ', depth * 2);

    private static byte[] Insert(PlacedJson placed, PlacedValue owner, string name, string json, int depth)
    {
        var text = placed.Bytes;
        var brace = owner.End - 1;
        var content = owner.Start + 1;
        var comma = -1;
        if (owner.Members.Count > 0)
        {
            var last = owner.Members[^1].Value.End;
            comma = Comma(text, last, brace) >= 0 ? -1 : last;
            content = last;
        }

        // The new member goes behind the last comment; a comment that ends the line keeps its line.
        var end = brace;
        while (end > content && text[end - 1] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            end--;
        }

        var indent = owner.Members.Count > 0 ? IndentOf(text, owner.Members[^1].Start) : null;
        var member = $"\n{indent ?? Indent(depth)}{Quote(name)}: {json}";
        var before = text.AsSpan(end, brace - end).Contains((byte)'\n')
            ? Encoding.UTF8.GetString(text, end, brace - end)
            : $"\n{Indent(depth - 1)}";
        var changed = Splice(text, end, brace, member + before);
        return comma < 0 ? changed : Splice(changed, comma, comma, ",");
    }

    private static byte[] Without(byte[] text, PlacedValue owner, PlacedMember member)
    {
        var index = owner.Members.ToList().IndexOf(member);
        var next = index + 1 < owner.Members.Count ? owner.Members[index + 1].Start : owner.End - 1;
        var comma = Comma(text, member.Value.End, next);
        var (start, end) = WholeLines(text, member.Start, comma < 0 ? member.Value.End : comma + 1);
        var changed = Splice(text, start, end, "");
        if (comma >= 0 || index == 0)
        {
            return changed;
        }

        // It was the last and had no comma: the one before it must lose its own.
        comma = Comma(text, owner.Members[index - 1].Value.End, member.Start);
        return Splice(changed, comma, comma + 1, "");
    }

    /// <summary>The bytes of a member, and of its lines where nothing else stands on them.</summary>
    private static (int Start, int End) WholeLines(byte[] text, int start, int end)
    {
        var left = start;
        while (left > 0 && text[left - 1] is (byte)' ' or (byte)'\t')
        {
            left--;
        }

        var right = end;
        while (right < text.Length && text[right] is (byte)' ' or (byte)'\t' or (byte)'\r')
        {
            right++;
        }

        var alone = left > 0 && text[left - 1] == '\n' && right < text.Length && text[right] == '\n';
        return alone ? (left, right + 1) : (start, end);
    }

    /// <summary>The white space before a member that begins its line; null when something else stands before it.</summary>
    private static string? IndentOf(byte[] text, int start)
    {
        var left = start;
        while (left > 0 && text[left - 1] is (byte)' ' or (byte)'\t')
        {
            left--;
        }

        return left > 0 && text[left - 1] == '\n' ? Encoding.UTF8.GetString(text, left, start - left) : null;
    }

    /// <summary>Where between two places, of which the text is white space and comments, a comma is; else -1.</summary>
    private static int Comma(byte[] text, int start, int end)
    {
        for (var at = start; at < end; at++)
        {
            if (text[at] == ',')
            {
                return at;
            }

            if (text[at] != '/' || at + 1 >= end)
            {
                continue;
            }

            var rest = text.AsSpan(at + 2, end - at - 2);
            var close = text[at + 1] == '*' ? rest.IndexOf("*/"u8) + 1 : rest.IndexOf((byte)'\n');
            at = close < 0 ? end : at + 2 + close;
        }

        return -1;
    }

    private static byte[] Splice(byte[] text, int start, int end, string replacement) =>
        [.. text.AsSpan(0, start), .. Encoding.UTF8.GetBytes(replacement), .. text.AsSpan(end)];
}
