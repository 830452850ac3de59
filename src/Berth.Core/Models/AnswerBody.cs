using System.Runtime.ExceptionServices;
using Berth.Protocol;

namespace Berth.Core.Models;

/// <summary>
/// The body of an answer on its way to the event parser: watches for silence, bounds the size, and ends with a blank
/// line, because servers that leave it out after their last event are common and the parser would drop that event.
/// </summary>
internal sealed class AnswerBody(Stream inner, SilenceWatch watch, TimeSpan betweenBytes) : Stream
{
    private const int MaxReadBytes = 16 * 1024;

    private readonly byte[] _head = new byte[256];
    private ExceptionDispatchInfo? _fault;
    private int _headLength;
    private int _headRead;
    private long _total;
    private long _line;
    private int _blanks = 2;

    private static ReadOnlySpan<byte> Blanks => " \t\r\n"u8;

    private static ReadOnlySpan<byte> Mark => "\uFEFF"u8;

    /// <summary>The server ended the body in an orderly way.</summary>
    public bool Ended { get; private set; }

    /// <summary>
    /// Waits for the first byte that is no white space and no byte order mark, and leaves it to be read next; -1
    /// when the body ends before one comes. Some servers send blanks for as long as they think.
    /// </summary>
    public async ValueTask<int> PeekAsync()
    {
        while (true)
        {
            var count = await ReceiveAsync(_head.AsMemory(_headLength));
            _headLength += count;
            var content = _head.AsSpan(0, _headLength).TrimStart(Blanks);
            if (content.StartsWith(Mark))
            {
                content = content[Mark.Length..].TrimStart(Blanks);
            }

            // One or two bytes of a mark say nothing yet.
            if (content.Length > 0 && (count == 0 || content.Length >= Mark.Length || !Mark.StartsWith(content)))
            {
                _headRead = _headLength - content.Length;
                return content[0];
            }

            if (count == 0)
            {
                return -1;
            }

            if (content.IsEmpty)
            {
                _headLength = 0;
            }
        }
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_headRead < _headLength)
        {
            var count = Math.Min(buffer.Length, _headLength - _headRead);
            _head.AsSpan(_headRead, count).CopyTo(buffer.Span);
            _headRead += count;
            return new(count);
        }

        if (Ended)
        {
            return new(CloseLastEvent(buffer.Span));
        }

        return ReadOnAsync(buffer);
    }

    private async ValueTask<int> ReadOnAsync(Memory<byte> buffer)
    {
        var count = await ReceiveAsync(buffer);
        return count > 0 ? count : CloseLastEvent(buffer.Span);
    }

    private int CloseLastEvent(Span<byte> buffer)
    {
        var count = Math.Min(_blanks, buffer.Length);
        buffer[..count].Fill((byte)'\n');
        _blanks -= count;
        return count;
    }

    private async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        _fault?.Throw();
        buffer = buffer[..Math.Min(buffer.Length, MaxReadBytes)];
        buffer.Span.Clear();
        watch.Listen();
        int count;
        try
        {
            count = await inner.ReadAsync(buffer, watch.Token);
        }
        catch (IOException fault) when (buffer.Span[0] != 0)
        {
            // A broken chunk behind good ones in one packet: they are in the buffer, but HttpClient does not tell how
            // much. No answer contains a zero byte, so the first one is where they end. The fault waits its turn.
            _fault = ExceptionDispatchInfo.Capture(fault);
            count = buffer.Span.IndexOf((byte)0) is var end and >= 0 ? end : buffer.Length;
        }

        watch.Heard();
        if (count == 0)
        {
            Ended = true;
            return 0;
        }

        if (_total == 0)
        {
            watch.Allow(betweenBytes);
        }

        Bound(buffer.Span[..count]);
        return count;
    }

    private void Bound(ReadOnlySpan<byte> bytes)
    {
        _total += bytes.Length;
        var end = bytes.LastIndexOfAny((byte)'\n', (byte)'\r');
        _line = end < 0 ? _line + bytes.Length : bytes.Length - end - 1;
        if (_total > Limits.ModelAnswerBytes || _line > Limits.ModelLineBytes)
        {
            throw new InvalidDataException(_total > Limits.ModelAnswerBytes
                ? $"the answer is longer than {Limits.ModelAnswerBytes:N0} bytes"
                : $"a line of the answer is longer than {Limits.ModelLineBytes:N0} bytes");
        }
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
