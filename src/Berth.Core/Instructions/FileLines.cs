using Berth.Platform;

namespace Berth.Core.Instructions;

/// <summary>
/// Lines of a file of any size and kind within bounds of memory and time: a line keeps its beginning only, and the
/// search for a far line ends.
/// </summary>
internal static class FileLines
{
    private const int Block = 64 * 1024;
    private const int LineBytes = 8_000;
    private const int LineChars = 2_000;
    private const int Looked = 8_000;
    private const long Searched = 64 * 1024 * 1024;

    /// <summary>What was read.</summary>
    /// <param name="Lines">Each with its number, a tab and its text, so that no line can pass for anything else.</param>
    /// <param name="Last">Number of the last line here; 0 when there is none.</param>
    /// <param name="More">Why there is more than this; null when this is all that was asked for.</param>
    public sealed record Excerpt(string Lines, int Last, string? More);

    /// <summary>Reads lines.</summary>
    /// <param name="first">The first line, from 1.</param>
    /// <param name="last">The last line; null: to the end.</param>
    /// <param name="most">Characters of the result.</param>
    /// <returns>Null for a binary file.</returns>
    /// <exception cref="IOException">It is no regular file or cannot be read.</exception>
    public static Excerpt? Read(string path, int first, int? last, int most, out long size)
    {
        using var handle = FileFacts.OpenRegular(path, out var facts);
        size = facts.Size;
        var lines = new System.Text.StringBuilder();
        var line = new byte[LineBytes];
        var (number, length, skipped, offset, shown) = (1, 0, 0L, 0L, 0);
        var block = new byte[Block];
        while (last is null || number <= last)
        {
            var read = RandomAccess.Read(handle, block, offset);
            if (offset == 0 && block.AsSpan(0, Math.Min(read, Looked)).Contains((byte)0))
            {
                return null;
            }

            offset += read;
            for (var rest = block.AsSpan(0, read); rest.Length > 0 && (last is null || number <= last);)
            {
                var end = rest.IndexOf((byte)'\n');
                var part = end < 0 ? rest : rest[..end];
                var kept = number < first ? 0 : Math.Min(part.Length, LineBytes - length);
                part[..kept].CopyTo(line.AsSpan(length));
                length += kept;
                skipped += part.Length - kept;
                rest = rest[(end < 0 ? rest.Length : end + 1)..];
                if (end >= 0)
                {
                    if (!Show())
                    {
                        return new Excerpt(lines.ToString(), shown, $"cut after line {shown}");
                    }
                }
            }

            if (read == 0)
            {
                // What stands behind the last line feed is a line only if there is something.
                return length + skipped == 0 || Show()
                    ? new Excerpt(lines.ToString(), shown, null)
                    : new Excerpt(lines.ToString(), shown, $"cut after line {shown}");
            }

            if (offset >= Searched)
            {
                return new Excerpt(lines.ToString(), shown, "the file is too large to be read further here");
            }
        }

        return new Excerpt(lines.ToString(), shown, null);

        bool Show()
        {
            if (number >= first)
            {
                var text = Shortened(CleanText.Of(line.AsSpan(0, length)), skipped);
                if (lines.Length + text.Length + 12 > most)
                {
                    return false;
                }

                lines.Append(number).Append('\t').Append(text).Append('\n');
                shown = number;
            }

            (number, length, skipped) = (number + 1, 0, 0);
            return true;
        }
    }

    private static string Shortened(string text, long skipped)
    {
        if (skipped == 0 && text.Length <= LineChars)
        {
            return text;
        }

        // Not in the middle of a pair of surrogates.
        var end = Math.Min(LineChars, text.Length);
        end -= end > 0 && char.IsHighSurrogate(text[end - 1]) ? 1 : 0;
        return $"{text[..end]}… [the line goes on]";
    }
}
