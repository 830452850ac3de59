using System.Runtime.InteropServices;
using System.Text;
using Berth.Protocol;

namespace Berth.Tty;

/// <summary>Collects the bytes of a bracketed paste up to its end mark, <c>CSI 201 ~</c>.</summary>
internal sealed class PasteReader
{
    private readonly List<byte> bytes = [];
    private int matched;

    private static ReadOnlySpan<byte> EndMark => "\x1b[201~"u8;

    /// <summary>Takes one byte; true when it is the last of the end mark.</summary>
    public bool Ends(byte b)
    {
        if (b != EndMark[matched])
        {
            KeepMatched();
            if (b != EndMark[0])
            {
                Keep(b);
                return false;
            }
        }

        matched++;
        return matched == EndMark.Length;
    }

    /// <summary>What was pasted, as a key; the reader is empty again.</summary>
    public Key Take()
    {
        if (matched < EndMark.Length)
        {
            KeepMatched();
        }

        var text = Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(bytes));
        bytes.Clear();
        bytes.Capacity = 0;
        matched = 0;
        return new Key(KeyCode.Paste, KeyModifiers.None, text.Replace("\r\n", "\n").Replace('\r', '\n'));
    }

    // The beginning of an end mark that was none belongs to the paste.
    private void KeepMatched()
    {
        for (var i = 0; i < matched; i++)
        {
            Keep(EndMark[i]);
        }

        matched = 0;
    }

    // One byte more than a line may have is enough to refuse it.
    private void Keep(byte b)
    {
        if (bytes.Count <= Limits.LineBytes)
        {
            bytes.Add(b);
        }
    }
}
