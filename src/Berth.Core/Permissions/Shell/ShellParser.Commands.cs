using Berth.Protocol;

namespace Berth.Core.Permissions.Shell;

/// <summary>Simple and compound commands.</summary>
internal sealed partial class ShellParser
{
    private void ReadCommand()
    {
        SkipBlanks();
        var start = at;
        if (Peek() == '(')
        {
            ReadParenthesis();
            ReadRedirections(start);
            return;
        }

        switch (PeekReserved())
        {
            case "{":
                at++;
                ReadCommands("}");
                Expect("}");
                break;
            case "if":
                ReadIf();
                break;
            case "while" or "until":
                ReadWhile();
                break;
            case "for" or "select":
                ReadFor();
                break;
            case "case":
                ReadCase();
                break;
            case "[[":
                ReadTest();
                break;
            case "function":
                ReadFunctionKeyword();
                return;
            case "then" or "else" or "elif" or "fi" or "do" or "done" or "esac" or "in" or "}" or "coproc" or "]]":
                throw Unclear($"'{PeekReserved()}' stands where a command begins");
            default:
                ReadSimple();
                return;
        }

        ReadRedirections(start);
    }

    private void ReadParenthesis()
    {
        if (Looking("((") && TryArithmetic(2))
        {
            return;
        }

        at++;
        ReadCommands(")");
        Expect(")");
    }

    private void ReadIf()
    {
        at += 2;
        ReadCommands("then");
        Expect("then");
        ReadCommands("elif", "else", "fi");
        while (TakeReserved("elif"))
        {
            ReadCommands("then");
            Expect("then");
            ReadCommands("elif", "else", "fi");
        }

        if (TakeReserved("else"))
        {
            ReadCommands("fi");
        }

        Expect("fi");
    }

    private void ReadWhile()
    {
        at += 5;
        repeats++;
        ReadCommands("do");
        ReadLoopBody();
    }

    private void ReadFor()
    {
        var start = at;
        at += PeekReserved()!.Length;
        repeats++;
        SkipBlanks();
        if (Looking("(("))
        {
            if (!TryArithmetic(2))
            {
                throw Unclear("a for loop's brackets do not close");
            }

            line.Doubts.Add(new Doubt("counts in a for loop", MayRun: true));
        }
        else
        {
            ReadForList(start);
        }

        SkipBlanks();
        _ = Take(";");
        SkipToCommand();
        ReadLoopBody();
    }

    private void ReadForList(int start)
    {
        var name = ReadWord();
        if (name.Bare is null || !IsName(name.Bare))
        {
            throw Unclear("a for loop has no plain variable");
        }

        SkipToCommand();
        var words = new List<Word>();
        if (TakeReserved("in"))
        {
            SkipBlanks();
            while (!IsMeta(Peek()) || AtProcessSubstitution())
            {
                words.Add(ReadWord());
                SkipBlanks();
            }

            if (Peek() is not (';' or '\n'))
            {
                throw Unclear("a for loop's list does not end");
            }
        }

        var variable = new Assignment(name.Bare, new Word([], ""), "");
        Emit(ShellCommandKind.For, [variable], words, [], start);
    }

    private void ReadLoopBody()
    {
        Expect("do");
        ReadCommands("done");
        Expect("done");
        repeats--;
    }

    private void ReadCase()
    {
        var start = at;
        at += 4;
        SkipBlanks();
        var words = new List<Word> { ReadWord() };
        SkipToCommand();
        Expect("in");
        SkipToCommand();
        while (!TakeReserved("esac"))
        {
            _ = Take("(");
            do
            {
                SkipBlanks();
                words.Add(ReadWord());
                SkipBlanks();
            }
            while (Take("|"));
            Expect(")");
            ReadList(";;", ";&", "esac");
            _ = Take(";;&") || Take(";;") || Take(";&");
            SkipToCommand();
        }

        Emit(ShellCommandKind.Case, [], words, [], start);
    }

    // Inside [[ ]] brackets and bars are operators, or parts of a regular expression; either way they end a word.
    private void ReadTest()
    {
        var start = at;
        at += 2;
        var words = new List<Word>();
        while (true)
        {
            while (IsBlank(Peek()))
            {
                at++;
            }

            if (TakeReserved("]]"))
            {
                break;
            }

            if (AtEnd || Peek() == '#' || Peek() == ';' || (Peek() == '&' && Peek(1) != '&') || (Peek() == '\n' && pending.Count > 0))
            {
                throw Unclear("a [[ has no ]]");
            }

            if (IsMeta(Peek()) && !AtProcessSubstitution())
            {
                var length = Looking("&&") || Looking("||") ? 2 : 1;
                words.Add(new Word([new WordPart(PartKind.Bare, text.Substring(at, length))], text.Substring(at, length)));
                at += length;
                continue;
            }

            words.Add(ReadWord());
        }

        Emit(ShellCommandKind.Test, [], words, [], start);
    }

    private void ReadFunctionKeyword()
    {
        at += "function".Length;
        SkipBlanks();
        var name = ReadWord();
        SkipBlanks();
        if (Take("("))
        {
            Expect(")");
        }

        ReadFunctionBody(name.Source);
    }

    private void ReadFunctionBody(string name)
    {
        line.Doubts.Add(new Doubt($"defines the function {Plain.Short(name)}", MayRun: false));
        SkipToCommand();
        if (Peek() != '(' && PeekReserved() is not ("{" or "if" or "while" or "until" or "for" or "case" or "[["))
        {
            throw Unclear("a function has no body");
        }

        repeats++;
        ReadCommand();
        repeats--;
    }

    private void ReadSimple()
    {
        var start = at;
        var assignments = new List<Assignment>();
        var words = new List<Word>();
        var redirections = new List<Redirection>();
        while (true)
        {
            SkipBlanks();
            if (TryRedirection(redirections))
            {
                continue;
            }

            if (IsMeta(Peek()) && !AtProcessSubstitution())
            {
                break;
            }

            var word = ReadWord();
            if (words.Count > 0 || !TryAssignment(word, assignments))
            {
                words.Add(word);
            }
        }

        if (Peek() == '(')
        {
            if (words is [var name] && assignments.Count == 0 && redirections.Count == 0 && name.Bare is not null)
            {
                at++;
                Expect(")");
                ReadFunctionBody(name.Source);
                return;
            }

            throw Unclear("a bracket stands where bash wants none");
        }

        if (words.Count + assignments.Count + redirections.Count == 0)
        {
            throw Unclear("a command is missing");
        }

        Emit(ShellCommandKind.Simple, assignments, words, redirections, start);
    }

    private bool TryAssignment(Word word, List<Assignment> assignments)
    {
        if (word.Parts is not [{ Kind: PartKind.Bare } first, ..])
        {
            return false;
        }

        var equals = first.Text.IndexOf('=');
        var end = equals > 0 && first.Text[equals - 1] == '+' ? equals - 1 : equals;
        if (end > 0 && IsName(first.Text.AsSpan(0, end)))
        {
            List<WordPart> value = [.. word.Parts.Skip(1)];
            if (equals + 1 < first.Text.Length)
            {
                value.Insert(0, first with { Text = first.Text[(equals + 1)..] });
            }
            else if (word.Parts.Count == 1 && Peek() == '(')
            {
                value = ReadArray();
            }

            assignments.Add(new Assignment(first.Text[..end], new Word(value, word.Source[(equals + 1)..]), word.Source));
            return true;
        }

        var bracket = first.Text.IndexOf('[');
        if (bracket > 0 && IsName(first.Text.AsSpan(0, bracket))
            && (word.Source.Contains("]=") || word.Source.Contains("]+=")))
        {
            // The index is arithmetic, which can run commands.
            line.Doubts.Add(new Doubt("sets an element of an array", MayRun: true));
        }

        return false;
    }

    private List<WordPart> ReadArray()
    {
        at++;
        line.Doubts.Add(new Doubt("sets an array", MayRun: true));
        var parts = new List<WordPart>();
        SkipToCommand();
        while (!Take(")"))
        {
            if (IsMeta(Peek()) && !AtProcessSubstitution())
            {
                throw Unclear("an array has no end");
            }

            parts.AddRange(ReadWord().Parts);
            SkipToCommand();
        }

        return parts;
    }

    private void Emit(
        ShellCommandKind kind, IReadOnlyList<Assignment> assignments, IReadOnlyList<Word> words,
        IReadOnlyList<Redirection> redirections, int start)
    {
        if (line.Commands.Count >= Limits.CommandsPerLine)
        {
            throw Unclear("it holds too many commands");
        }

        var source = text[start..at].Trim();
        line.Commands.Add(new ShellCommand(kind, assignments, words, redirections, source, repeats > 0));
    }
}
