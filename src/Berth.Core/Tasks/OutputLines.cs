using System.Text;

namespace Berth.Core.Tasks;

/// <summary>Cuts cleaned text into lines and hands those out that are asked for. A very long line is cut, with the
/// number of characters left out.</summary>
/// <param name="take">Gets each line, without its end, and its number from 1; false when it wants no more.</param>
/// <param name="longest">So much of a line is kept, in UTF-16 units.</param>
internal sealed class OutputLines(OutputLines.Take take, int longest = OutputLines.LongestLine) : ITextSink
{
    /// <summary>So much of a line is shown, in UTF-16 units.</summary>
    public const int LongestLine = 4_000;

    private readonly StringBuilder _line = new();
    private long _left;
    private bool _any;

    /// <summary>See the class.</summary>
    public delegate bool Take(string line, long number);

    /// <summary>Lines seen so far.</summary>
    public long Count { get; private set; }

    /// <inheritdoc/>
    public bool IsFull { get; private set; }

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty && !IsFull)
        {
            var end = text.IndexOf('\n');
            var part = end < 0 ? text : text[..end];
            var kept = Math.Min(part.Length, longest - _line.Length);
            _line.Append(part[..kept]);
            _left += part.Length - kept;
            _any = true;
            text = end < 0 ? [] : text[(end + 1)..];
            if (end >= 0)
            {
                End();
            }
        }
    }

    /// <summary>Hands out the last line if it has no line end.</summary>
    public void Complete()
    {
        if (_any && !IsFull)
        {
            End();
        }
    }

    private void End()
    {
        if (_left > 0)
        {
            _line.Append($" [… {_left} more characters]");
        }

        IsFull = !take(_line.ToString(), ++Count);
        _line.Clear();
        _left = 0;
        _any = false;
    }
}
