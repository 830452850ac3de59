using Berth.Views;

namespace Berth.App;

/// <summary>The last lines of output files, read at most a few times a second.</summary>
internal sealed class TaskTails(TimeProvider time)
{
    private const int TailBytes = 16 * 1024;
    private const int MostLines = 100;
    private const int MostFiles = 64;
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, Tail> read = [];

    private sealed record Tail(DateTimeOffset At, IReadOnlyList<string> Lines);

    /// <summary>The last lines of a file; none when it cannot be read.</summary>
    public IReadOnlyList<string> Read(string path)
    {
        var now = time.GetUtcNow();
        if (read.TryGetValue(path, out var before) && now - before.At < Fresh)
        {
            return before.Lines;
        }

        if (read.Count >= MostFiles)
        {
            read.Clear();
        }

        var lines = ReadNow(path);
        read[path] = new Tail(now, lines);
        return lines;
    }

    private static List<string> ReadNow(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
            var length = RandomAccess.GetLength(file);
            var buffer = new byte[(int)Math.Min(length, TailBytes)];
            var count = RandomAccess.Read(file, buffer, length - buffer.Length);
            return TaskOutput.Lines(buffer.AsSpan(0, count), MostLines);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return [];
        }
    }
}
