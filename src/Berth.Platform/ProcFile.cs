using System.Text;

namespace Berth.Platform;

/// <summary>Reads the small files of /proc: one open, one or few reads, no state kept.</summary>
internal static unsafe class ProcFile
{
    private const int ChunkBytes = 16 * 1024;
    private const int LargestFileBytes = 1024 * 1024;

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

    /// <summary>The whole file, up to 1 MiB; null when it cannot be read.</summary>
    public static string? Text(string path)
    {
        Span<byte> few = stackalloc byte[ChunkBytes];
        var length = Read(path, few);
        if (length < ChunkBytes)
        {
            return length < 0 ? null : Encoding.UTF8.GetString(few[..length]);
        }

        var many = new byte[LargestFileBytes];
        length = Read(path, many);
        return length < 0 ? null : Encoding.UTF8.GetString(many.AsSpan(0, length));
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

    /// <summary>
    /// Whether a file of NAME=VALUE entries, each ended by NUL, holds this one. NUL in the place of '=' counts too:
    /// bash writes it there for a moment while it starts, in the memory that this file shows.
    /// </summary>
    /// <param name="length">Bytes that were looked at: all there are, when the answer is no; negative when the file may
    /// not be read.</param>
    public static bool HasEntry(string path, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, out long length)
    {
        length = -1;
        using var file = Linux.open(path, Linux.ReadOnly | Linux.CloseOnExec, 0);
        if (file.IsInvalid)
        {
            return false;
        }

        // Compared byte by byte, so that an environment of any size needs one small buffer. How much of the name, and
        // after it of the value, the entry has matched so far; -1 when it is another.
        var (inName, inValue) = (0, -1);
        var buffer = stackalloc byte[ChunkBytes];
        length = 0;
        while (true)
        {
            var got = (int)Linux.read(file, buffer, ChunkBytes);
            if (got <= 0)
            {
                return got == 0 && inValue == value.Length;
            }

            length += got;
            foreach (var b in new ReadOnlySpan<byte>(buffer, got))
            {
                if (b == 0 && inValue == value.Length)
                {
                    return true;
                }

                inValue = b is 0 or (byte)'=' && inName == name.Length ? 0
                    : inValue >= 0 && inValue < value.Length && b == value[inValue] ? inValue + 1
                    : -1;
                inName = b == 0 ? 0
                    : inName >= 0 && inName < name.Length && b == name[inName] ? inName + 1
                    : -1;
            }
        }
    }
}
