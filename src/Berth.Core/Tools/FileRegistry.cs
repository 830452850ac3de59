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
internal sealed class FileRegistry
{
    // Beyond this it forgets all: a session that has seen so many files reads one again before it changes it.
    private const int MostFiles = 20_000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, (FileFacts Facts, byte[]? Hash)> known = [];

    /// <summary>The session has seen this content.</summary>
    /// <param name="path">The real path, without links.</param>
    /// <param name="facts">The facts from before it was read.</param>
    /// <param name="hash">Of the whole content (<see cref="HashOf"/>); null when only a part was read.</param>
    public void Note(string path, FileFacts facts, byte[]? hash)
    {
        lock (gate)
        {
            if (known.Count >= MostFiles)
            {
                known.Clear();
            }

            known[path] = (facts, hash);
        }
    }

    /// <summary>How a file stands now.</summary>
    /// <param name="path">The real path, without links.</param>
    /// <param name="content">Its content now, where that was read; it counts for more than the file's times.</param>
    public FileStanding Of(string path, FileFacts facts, byte[]? content)
    {
        (FileFacts Facts, byte[]? Hash) seen;
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
