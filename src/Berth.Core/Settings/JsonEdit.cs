using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Berth.Core.Settings;

/// <summary>
/// Changes one value in a JSON text that a person may have written: comments, order, unknown fields and the way it is
/// laid out stay. Texts in, texts out; a path is the names from the root down. Every method throws
/// <see cref="PlacedJsonException"/> when the text is no JSON, or no object.
/// </summary>
internal static class JsonEdit
{
    /// <summary>Puts a value at a path, making the objects on the way.</summary>
    /// <param name="text">The text so far; empty for a new file.</param>
    /// <param name="json">The value as JSON.</param>
    public static byte[] Set(byte[] text, IReadOnlyList<string> path, string json)
    {
        if (text.Length == 0)
        {
            text = "{\n}\n"u8.ToArray();
        }

        var at = Parse(text).Root;
        for (var depth = 0; ; depth++)
        {
            var member = at.Find(path[depth]);
            var rest = path.Skip(depth + 1).ToArray();
            if (member is null)
            {
                var added = $"{Quote(path[depth])}: {Nested(rest, json, depth + 2)}";
                return Insert(text, at, added, depth + 1);
            }

            if (rest.Length == 0 || !member.Value.IsObject)
            {
                return Splice(text, member.Value.Start, member.Value.End, Nested(rest, json, depth + 2));
            }

            at = member.Value;
        }
    }

    /// <summary>Takes a value (all of that name) out; the text comes back as it was when there is none.</summary>
    public static byte[] Remove(byte[] text, IReadOnlyList<string> path)
    {
        while (Owner(text, path) is { } owner && owner.Find(path[^1]) is { } member)
        {
            text = Without(text, owner, ((List<PlacedMember>)owner.Members).FindIndex(one => ReferenceEquals(one, member)));
        }

        return text;
    }

    /// <summary>Adds a string at the end of a list, making the list where there is none.</summary>
    public static byte[] Append(byte[] text, IReadOnlyList<string> path, string item) =>
        Owner(text, path)?.Find(path[^1])?.Value is { IsArray: true } list
            ? Insert(text, list, Quote(item), path.Count + 1)
            : Set(text, path, Array([item]));

    /// <summary>Takes a string (each time it stands there) out of a list.</summary>
    public static byte[] RemoveItem(byte[] text, IReadOnlyList<string> path, string item)
    {
        while (Owner(text, path)?.Find(path[^1])?.Value is { IsArray: true } list)
        {
            var index = ((List<PlacedValue>)list.Items).FindIndex(
                one => one.Kind == JsonTokenType.String && one.Text.Trim() == item);
            if (index < 0)
            {
                break;
            }

            text = Without(text, list, index);
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
        placed.RequireObject();
        return placed;
    }

    /// <summary>The object that holds the last name of a path; null when there is none.</summary>
    private static PlacedValue? Owner(byte[] text, IReadOnlyList<string> path)
    {
        var at = text.Length == 0 ? null : Parse(text).Root;
        for (var depth = 0; depth < path.Count - 1 && at is not null; depth++)
        {
            at = at.Find(path[depth])?.Value;
        }

        return at;
    }

    private static string Nested(ReadOnlySpan<string> names, string json, int depth) => names.Length == 0
        ? json
        : $$"""
           {
           {{Indent(depth)}}{{Quote(names[0])}}: {{Nested(names[1..], json, depth + 1)}}
           {{Indent(depth - 1)}}}
           """;

    private static string Indent(int depth) => new(' ', depth * 2);

    /// <summary>Adds a member or an item at the end: on a line of its own where the last one has one.</summary>
    private static byte[] Insert(byte[] text, PlacedValue owner, string added, int depth)
    {
        var bracket = owner.End - 1;
        var parts = Parts(owner);
        if (parts.Count == 0 && owner.IsArray)
        {
            return Splice(text, bracket, bracket, added);
        }

        var indent = parts.Count == 0 ? Indent(depth) : IndentOf(text, parts[^1].Start);
        var last = parts.Count == 0 ? owner.Start + 1 : parts[^1].End;
        var comma = parts.Count == 0 ? last : Comma(text, last, bracket);
        if (indent is null)
        {
            return comma < 0
                ? Splice(text, last, last, $", {added}")
                : Splice(text, comma + 1, comma + 1, $" {added}");
        }

        // The new line goes behind the last comment, whose line must end before it.
        var end = bracket;
        while (end > last && text[end - 1] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            end--;
        }

        var after = text.AsSpan(end, bracket - end).Contains((byte)'\n')
            ? Encoding.UTF8.GetString(text, end, bracket - end)
            : $"\n{Indent(depth - 1)}";
        var changed = Splice(text, end, bracket, $"\n{indent}{added}{after}");
        return comma < 0 ? Splice(changed, last, last, ",") : changed;
    }

    private static byte[] Without(byte[] text, PlacedValue owner, int index)
    {
        var parts = Parts(owner);
        var (start, end) = parts[index];
        var comma = Comma(text, end, index + 1 < parts.Count ? parts[index + 1].Start : owner.End - 1);
        var (left, right) = WithSpace(text, start, comma < 0 ? end : comma + 1);
        var changed = Splice(text, left, right, "");
        if (comma >= 0 || index == 0)
        {
            return changed;
        }

        // It was the last and had no comma: the one before it must lose its own.
        comma = Comma(text, parts[index - 1].End, start);
        return Splice(changed, comma, comma + 1, "");
    }

    private static List<(int Start, int End)> Parts(PlacedValue owner) => owner.IsArray
        ? [.. owner.Items.Select(item => (item.Start, item.End))]
        : [.. owner.Members.Select(member => (member.Start, member.Value.End))];

    /// <summary>A part with its whole lines where nothing else stands on them, else with the space to its neighbour.</summary>
    private static (int Start, int End) WithSpace(byte[] text, int start, int end)
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

        if (left > 0 && text[left - 1] == '\n')
        {
            return right < text.Length && text[right] == '\n' ? (left, right + 1) : (start, right);
        }

        return right < text.Length && text[right] is (byte)']' or (byte)'}' ? (left, end) : (start, right);
    }

    /// <summary>The white space before a part that begins its line; null when something else stands before it.</summary>
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
