using System.Text;

namespace Berth.Core.Tasks;

/// <summary>
/// Keeps the beginning and the end of a text of any length, and knows exactly how much lies between them. Characters
/// are Unicode's (an emoji of two UTF-16 units is one).
/// </summary>
/// <param name="headChars">Most UTF-16 units of the beginning.</param>
/// <param name="tailChars">Most UTF-16 units of the end.</param>
internal sealed class HeadAndTail(int headChars, int tailChars) : ITextSink
{
    private readonly StringBuilder _head = new();
    private readonly char[] _tail = new char[tailChars];
    private long _afterHead;
    private long _characters;

    /// <inheritdoc/>
    public bool IsFull => false;

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<char> text)
    {
        _characters += CountCharacters(text);
        var toHead = Math.Min(text.Length, headChars - _head.Length);
        _head.Append(text[..toHead]);
        text = text[toHead..];

        // Of a long piece only the end can stay.
        var skipped = Math.Max(0, text.Length - tailChars);
        var at = (int)((_afterHead + skipped) % tailChars);
        _afterHead += text.Length;
        text = text[skipped..];
        var first = Math.Min(text.Length, tailChars - at);
        text[..first].CopyTo(_tail.AsSpan(at));
        text[first..].CopyTo(_tail);
    }

    /// <summary>What was kept, cut at ends of lines where one is near.</summary>
    /// <returns>With nothing left out the whole text is in <c>Head</c>.</returns>
    public (string Head, long Omitted, string Tail) Result()
    {
        var length = (int)Math.Min(_afterHead, tailChars);
        var begin = _afterHead > tailChars ? (int)(_afterHead % tailChars) : 0;
        var tail = string.Concat(_tail.AsSpan(begin, length - begin), _tail.AsSpan(0, begin));
        var head = _head.ToString();
        if (_afterHead <= tailChars)
        {
            return (head + tail, 0, "");
        }

        var headEnd = head.LastIndexOf('\n') + 1;
        head = headEnd > headChars / 2 ? head[..headEnd]
            : head.Length > 0 && char.IsHighSurrogate(head[^1]) ? head[..^1]
            : head;
        var tailBegin = tail.IndexOf('\n') + 1;
        tail = tailBegin > 0 && tailBegin < tailChars / 2 ? tail[tailBegin..]
            : tail.Length > 0 && char.IsLowSurrogate(tail[0]) ? tail[1..]
            : tail;
        return (head, _characters - CountCharacters(head) - CountCharacters(tail), tail);
    }

    private static long CountCharacters(ReadOnlySpan<char> text)
    {
        long characters = text.Length;
        int next;
        while ((next = text.IndexOfAnyInRange('\uDC00', '\uDFFF')) >= 0)
        {
            characters--;
            text = text[(next + 1)..];
        }

        return characters;
    }
}
