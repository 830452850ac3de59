using Berth.Protocol;

namespace Berth.Core.Log;

/// <summary>Splits what a read function gives into lines, with their offsets. Longer lines than an event are cut apart.</summary>
internal sealed class LineReader(LineReader.ReadAt read, long offset)
{
    private const int UsualBytes = 64 * 1024;

    private byte[] buffer = new byte[UsualBytes];
    private int start;
    private int end;
    private bool ended;
    private long heldFrom = long.MaxValue;

    public delegate int ReadAt(long offset, Span<byte> buffer);

    /// <summary>Where the line that <see cref="TryNext"/> gave begins.</summary>
    public long LineOffset { get; private set; }

    /// <summary>Where the line after it begins.</summary>
    public long NextOffset { get; private set; } = offset;

    /// <summary>The next complete line without its line end; false when only an unfinished one is left.</summary>
    public bool TryNext(out ReadOnlySpan<byte> line)
    {
        var searched = start;
        while (true)
        {
            var newline = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (newline >= 0 || end - start > Limits.EventBytes)
            {
                var stop = newline >= 0 ? searched + newline : end;
                line = buffer.AsSpan(start, stop - start);
                LineOffset = NextOffset;
                var taken = stop - start + (newline >= 0 ? 1 : 0);
                NextOffset += taken;
                start += taken;
                return true;
            }

            if (ended)
            {
                line = default;
                return false;
            }

            Fill(out searched);
        }
    }

    /// <summary>More may have been written since the end was met.</summary>
    public void Continue() => ended = false;

    /// <summary>From here on all lines stay at hand: from the one that <see cref="TryNext"/> gave.</summary>
    public void Hold() => heldFrom = LineOffset;

    /// <summary>The lines from where <see cref="Hold"/> was called up to an offset not behind the last line given.</summary>
    public ReadOnlySpan<byte> Held(long upTo) =>
        buffer.AsSpan(start - (int)(NextOffset - heldFrom), (int)(upTo - heldFrom));

    /// <summary>They are not needed any more.</summary>
    public void LetGo() => heldFrom = long.MaxValue;

    private void Fill(out int searched)
    {
        var keep = start - (int)(NextOffset - Math.Min(heldFrom, NextOffset));
        var held = end - keep;
        var target = held > buffer.Length / 2 ? new byte[buffer.Length * 2]
            : held == 0 && buffer.Length > UsualBytes ? new byte[UsualBytes]
            : buffer;
        Buffer.BlockCopy(buffer, keep, target, 0, held);
        buffer = target;
        searched = held;
        start -= keep;
        var count = read(NextOffset - start + held, buffer.AsSpan(held));
        end = held + count;
        ended = count == 0;
    }
}
