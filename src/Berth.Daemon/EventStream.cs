using System.Buffers;
using Berth.Core.Log;

namespace Berth.Daemon;

/// <summary>
/// The events of one message to a client, as they stand in the log, parted by commas. For a view, pieces of one answer
/// that follow each other become one: drawn they are the same, and a long history is a fraction of its events.
/// </summary>
internal sealed class EventStream(ArrayBufferWriter<byte> output, bool joinsPieces)
{
    private const int PieceBytes = 16 * 1024;

    private readonly ArrayBufferWriter<byte> head = new(128);
    private readonly ArrayBufferWriter<byte> piece = new(1024);
    private bool isEmpty = true;

    private static ReadOnlySpan<byte> Text => "text_added\",\"text\":\""u8;

    private static ReadOnlySpan<byte> Reasoning => "reasoning_added\",\"text\":\""u8;

    /// <summary>Bytes so far.</summary>
    public int Length => output.WrittenCount + piece.WrittenCount;

    /// <summary>Begins a message.</summary>
    public void Begin() => isEmpty = true;

    /// <summary>Adds a line of the log.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        if (joinsPieces && PieceOf(line, out var before, out var text))
        {
            if (head.WrittenCount > 0 && (!IsSameKind(before) || piece.WrittenCount > PieceBytes))
            {
                Flush();
            }

            // The place is that of the last piece: who has it has all before it.
            head.ResetWrittenCount();
            head.Write(before);
            piece.Write(text);
            return;
        }

        Flush();
        Next();
        output.Write(line);
    }

    /// <summary>Ends a message: what was still held is written.</summary>
    /// <returns>False when nothing was added.</returns>
    public bool End()
    {
        Flush();
        return !isEmpty;
    }

    private static bool PieceOf(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> before, out ReadOnlySpan<byte> text)
    {
        var fields = LogLine.FieldsFromType(line);
        var begins = fields.StartsWith(Text) ? Text.Length : fields.StartsWith(Reasoning) ? Reasoning.Length : 0;
        before = line[..(line.Length - fields.Length + begins)];
        text = default;
        return begins > 0 && LogLine.TextAfter(fields[begins..], out text);
    }

    private bool IsSameKind(ReadOnlySpan<byte> before) => before.EndsWith(Reasoning) == head.WrittenSpan.EndsWith(Reasoning);

    private void Flush()
    {
        if (head.WrittenCount == 0)
        {
            return;
        }

        Next();
        output.Write(head.WrittenSpan);
        output.Write(piece.WrittenSpan);
        output.Write("\"}"u8);
        head.ResetWrittenCount();
        piece.ResetWrittenCount();
    }

    private void Next()
    {
        if (!isEmpty)
        {
            output.Write(","u8);
        }

        isEmpty = false;
    }
}
