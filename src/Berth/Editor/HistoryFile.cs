using System.Buffers;
using System.Text.Json;

// Berth runs on Linux; the analyzer has Windows in mind, which knows no Unix file modes.
#pragma warning disable CA1416

namespace Berth.Editor;

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
                Directory.CreateDirectory(Path.GetDirectoryName(path)!, PrivateDirectory);
                Write(path, FileMode.Append, Encode(text));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // See the class comment.
        }
    }

    private const UnixFileMode PrivateDirectory =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Written beside and moved into place: another terminal reads the old file or the new one.
    private void Rewrite(List<string> lines)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var line in lines)
        {
            bytes.Write(Encode(line));
        }

        var beside = $"{path}.{Environment.ProcessId}";
        Write(beside, FileMode.Create, bytes.WrittenSpan);
        File.Move(beside, path, overwrite: true);
    }

    private static void Write(string path, FileMode mode, ReadOnlySpan<byte> bytes)
    {
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        file.Write(bytes);
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
