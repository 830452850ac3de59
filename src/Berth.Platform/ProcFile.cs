using System.Text;

namespace Berth.Platform;

/// <summary>Reads the small files of /proc: one open, one or few reads, no state kept.</summary>
internal static unsafe class ProcFile
{
    private const int ChunkBytes = 16 * 1024;

    /// <summary>Reads the beginning of a file into the buffer. Negative when it cannot be read: the process is gone, or
    /// is not ours to look at.</summary>
    public static int Read(string path, Span<byte> buffer)
    {
        using var file = Linux.open(path, Linux.ReadOnly | Linux.CloseOnExec, 0);
        if (file.IsInvalid)
        {
            return -1;
        }

        fixed (byte* bytes = buffer)
        {
            var filled = 0;
            while (filled < buffer.Length)
            {
                var got = (int)Linux.read(file, bytes + filled, buffer.Length - filled);
                if (got < 0)
                {
                    return -1;
                }

                if (got == 0)
                {
                    break;
                }

                filled += got;
            }

            return filled;
        }
    }

    /// <summary>The whole file, as far as it fits into 16 KiB; null when it cannot be read.</summary>
    public static string? Text(string path)
    {
        Span<byte> buffer = stackalloc byte[ChunkBytes];
        var length = Read(path, buffer);
        return length < 0 ? null : Encoding.UTF8.GetString(buffer[..length]);
    }

    /// <summary>The rest of the line that begins with the name, without the space around it.</summary>
    public static string? Field(string path, string name)
    {
        // Line by line by hand: the framework's way compiles a dozen methods, at every start of a client.
        var text = Text(path) ?? "";
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end;
            if (string.CompareOrdinal(text, at, name, 0, name.Length) == 0)
            {
                return text[(at + name.Length)..end].Trim();
            }

            at = end + 1;
        }

        return null;
    }

    /// <summary>Whether a file of entries that each end with NUL holds this one.</summary>
    public static bool HasEntry(string path, ReadOnlySpan<byte> entry)
    {
        using var file = Linux.open(path, Linux.ReadOnly | Linux.CloseOnExec, 0);
        if (file.IsInvalid)
        {
            return false;
        }

        // Matched byte by byte against the entry, so that an environment of any size needs one small buffer.
        var buffer = stackalloc byte[ChunkBytes];
        var matched = 0;
        while (true)
        {
            var got = (int)Linux.read(file, buffer, ChunkBytes);
            if (got <= 0)
            {
                return got == 0 && matched == entry.Length;
            }

            foreach (var b in new ReadOnlySpan<byte>(buffer, got))
            {
                if (b == 0)
                {
                    if (matched == entry.Length)
                    {
                        return true;
                    }

                    matched = 0;
                }
                else
                {
                    // -1: this entry differs already; nothing matches before its end.
                    matched = matched >= 0 && matched < entry.Length && b == entry[matched] ? matched + 1 : -1;
                }
            }
        }
    }
}
