using Berth.Platform;

namespace Berth.Core.Log;

/// <summary>One of the files that a session's log consists of, oldest first: bases, which a fork has, then its own.</summary>
/// <param name="UpTo">Lines with a higher sequence number do not count.</param>
internal sealed record LogPart(string Path, long UpTo)
{
    /// <summary>Whether the session writes to it.</summary>
    public bool IsOwn => System.IO.Path.GetFileName(Path) == SessionLog.FileName;

    /// <summary>The name of a base in a session's directory, counted from 1.</summary>
    public static string BaseName(int number) => $"base-{number}.jsonl";

    /// <summary>The files of a session's log. A base counts up to where the next file begins.</summary>
    /// <exception cref="IOException">One of them cannot be read.</exception>
    public static IReadOnlyList<LogPart> Of(string directory)
    {
        var paths = new List<string>();
        for (var number = 1; File.Exists(System.IO.Path.Combine(directory, BaseName(number))); number++)
        {
            paths.Add(System.IO.Path.Combine(directory, BaseName(number)));
        }

        paths.Add(System.IO.Path.Combine(directory, SessionLog.FileName));
        var parts = new LogPart[paths.Count];
        var upTo = long.MaxValue;
        for (var i = paths.Count - 1; i >= 0; i--)
        {
            parts[i] = new LogPart(paths[i], upTo);
            upTo = i == 0 ? upTo : Math.Min(upTo, FirstSeq(paths[i]) - 1);
        }

        return parts;
    }

    // The sequence is dense: lines that are damaged before the first whole one still count.
    private static long FirstSeq(string path)
    {
        if (!File.Exists(path))
        {
            return long.MaxValue;
        }

        using var file = PrivateFiles.OpenRead(path);
        var reader = new LineReader((offset, buffer) => RandomAccess.Read(file, buffer, offset), 0);
        for (var before = 0; reader.TryNext(out var line); before++)
        {
            if (LogLine.TryVerify(line, out var seq))
            {
                return Math.Max(1, seq - before);
            }
        }

        return long.MaxValue;
    }
}
