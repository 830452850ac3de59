using System.Buffers;
using System.Text.Json;
using Berth.Platform;

namespace Berth.Core.Tools;

/// <summary>
/// Which files a session has read and which it has changed, kept beside its log so that it is known after a restart
/// without reading the log: <c>files.jsonl</c>, a line for what is new about a path. It is derived and not synced: a line
/// that is lost costs a mark in a list.
/// </summary>
/// <param name="directory">The session's.</param>
internal sealed class FileTrail(string directory)
{
    private const string FileName = "files.jsonl";
    private const int MostFiles = 20_000;
    private const long MostBytes = 16 * 1024 * 1024;

    private readonly Lock gate = new();
    private Dictionary<string, bool>? touched;

    /// <summary>Every path, and whether it was changed.</summary>
    public IReadOnlyDictionary<string, bool> Touched()
    {
        lock (gate)
        {
            return new Dictionary<string, bool>(Loaded());
        }
    }

    /// <summary>The session has read a file, or changed it.</summary>
    public void Add(string path, bool changed)
    {
        lock (gate)
        {
            var all = Loaded();
            if (all.TryGetValue(path, out var known) ? known || !changed : all.Count >= MostFiles)
            {
                return;
            }

            all[path] = changed;
            try
            {
                Append(path, changed);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It is known as long as the daemon lives; what a full disk loses of it is told nowhere else.
            }
        }
    }

    private Dictionary<string, bool> Loaded() => touched ??= Read(Path.Combine(directory, FileName));

    private void Append(string path, bool changed)
    {
        var line = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(line))
        {
            writer.WriteStartObject();
            writer.WriteString("path"u8, path);
            writer.WriteBoolean("changed"u8, changed);
            writer.WriteEndObject();
        }

        line.Write("\n"u8);
        using var file = PrivateFiles.OpenAppend(Path.Combine(directory, FileName));
        RandomAccess.Write(file, line.WrittenSpan, RandomAccess.GetLength(file));
    }

    private static Dictionary<string, bool> Read(string file)
    {
        var all = new Dictionary<string, bool>();
        try
        {
            if (new FileInfo(file) is not { Exists: true, Length: <= MostBytes })
            {
                return all;
            }

            foreach (var line in File.ReadLines(file))
            {
                if (all.Count < MostFiles && Parse(line) is var (path, changed))
                {
                    all[path] = changed || all.GetValueOrDefault(path);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As if it had touched nothing.
        }

        return all;
    }

    // Null for a line that was torn, or that a foreign hand wrote.
    private static (string Path, bool Changed)? Parse(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("path"u8, out var path) && path.ValueKind == JsonValueKind.String
                && json.RootElement.TryGetProperty("changed"u8, out var changed)
                ? (path.GetString()!, changed.ValueKind == JsonValueKind.True)
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
