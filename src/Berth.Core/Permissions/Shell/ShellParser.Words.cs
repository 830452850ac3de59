namespace Berth.Core.Permissions.Shell;

/// <summary>Words and their quoting.</summary>
internal sealed partial class ShellParser
{
    private static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || char.IsAsciiDigit(text[0]))
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return true;
    }

    private bool AtProcessSubstitution() => Peek() is '<' or '>' && Peek(1) == '(';

    private Word ReadWord()
    {
        var start = at;
        var word = new WordBuilder();
        while (!IsMeta(Peek()) || AtProcessSubstitution())
        {
            budget.Spend();
            switch (Peek())
            {
                case '\\':
                    ReadEscape(word);
                    break;
                case '\'':
                    ReadSingleQuotes(word);
                    break;
                case '"':
                    ReadDoubleQuotes(word);
                    break;
                case '$':
                    ReadDollar(word, quoted: false);
                    break;
                case '`':
                    ReadBackticks(word, quoted: false);
                    break;
                case '<' or '>':
                    at += 2;
                    ReadSubstitution();
                    word.Add(new WordPart(PartKind.Pipe, ""));
                    break;
                case '?' or '*' or '+' or '@' or '!' when Peek(1) == '(':
                    throw Unclear("it uses an extended pattern");
                default:
                    word.Add(PartKind.Bare, text[at++]);
                    break;
            }
        }

        if (at == start)
        {
            throw Unclear("a word is missing");
        }

        return word.Build(text[start..at]);
    }

    private void ReadEscape(WordBuilder word)
    {
        if (Peek(1) == '\n')
        {
            TakeContinuation();
            return;
        }

        if (at + 1 >= text.Length)
        {
            throw Unclear("it ends with a backslash");
        }

        word.Add(PartKind.Quoted, text[at + 1]);
        at += 2;
    }

    private void ReadSingleQuotes(WordBuilder word)
    {
        var end = text.IndexOf('\'', at + 1);
        if (end < 0)
        {
            throw Unclear("a quote does not close");
        }

        budget.Spend(end - at);
        word.Add(new WordPart(PartKind.Quoted, text[(at + 1)..end]));
        at = end + 1;
    }

    private void ReadDoubleQuotes(WordBuilder word)
    {
        at++;
        word.Add(new WordPart(PartKind.Quoted, ""));
        while (Peek() != '"' || AtEnd)
        {
            if (AtEnd)
            {
                throw Unclear("a quote does not close");
            }

            ReadQuotedCharacter(word, escapable: "$`\"\\");
        }

        at++;
    }

    // One character or expansion inside double quotes or a here-document.
    private void ReadQuotedCharacter(WordBuilder word, string escapable)
    {
        budget.Spend();
        switch (Peek())
        {
            case '\\' when Peek(1) == '\n':
                TakeContinuation();
                break;
            case '\\' when at + 1 < text.Length && escapable.Contains(Peek(1)):
                word.Add(PartKind.Quoted, Peek(1));
                at += 2;
                break;
            case '$':
                ReadDollar(word, quoted: true);
                break;
            case '`':
                ReadBackticks(word, quoted: true);
                break;
            default:
                word.Add(PartKind.Quoted, text[at++]);
                break;
        }
    }

    // $'…': every escape that gives one plain character is resolved, the others leave the word unknown.
    private void ReadAnsiQuotes(WordBuilder word)
    {
        at += 2;
        word.Add(new WordPart(PartKind.Quoted, ""));
        while (Peek() != '\'' || AtEnd)
        {
            budget.Spend();
            if (AtEnd)
            {
                throw Unclear("a quote does not close");
            }

            if (Peek() != '\\')
            {
                word.Add(PartKind.Quoted, text[at++]);
                continue;
            }

            at++;
            if (ReadAnsiEscape() is { } c)
            {
                word.Add(PartKind.Quoted, c);
            }
            else
            {
                word.Add(new WordPart(PartKind.Output, ""));
            }
        }

        at++;
    }

    private char? ReadAnsiEscape()
    {
        var c = Peek();
        at = Math.Min(at + 1, text.Length);
        switch (c)
        {
            case 'n':
                return '\n';
            case 't':
                return '\t';
            case '\\' or '\'' or '"' or '?':
                return c;
            case >= '0' and <= '7':
                at--;
                return ReadCode(8, 3);
            case 'x':
                return ReadCode(16, 2);
            case 'u':
                return ReadCode(16, 4);
            case 'U':
                return ReadCode(16, 8);
            default:
                // Control letters (\a, \e, \cX …) give control characters; anything else is unusual. A quote is never
                // swallowed here: \' was taken above, and \c' is refused because bash itself is of two minds about it.
                if (c == 'c')
                {
                    throw Unclear("it uses an unusual escape");
                }

                return null;
        }
    }

    private char? ReadCode(int radix, int digits)
    {
        var value = 0;
        var start = at;
        while (at - start < digits && char.IsAsciiHexDigit(Peek()) && Convert.ToInt32(Peek().ToString(), 16) < radix)
        {
            value = (value * radix) + Convert.ToInt32(Peek().ToString(), 16);
            at++;
        }

        return at > start && value is '\t' or '\n' or (>= ' ' and < 127) ? (char)value : null;
    }
}
