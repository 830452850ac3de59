using Berth.Protocol;

namespace Berth.Core.Permissions.Shell;

/// <summary>
/// Reads a line as bash 5 does (manual, "Shell Grammar" and "Shell Expansions"): not to run it but to find every command
/// in it. Where bash's own reading depends on options, on context or on luck, the parser refuses the line.
/// This file holds the cursor and lists; the other parts hold commands, words, expansions and here-documents.
/// </summary>
internal sealed partial class ShellParser
{
    private readonly string text;
    private readonly ShellLine line;
    private readonly Budget budget;
    private int at;
    private int depth;
    private int repeats;

    private ShellParser(string text, ShellLine line, Budget budget, int depth, int repeats)
    {
        (this.text, this.line, this.budget, this.depth, this.repeats) = (text, line, budget, depth, repeats);
        Enter();
    }

    /// <summary>Adds every command of a text to <paramref name="line"/>.</summary>
    /// <param name="depth">How deep the text itself is nested, as in <c>bash -c 'bash -c …'</c>.</param>
    /// <exception cref="UnclearException">It is no bash line, or one that could be read in two ways.</exception>
    internal static void Parse(string text, ShellLine line, Budget budget, int depth)
    {
        if (text.AsSpan().IndexOfAnyInRange('\0', '\u0008') >= 0)
        {
            throw new UnclearException("it holds control characters");
        }

        new ShellParser(text, line, budget, depth, repeats: 0).ReadAll();
    }

    private void Enter()
    {
        if (++depth > Limits.CommandNesting)
        {
            throw Unclear("it is nested too deeply");
        }
    }

    private void ReadAll()
    {
        ReadList();
        if (pending.Count > 0)
        {
            throw Unclear("a here-document has no end");
        }
    }

    // A list up to one of its closers, which is left unread: ")" and ";;" as characters, the rest as reserved words.
    private void ReadList(params ReadOnlySpan<string> closers)
    {
        Enter();
        SkipToCommand();
        while (!AtCloser(closers))
        {
            if (AtEnd)
            {
                throw Unclear("it ends in the middle of a command");
            }

            ReadAndOr();
            SkipBlanks();
            var separated = TakeSeparator();
            SkipToCommand();
            if (!separated && !AtCloser(closers))
            {
                throw Unclear("its commands are not separated as bash wants it");
            }
        }

        depth--;
    }

    // A list where bash wants at least one command.
    private void ReadCommands(params ReadOnlySpan<string> closers)
    {
        SkipToCommand();
        if (AtCloser(closers))
        {
            throw Unclear("a command is missing");
        }

        ReadList(closers);
    }

    private void ReadAndOr()
    {
        ReadPipeline();
        SkipBlanks();
        while (Take("&&") || Take("||"))
        {
            SkipToCommand();
            ReadPipeline();
            SkipBlanks();
        }
    }

    private void ReadPipeline()
    {
        while (true)
        {
            SkipBlanks();
            if (TakeReserved("!"))
            {
                continue;
            }

            if (!TakeReserved("time"))
            {
                break;
            }

            SkipBlanks();
            _ = TakeReserved("-p");
            SkipBlanks();
            _ = TakeReserved("--");
        }

        ReadCommand();
        SkipBlanks();
        while (Take("|&") || (!Looking("||") && Take("|")))
        {
            SkipToCommand();
            ReadCommand();
            SkipBlanks();
        }
    }

    private bool TakeSeparator()
    {
        if (Looking(";;") || Looking(";&"))
        {
            return false;
        }

        if (Peek() == '\n')
        {
            TakeNewline();
            return true;
        }

        return Take(";") || Take("&");
    }

    private bool AtCloser(ReadOnlySpan<string> closers)
    {
        if (closers.IsEmpty)
        {
            return AtEnd;
        }

        var reserved = PeekReserved();
        foreach (var closer in closers)
        {
            if (char.IsAsciiLetter(closer[0]) || closer == "}" ? reserved == closer : Looking(closer))
            {
                return true;
            }
        }

        return false;
    }

    private void Expect(string closer)
    {
        SkipBlanks();
        var taken = char.IsAsciiLetter(closer[0]) || closer == "}" ? TakeReserved(closer) : Take(closer);
        if (!taken)
        {
            throw Unclear($"'{closer}' is missing");
        }
    }

    private bool AtEnd => at >= text.Length;

    private char Peek(int ahead = 0) => at + ahead < text.Length ? text[at + ahead] : '\uFFFF';

    private bool Looking(string token) => string.CompareOrdinal(text, at, token, 0, token.Length) == 0;

    private bool Take(string token)
    {
        if (!Looking(token))
        {
            return false;
        }

        at += token.Length;
        return true;
    }

    private static bool IsBlank(char c) => c is ' ' or '\t';

    private static bool IsMeta(char c) => c is ' ' or '\t' or '\n' or ';' or '&' or '|' or '(' or ')' or '<' or '>' or '\uFFFF';

    // The whole unquoted word at the cursor, if it is short and plain enough to be a reserved word.
    private string? PeekReserved()
    {
        var end = at;
        while (end < text.Length && end - at < 9 && !IsMeta(text[end]))
        {
            end++;
        }

        return end > at && (end >= text.Length || IsMeta(text[end])) ? text[at..end] : null;
    }

    private bool TakeReserved(string word)
    {
        if (PeekReserved() != word)
        {
            return false;
        }

        at += word.Length;
        return true;
    }

    private void SkipBlanks()
    {
        while (!AtEnd)
        {
            budget.Spend();
            if (IsBlank(Peek()))
            {
                at++;
            }
            else if (Looking("\\\n"))
            {
                TakeContinuation();
            }
            else
            {
                break;
            }
        }

        if (Peek() == '#' && (at == 0 || IsMeta(text[at - 1])))
        {
            var end = text.IndexOf('\n', at);
            budget.Spend((end < 0 ? text.Length : end) - at);
            at = end < 0 ? text.Length : end;
        }
    }

    private void SkipToCommand()
    {
        SkipBlanks();
        while (Peek() == '\n')
        {
            TakeNewline();
            SkipBlanks();
        }
    }

    // Behind one of these characters a continuation can join two halves of an operator that we would read as two.
    private void TakeContinuation()
    {
        if (at > 0 && text[at - 1] is '$' or '<' or '>' or '&' or '|' or ';' or '(' or ')' or '{' or '`' or '\\')
        {
            throw Unclear("a line is continued in the middle of an operator");
        }

        at += 2;
    }

    private static UnclearException Unclear(string why) => new(why);
}
