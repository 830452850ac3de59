using System.Buffers;

namespace Berth.Core.Tasks;

/// <summary>Takes cleaned text, piece by piece.</summary>
internal interface ITextSink
{
    /// <summary>Nothing more is wanted; the reader may stop.</summary>
    bool IsFull { get; }

    /// <summary>Takes the next piece. Lines end with a line feed; a piece may begin or end anywhere.</summary>
    void Add(ReadOnlySpan<char> text);
}

/// <summary>
/// Makes text of what a program wrote for a terminal: control sequences are left out, a line that was drawn again and
/// again (carriage return, backspace, erase) is left as it was last. Works on pieces of any size in bounded memory.
/// Sequences as in ECMA-48.
/// </summary>
internal sealed class OutputCleaner(ITextSink sink)
{
    // What stands longer than this on one line can no longer be taken back by a carriage return.
    private const int LongestLine = 32 * 1024;
    private const int LongestParameters = 64;
    private const char VisibleNull = '\u2400';

    // All control characters but line feed and tab: C0, DEL and C1.
    private static readonly SearchValues<char> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(c => char.IsControl(c) && c is not ('\n' or '\t'))]);

    private readonly char[] _line = new char[LongestLine];
    private readonly char[] _parameters = new char[LongestParameters];
    private State _state;
    private int _lineLength;
    private int _parameterLength;
    private bool _returned;

    private enum State
    {
        Text, Escape, Control, String, StringEscape,
    }

    /// <summary>The last piece ended within a control sequence.</summary>
    public bool IsInSequence => _state != State.Text;

    /// <summary>Takes the next characters.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (_state != State.Text)
            {
                text = InSequence(text[0]) ? text[1..] : text;
                continue;
            }

            var control = text.IndexOfAny(Controls);
            var plain = control < 0 ? text : text[..control];
            if (!plain.IsEmpty)
            {
                Plain(plain);
            }

            if (control >= 0)
            {
                OnControl(text[control]);
                text = text[(control + 1)..];
            }
            else
            {
                text = [];
            }
        }
    }

    /// <summary>Gives out the last line, which has no line end yet.</summary>
    public void Complete() => Flush();

    private void Plain(ReadOnlySpan<char> text)
    {
        if (_returned && text[0] != '\n')
        {
            _lineLength = 0;
        }

        _returned = false;
        var end = text.LastIndexOf('\n') + 1;
        if (end > 0)
        {
            Flush();
            sink.Add(text[..end]);
            text = text[end..];
        }

        if (_lineLength + text.Length > LongestLine)
        {
            Flush();
        }

        if (text.Length > LongestLine)
        {
            sink.Add(text);
        }
        else
        {
            text.CopyTo(_line.AsSpan(_lineLength));
            _lineLength += text.Length;
        }
    }

    private void Flush()
    {
        if (_lineLength > 0)
        {
            sink.Add(_line.AsSpan(0, _lineLength));
            _lineLength = 0;
        }
    }

    private void OnControl(char c)
    {
        switch (c)
        {
            case '\r':
                _returned = true;
                break;
            case '\b' when _lineLength > 0 && !_returned:
                _lineLength -= _lineLength > 1 && char.IsLowSurrogate(_line[_lineLength - 1]) ? 2 : 1;
                break;
            case '\0':
                Plain([VisibleNull]);
                break;
            case '\e':
                _state = State.Escape;
                break;
            case '\u009b':
                BeginControl();
                break;
            case '\u0090' or '\u0098' or '\u009d' or '\u009e' or '\u009f':
                _state = State.String;
                break;
            default:
                break;
        }
    }

    // Returns whether the character belongs to the sequence; otherwise it is text again.
    private bool InSequence(char c)
    {
        // A sequence that is never closed hides the rest of its line and nothing more.
        if (c == '\n')
        {
            _state = State.Text;
            return false;
        }

        switch (_state)
        {
            case State.Escape:
                AfterEscape(c);
                return true;
            case State.Control:
                return InControl(c);
            case State.StringEscape:
                _state = c == '\\' ? State.Text : State.Escape;
                return c == '\\';
            default:
                _state = c switch
                {
                    '\a' or '\u009c' => State.Text,
                    '\e' => State.StringEscape,
                    _ => State.String,
                };
                return true;
        }
    }

    private void AfterEscape(char c)
    {
        switch (c)
        {
            case '[':
                BeginControl();
                break;
            case ']' or 'P' or 'X' or '^' or '_':
                _state = State.String;
                break;
            case '\e' or (>= ' ' and <= '/'):
                break;
            default:
                _state = State.Text;
                break;
        }
    }

    private void BeginControl()
    {
        _state = State.Control;
        _parameterLength = 0;
    }

    private bool InControl(char c)
    {
        switch (c)
        {
            case >= ' ' and <= '?' when _parameterLength < LongestParameters:
                _parameters[_parameterLength++] = c;
                return true;
            case >= '@' and <= '~':
                _state = State.Text;
                Act(c, _parameters.AsSpan(0, _parameterLength));
                return true;
            case '\e':
                _state = State.Escape;
                return true;
            case < ' ':
                return true;
            default:
                _state = State.Text;
                return false;
        }
    }

    // Of all that a sequence can ask for, only this changes what the line says: to its beginning, and erase.
    private void Act(char final, ReadOnlySpan<char> parameters)
    {
        if (final == 'G' && parameters is "" or "0" or "1")
        {
            _returned = true;
        }
        else if (final == 'K' && (parameters is "2" || (_returned && parameters is "" or "0")))
        {
            _lineLength = 0;
        }
    }
}
