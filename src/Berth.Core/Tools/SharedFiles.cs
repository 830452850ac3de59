using System.Collections.Concurrent;
using Berth.Platform;

namespace Berth.Core.Tools;

/// <summary>A change that a session made to a file with a tool.</summary>
/// <param name="Session">Its id.</param>
/// <param name="Facts">The file as it was afterwards.</param>
/// <param name="Number">Counts all changes.</param>
internal sealed record FileChange(string Session, DateTimeOffset At, FileFacts Facts, long Number);

/// <summary>
/// What the sessions of one daemon know of each other's files: who changed each one last. Safe to use from all of them.
/// </summary>
internal sealed class SharedFiles
{
    // Beyond this it forgets all: a change by another session is then told as one that nobody knows the author of.
    private const int MostFiles = 50_000;
    private const int Stripes = 64;

    private readonly ConcurrentDictionary<string, FileChange> changes = new();
    private readonly Lock[] gates = [.. Enumerable.Range(0, Stripes).Select(static _ => new Lock())];
    private long count;

    /// <summary>How many changes there were so far.</summary>
    public long Count => Interlocked.Read(ref count);

    /// <summary>The last change of a file by a session; null when there was none since the daemon started.</summary>
    public FileChange? LastChange(string path) => changes.GetValueOrDefault(path);

    /// <summary>Lets a session change a file while no other one changes it.</summary>
    /// <param name="path">The real path, without links.</param>
    /// <param name="write">Writes it, if it is still as the session knows it.</param>
    /// <returns>What <paramref name="write"/> says of the file.</returns>
    public FileFacts Change(string path, string session, DateTimeOffset at, Func<FileFacts> write)
    {
        lock (gates[(uint)path.GetHashCode(StringComparison.Ordinal) % Stripes])
        {
            var written = write();
            if (changes.Count >= MostFiles)
            {
                changes.Clear();
            }

            changes[path] = new FileChange(session, at, written, Interlocked.Increment(ref count));
            return written;
        }
    }
}
