using System.Security.Cryptography;
using Berth.Platform;

namespace Berth.Core.Tools;

/// <summary>How a file stands to what a session knows of it.</summary>
internal enum FileStanding
{
    /// <summary>The session has neither read nor written it.</summary>
    Unread,

    /// <summary>It is not what the session read or wrote last.</summary>
    Changed,

    /// <summary>It is as the session knows it.</summary>
    Known,
}

/// <summary>
/// Which files a session has read or written, and as what: so that it changes nothing that it has not seen. It lives in
/// memory only; after a restart every file counts as not read. Safe to use from calls that run side by side.
/// </summary>
/// <param name="shared">What the sessions know of each other's files; null: there is no other session.</param>
/// <param name="session">This one's id.</param>
/// <param name="trail">What stays known of it after a restart; null: nothing.</param>
internal sealed class FileRegistry(SharedFiles? shared = null, string session = "", FileTrail? trail = null)
{
    // Beyond this it forgets all: a session that has seen so many files reads one again before it changes it.
    private const int MostFiles = 20_000;

    private readonly Lock gate = new();
    private readonly SharedFiles shared = shared ?? new SharedFiles();
    private readonly Dictionary<string, Seen> known = [];

    // What was seen, and how many changes of all sessions there were then.
    private readonly record struct Seen(FileFacts Facts, byte[]? Hash, long Changes);

    /// <summary>The session has seen this content.</summary>
    /// <param name="path">The real path, without links.</param>
    /// <param name="facts">The facts from before it was read.</param>
    /// <param name="hash">Of the whole content (<see cref="HashOf"/>); null when only a part was read.</param>
    public void Note(string path, FileFacts facts, byte[]? hash)
    {
        Know(path, facts, hash);
        trail?.Add(path, changed: false);
    }

    /// <summary>The session changes a file, while no other session does.</summary>
    /// <param name="path">The real path, without links.</param>
    /// <param name="hash">Of the content that is written.</param>
    /// <param name="write">Writes it and says what the file is then.</param>
    public void Change(string path, DateTimeOffset at, byte[] hash, Func<FileFacts> write)
    {
        Know(path, shared.Change(path, session, at, write), hash);
        trail?.Add(path, changed: true);
    }

    /// <summary>The change by another session that this one has not seen; null when none is known.</summary>
    /// <param name="path">The real path of a file that has changed since it was seen.</param>
    /// <param name="facts">The file as it is now.</param>
    public FileChange? UnseenChange(string path, FileFacts facts)
    {
        Seen seen;
        lock (gate)
        {
            seen = known.GetValueOrDefault(path);
        }

        return shared.LastChange(path) is { } last && last.Session != session
            && (last.Number > seen.Changes || last.Facts == facts)
            ? last
            : null;
    }

    private void Know(string path, FileFacts facts, byte[]? hash)
    {
        lock (gate)
        {
            if (known.Count >= MostFiles)
            {
                known.Clear();
            }

            known[path] = new Seen(facts, hash, shared.Count);
        }
    }

    /// <summary>How a file stands now.</summary>
    /// <param name="path">The real path, without links.</param>
    /// <param name="content">Its content now, where that was read; it counts for more than the file's times.</param>
    public FileStanding Of(string path, FileFacts facts, byte[]? content)
    {
        Seen seen;
        lock (gate)
        {
            if (!known.TryGetValue(path, out seen))
            {
                return FileStanding.Unread;
            }
        }

        var isSame = content is not null && seen.Hash is not null
            ? HashOf(content).AsSpan().SequenceEqual(seen.Hash)
            : facts == seen.Facts;
        return isSame ? FileStanding.Known : FileStanding.Changed;
    }

    /// <summary>The hash of a file's content.</summary>
    public static byte[] HashOf(ReadOnlySpan<byte> content) => SHA256.HashData(content);
}
