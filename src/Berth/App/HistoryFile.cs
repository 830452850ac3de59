using System.Buffers;
using System.Text.Json;
using Berth.Editor;
using Berth.Platform;

namespace Berth.App;

/// <summary>
/// The input history on disk: JSON Lines, one object <c>{"text":"…"}</c> a line, appended to by all terminals of a user.
/// What cannot be read or written is left out: a history is no reason to disturb anybody.
/// </summary>
internal sealed class HistoryFile(string path)
{
    private const int LongestLine = 20_000;
    private const int RewriteAt = 2 * InputHistory.Kept;

    /// <summary>The stored lines, oldest first, at most <see cref="InputHistory.Kept"/>; shortens a file that grew.</summary>
    public IReadOnlyList<string> Read()
    {
        try
        {
            var lines = new List<string>();
            var stored = 0;
            foreach (var line in File.ReadLines(path))
            {
                stored++;
                if (Parse(line) is { } text && (lines.Count == 0 || lines[^1] != text))
                {
                    lines.Add(text);
                }
            }

            if (lines.Count > InputHistory.Kept)
            {
                lines.RemoveRange(0, lines.Count - InputHistory.Kept);
            }

            if (stored > RewriteAt)
            {
                Rewrite(lines);
            }

            return lines;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Adds a line.</summary>
    public void Append(string text)
    {
        try
        {
            if (text.Length <= LongestLine)
            {
                PrivateFiles.CreateDirectory(Path.GetDirectoryName(path)!);
                using var file = PrivateFiles.OpenAppend(path);
                RandomAccess.Write(file, Encode(text), 0);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // See the class comment.
        }
    }

    // Another terminal reads the old file or the new one.
    private void Rewrite(List<string> lines)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var line in lines)
        {
            bytes.Write(Encode(line));
        }

        PrivateFiles.WriteAtomically(path, bytes.WrittenSpan);
    }

    private static byte[] Encode(string text)
    {
        var bytes = new ArrayBufferWriter<byte>(text.Length + 16);
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString("text"u8, text);
            writer.WriteEndObject();
        }

        bytes.Write("\n"u8);
        return bytes.WrittenSpan.ToArray();
    }

    private static string? Parse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("text"u8, out var text) ? text.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
