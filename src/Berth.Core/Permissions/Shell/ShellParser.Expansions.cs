using System.Text;

namespace Berth.Core.Permissions.Shell;

/// <summary>Everything that begins with <c>$</c>, and backticks.</summary>
internal sealed partial class ShellParser
{
    private void ReadDollar(WordBuilder word, bool quoted)
    {
        Enter();
        ReadExpansion(word, quoted);
        depth--;
    }

    private void ReadExpansion(WordBuilder word, bool quoted)
    {
        switch (Peek(1))
        {
            case '(' when Peek(2) == '(' && TryArithmetic(3):
                word.Add(new WordPart(PartKind.Output, "", !quoted));
                break;
            case '(':
                at += 2;
                ReadSubstitution();
                word.Add(new WordPart(PartKind.Output, "", !quoted));
                break;
            case '{':
                ReadBraces(word, quoted);
                break;
            case '[':
                throw Unclear("it uses the old form of arithmetic");
            case '\'' when !quoted:
                ReadAnsiQuotes(word);
                break;
            case '"' when !quoted:
                // Translated by a catalogue that the environment names.
                at++;
                ReadDoubleQuotes(new WordBuilder());
                word.Add(new WordPart(PartKind.Output, ""));
                break;
            case '\\' when Peek(2) == '\n':
                throw Unclear("a line is continued in the middle of an expansion");
            default:
                var length = NameLength(at + 1);
                if (length == 0)
                {
                    word.Add(quoted ? PartKind.Quoted : PartKind.Bare, text[at++]);
                    break;
                }

                word.Add(new WordPart(PartKind.Variable, text.Substring(at + 1, length), !quoted));
                at += 1 + length;
                break;
        }
    }

    // A name, one digit or one special parameter.
    private int NameLength(int from)
    {
        var end = from;
        while (end < text.Length && (char.IsAsciiLetter(text[end]) || text[end] == '_'
            || (end > from && char.IsAsciiDigit(text[end]))))
        {
            end++;
        }

        return end > from ? end - from
            : from < text.Length && (char.IsAsciiDigit(text[from]) || "@*#?$!-".Contains(text[from])) ? 1
            : 0;
    }

    // The list of a $( or <( whose opening is read; its end is read too.
    private void ReadSubstitution()
    {
        HereDocument[] outside = [.. pending];
        ReadList(")");
        if (!pending.SequenceEqual(outside))
        {
            throw Unclear("a here-document crosses the end of a substitution");
        }

        Expect(")");
    }

    private void ReadBackticks(WordBuilder word, bool quoted)
    {
        var inner = new StringBuilder();
        at++;
        while (Peek() != '`' || AtEnd)
        {
            budget.Spend();
            if (AtEnd)
            {
                throw Unclear("a backtick does not close");
            }

            if (Peek() == '\\' && (Peek(1) is '`' or '\\' or '$' || (quoted && Peek(1) == '"')))
            {
                at++;
            }

            inner.Append(text[at++]);
        }

        at++;
        new ShellParser(inner.ToString(), line, budget, depth + 1, repeats).ReadAll();
        word.Add(new WordPart(PartKind.Output, "", !quoted));
    }

    // ${…}: the parameter, its operator, and the text behind it, in which more expansions may stand.
    private void ReadBraces(WordBuilder word, bool quoted)
    {
        at += 2;
        if (Peek() is ' ' or '\t' or '\n' or '|')
        {
            throw Unclear("it uses an unusual expansion");
        }

        if (Peek() == '!')
        {
            line.Doubts.Add(new Doubt("names a variable by another one", MayRun: true));
            at++;
        }

        if (Peek() == '#' && Peek(1) != '}')
        {
            at++;
        }

        var length = ParameterLength();
        if (length == 0)
        {
            throw Unclear("it uses an unusual expansion");
        }

        word.Add(new WordPart(PartKind.Variable, text.Substring(at, length), !quoted));
        at += length;
        ReadSubscript();
        var plain = CheckOperator();
        var operand = new WordBuilder();
        var start = at;
        while (Peek() != '}')
        {
            ReadOperandCharacter(operand, quoted);
        }

        if (!plain && !IsPlainArithmetic(text.AsSpan(start, at - start)))
        {
            line.Doubts.Add(new Doubt("cuts a variable by a computed position", MayRun: true));
        }

        at++;
        foreach (var mention in operand.Mentions())
        {
            word.Add(new WordPart(PartKind.Mention, mention.Text));
        }
    }

    private int ParameterLength()
    {
        if (!char.IsAsciiDigit(Peek()))
        {
            return NameLength(at);
        }

        var length = 1;
        while (char.IsAsciiDigit(Peek(length)))
        {
            length++;
        }

        return length;
    }

    private void ReadSubscript()
    {
        if (Peek() != '[')
        {
            return;
        }

        at++;
        var start = at;
        var content = new WordBuilder();
        while (Peek() != ']')
        {
            ReadOperandCharacter(content, quoted: true);
        }

        var index = text.AsSpan(start, at - start);
        if (index is not ("@" or "*") && !IsPlainArithmetic(index))
        {
            line.Doubts.Add(new Doubt("picks from an array by a computed position", MayRun: true));
        }

        at++;
    }

    // Whether the operator takes text; what is left over is the arithmetic of ${name:offset:length}.
    private bool CheckOperator()
    {
        switch (Peek())
        {
            case ':' when Peek(1) is '-' or '?' or '+':
                at += 2;
                return true;
            case '=':
            case ':' when Peek(1) == '=':
                line.Doubts.Add(new Doubt("sets a variable while expanding it", MayRun: false));
                return true;
            case '@':
                line.Doubts.Add(new Doubt("transforms a variable's value", MayRun: true));
                return true;
            case ':':
                at++;
                return false;
            case '}' or '-' or '?' or '+' or '#' or '%' or '/' or '^' or ',':
                return true;
            default:
                throw Unclear("it uses an unusual expansion");
        }
    }

    private void ReadOperandCharacter(WordBuilder operand, bool quoted)
    {
        if (AtEnd)
        {
            throw Unclear("an expansion does not close");
        }

        if (Peek() == '{' || AtProcessSubstitution() || (quoted && Peek() is '\'' or '"'))
        {
            // Here bash's reading depends on the operator, or on its version.
            throw Unclear("it quotes inside an expansion");
        }

        switch (Peek())
        {
            case '\'':
                ReadSingleQuotes(operand);
                break;
            case '"':
                ReadDoubleQuotes(operand);
                break;
            case '\\' when Peek(1) != '\n' && at + 1 < text.Length:
                budget.Spend();
                at += 2;
                break;
            default:
                ReadQuotedCharacter(operand, escapable: "");
                break;
        }
    }

    // $((…)) and ((…)), the opening of which is `opening` characters long. False, and nothing read, when the brackets
    // do not close as arithmetic: then it is a subshell in a substitution or group.
    private bool TryArithmetic(int opening)
    {
        var (start, commands, doubts, outside) = (at, line.Commands.Count, line.Doubts.Count, pending.Count);
        at += opening;
        var open = 0;
        var content = new WordBuilder();
        while (!AtEnd && !(open == 0 && Peek() == ')'))
        {
            open += Peek() == '(' ? 1 : Peek() == ')' ? -1 : 0;
            ReadQuotedCharacter(content, escapable: "");
        }

        if (Looking("))"))
        {
            if (!IsPlainArithmetic(text.AsSpan(start + opening, at - start - opening)))
            {
                // A variable's value is evaluated again, and a[$(…)] in it runs a command.
                line.Doubts.Add(new Doubt("computes with variables", MayRun: true));
            }

            at += 2;
            return true;
        }

        line.Commands.RemoveRange(commands, line.Commands.Count - commands);
        line.Doubts.RemoveRange(doubts, line.Doubts.Count - doubts);
        pending.RemoveRange(outside, pending.Count - outside);
        at = start;
        return false;
    }

    private static bool IsPlainArithmetic(ReadOnlySpan<char> expression) =>
        expression.IndexOfAnyExcept("0123456789 +-*/%()<>=!&|^~?:,") < 0;
}
