using System.Buffers;
using System.Globalization;
using Berth.Platform;
using Berth.Protocol.Events;

namespace Berth.Core.Log;

/// <summary>Finds out what of a log is not whole, and mends it. Both read the files alone, whoever may have them open.</summary>
internal static class LogCheck
{
    /// <summary>What is wrong with a session's log, one line each; empty when all is whole.</summary>
    /// <param name="isOpen">Somebody writes to it: its last line may be on its way.</param>
    public static IReadOnlyList<string> Problems(string directory, bool isOpen)
    {
        var problems = new List<string>();
        string? session = null;
        try
        {
            if (NeverBegan(directory))
            {
                return [];
            }

            long after = 0;
            foreach (var part in LogPart.Of(directory))
            {
                var scan = Scan(part, after, (_, _, _) => { });
                problems.AddRange(ProblemsOf(part, scan, isOpen));
                after = scan.LastSeq;
            }

            var understanding = new Understanding(directory, e => session = SessionOf(e.Event) ?? session);
            SessionLog.ReadLines(directory, understanding.Take, understanding.BeginFork);
            understanding.End();
            problems.AddRange(understanding.Failed.Select(f => f.What));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [.. problems, $"The log cannot be read: {e.Message}"];
        }

        var id = Path.GetFileName(directory);
        return session == id ? problems
            : [.. problems, session is null ? "The event that begins a session is missing." : $"This is the log of session {session}."];
    }

    // The program fell, or the disk was full, before the session's first event.
    private static bool NeverBegan(string directory) => Directory.EnumerateFileSystemEntries(directory)
        .All(path => Path.GetFileName(path) == SessionLog.FileName && new FileInfo(path) is { Exists: true, Length: 0 });

    /// <summary>What is wrong with another journal.</summary>
    /// <param name="isOpen">Somebody writes to it.</param>
    public static IReadOnlyList<string> FileProblems(string path, bool isOpen)
    {
        try
        {
            var part = new LogPart(path, long.MaxValue);
            return File.Exists(path) ? [.. ProblemsOf(part, Scan(part, 0, (_, _, _) => { }), isOpen)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [$"{path} cannot be read: {e.Message}"];
        }
    }

    /// <summary>
    /// Writes the files of a session's log anew without what is damaged. A file that is whole stays as it is; of another
    /// the original is kept beside. What other sessions share with it is not touched.
    /// </summary>
    /// <returns>What was done, one line each.</returns>
    /// <exception cref="IOException">A file could not be mended; it is as it was.</exception>
    public static IReadOnlyList<string> Repair(string directory, TimeProvider time)
    {
        var done = new List<string>();
        StoredEvent? fork = null;
        SessionLog.Read(directory, e => fork = e.Event is SessionForked ? e : fork);
        long after = 0;
        var parts = LogPart.Of(directory);
        foreach (var part in parts)
        {
            // A fork's own file must begin with the word that it is one.
            var begin = part.IsOwn && parts.Count > 1 && !BeginsAsFork(part, after) ? fork : null;
            done.AddRange(RepairFile(part, after, begin, time));
            after = Scan(part, after, (_, _, _) => { }).LastSeq;
        }

        return done;
    }

    /// <summary>The same for another journal.</summary>
    /// <exception cref="IOException">It could not be mended; it is as it was.</exception>
    public static IReadOnlyList<string> RepairFile(string path, TimeProvider time) =>
        RepairFile(new LogPart(path, long.MaxValue), 0, null, time);

    private static IReadOnlyList<string> RepairFile(LogPart part, long after, StoredEvent? begin, TimeProvider time)
    {
        var lines = new List<(long Offset, int Length)>();
        var scan = Scan(part, after, (_, offset, line) => lines.Add((offset, line.Length + 1)));
        var lost = scan.Damaged.Sum(d => d.Length) + scan.FileLength - scan.WholeLength;
        if (lost == 0 && begin is null)
        {
            return [];
        }

        var fresh = $"{part.Path}.mended";
        File.Delete(fresh);
        using (var from = PrivateFiles.OpenRead(part.Path))
        using (var to = PrivateFiles.CreateNew(fresh))
        {
            var at = begin is null ? 0 : WriteEvent(to, begin);
            foreach (var (offset, length) in lines)
            {
                var bytes = new byte[length];
                RandomAccess.Read(from, bytes, offset);
                PrivateFiles.Write(to, bytes, at);
                at += length;
            }

            PrivateFiles.SyncData(to);
        }

        var stamp = time.GetUtcNow().ToString("yyyyMMdd-HHmmss-fff", CultureInfo.InvariantCulture);
        var kept = $"{part.Path}.before-repair-{stamp}";
        PrivateFiles.HardLink(part.Path, kept);
        File.Move(fresh, part.Path, overwrite: true);
        PrivateFiles.SyncDirectory(Path.GetDirectoryName(part.Path)!);
        return [$"{Path.GetFileName(part.Path)}: {lost} damaged bytes were left out; the original is kept in {kept}."];
    }

    private static long WriteEvent(Microsoft.Win32.SafeHandles.SafeFileHandle to, StoredEvent stored)
    {
        var json = new ArrayBufferWriter<byte>();
        EventJson.Write(json, stored);
        var line = new ArrayBufferWriter<byte>();
        LogLine.Seal(line, json.WrittenSpan);
        PrivateFiles.Write(to, line.WrittenSpan, 0);
        return line.WrittenCount;
    }

    private static bool BeginsAsFork(LogPart part, long after)
    {
        var first = true;
        var begins = false;
        Scan(part, after, (_, _, line) =>
        {
            begins |= first && line.IndexOf("\"type\":\"session_forked\""u8) >= 0;
            first = false;
        });
        return begins;
    }

    private static JournalScan Scan(LogPart part, long after, JournalScan.WholeLine line)
    {
        using var file = PrivateFiles.OpenRead(part.Path);
        return JournalScan.Run(file, line, after, part.UpTo);
    }

    private static IEnumerable<string> ProblemsOf(LogPart part, JournalScan scan, bool isOpen)
    {
        var name = Path.GetFileName(part.Path);
        if (scan.Damaged.Count > 0)
        {
            yield return $"{name}: {scan.Damaged.Sum(d => d.Length)} damaged bytes, the first at byte {scan.Damaged[0].Offset}.";
        }

        if (scan.FileLength > scan.WholeLength && part.UpTo == long.MaxValue && !isOpen)
        {
            yield return $"{name}: {scan.FileLength - scan.WholeLength} bytes of an unfinished write at its end.";
        }

        if (part.UpTo < long.MaxValue - 1 && scan.LastSeq < part.UpTo)
        {
            yield return $"{name}: the events {scan.LastSeq + 1} to {part.UpTo} are missing.";
        }
    }

    private static string? SessionOf(SessionEvent e) => e switch
    {
        SessionCreated created => created.Session,
        SessionForked forked => forked.Session,
        _ => null,
    };
}
