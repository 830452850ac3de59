using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Berth.Core.Log;

/// <summary>
/// A text as it would stand in a log, to be found in its raw bytes: large and small letters of ASCII are one, all else
/// is found as it is written.
/// </summary>
internal sealed class TextNeedle
{
    private const byte CaseBit = 0x20;

    private readonly byte[] folded;
    private readonly byte[] masks;

    /// <param name="text">Not empty.</param>
    public TextNeedle(string text)
    {
        Text = text;
        folded = JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.ToArray();
        masks = new byte[folded.Length];
        for (var i = 0; i < folded.Length; i++)
        {
            masks[i] = char.IsAsciiLetter((char)folded[i]) ? CaseBit : (byte)0;
            folded[i] |= masks[i];
        }
    }

    /// <summary>What is looked for.</summary>
    public string Text { get; }

    /// <summary>How many bytes it has in a log.</summary>
    public int Length => folded.Length;

    /// <summary>Whether the text may begin somewhere in the bytes.</summary>
    public bool MayBeginIn(ReadOnlySpan<byte> bytes) =>
        masks[0] == 0 ? bytes.Contains(folded[0]) : bytes.IndexOfAny(folded[0], (byte)(folded[0] & ~CaseBit)) >= 0;

    /// <summary>Whether the bytes may hold the text; what they hold is for the decoded line to say.</summary>
    public bool MayBeIn(ReadOnlySpan<byte> bytes)
    {
        var starts = bytes.Length - folded.Length + 1;
        if (starts < Vector256<byte>.Count)
        {
            return IsAtOneOf(bytes, 0, starts);
        }

        for (var at = 0; ; at = Math.Min(at + Vector256<byte>.Count, starts - Vector256<byte>.Count))
        {
            if (IsInBlock(bytes, at))
            {
                return true;
            }

            if (at == starts - Vector256<byte>.Count)
            {
                return false;
            }
        }
    }

    // Its first and its last byte are compared at 32 places at once; only where both fit are the others looked at.
    private bool IsInBlock(ReadOnlySpan<byte> bytes, int at)
    {
        var first = Vector256.Create(bytes.Slice(at, Vector256<byte>.Count)) | Vector256.Create(masks[0]);
        var last = Vector256.Create(bytes.Slice(at + folded.Length - 1, Vector256<byte>.Count)) | Vector256.Create(masks[^1]);
        var fits = (Vector256.Equals(first, Vector256.Create(folded[0])) & Vector256.Equals(last, Vector256.Create(folded[^1])))
            .ExtractMostSignificantBits();
        for (; fits != 0; fits &= fits - 1)
        {
            if (IsAt(bytes, at + BitOperations.TrailingZeroCount(fits)))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsAtOneOf(ReadOnlySpan<byte> bytes, int from, int to)
    {
        for (var at = from; at < to; at++)
        {
            if (IsAt(bytes, at))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsAt(ReadOnlySpan<byte> bytes, int at)
    {
        for (var i = 0; i < folded.Length; i++)
        {
            if ((bytes[at + i] | masks[i]) != folded[i])
            {
                return false;
            }
        }

        return true;
    }
}
