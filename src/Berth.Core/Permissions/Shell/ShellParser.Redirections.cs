using System.Text;

namespace Berth.Core.Permissions.Shell;

/// <summary>Redirections and here-documents.</summary>
internal sealed partial class ShellParser
{
    private readonly List<HereDocument> pending = [];

    private sealed record HereDocument(string Delimiter, bool Quoted, bool StripTabs, List<Redirection> Into, int Index);

    // The redirections behind a compound command.
    private void ReadRedirections(int start)
    {
        var redirections = new List<Redirection>();
        SkipBlanks();
        while (TryRedirection(redirections))
        {
            SkipBlanks();
        }

        if (redirections.Count > 0)
        {
            Emit(ShellCommandKind.Compound, [], [], redirections, start);
        }
    }

    private bool TryRedirection(List<Redirection> into)
    {
        var from = at;
        while (char.IsAsciiDigit(Peek()))
        {
            at++;
        }

        if (Peek() == '{')
        {
            CheckNamedDescriptor();
        }

        if (Looking("&>") && at == from)
        {
            at += 2;
            _ = Take(">");
            into.Add(new Redirection(RedirectionKind.Write, ReadTarget()));
            return true;
        }

        if (Peek() is not ('<' or '>') || (AtProcessSubstitution() && at == from))
        {
            at = from;
            return false;
        }

        ReadOperator(into);
        return true;
    }

    private void ReadOperator(List<Redirection> into)
    {
        if (Take("<<<"))
        {
            into.Add(new Redirection(RedirectionKind.Text, ReadTarget()));
        }
        else if (Take("<<-"))
        {
            BeginHereDocument(into, stripTabs: true);
        }
        else if (Take("<<"))
        {
            BeginHereDocument(into, stripTabs: false);
        }
        else if (Take(">&") || Take("<&"))
        {
            var reads = text[at - 2] == '<';
            var target = ReadTarget();
            var copies = target.Bare is { } bare && IsDescriptor(bare);
            if (!copies && reads)
            {
                line.Doubts.Add(new Doubt("copies a descriptor that is not known", MayRun: false));
            }

            into.Add(new Redirection(copies ? RedirectionKind.Duplicate : RedirectionKind.Write, target));
        }
        else if (Take("<>") || Take(">>") || Take(">|") || Take(">"))
        {
            into.Add(new Redirection(RedirectionKind.Write, ReadTarget()));
        }
        else
        {
            at++;
            into.Add(new Redirection(RedirectionKind.Read, ReadTarget()));
        }
    }

    // "1", "-" (close) or "1-" (move).
    private static bool IsDescriptor(string target)
    {
        var digits = target.EndsWith('-') ? target[..^1] : target;
        return target.Length > 0 && digits.All(char.IsAsciiDigit);
    }

    private Word ReadTarget()
    {
        SkipBlanks();
        return ReadWord();
    }

    // {name}>file makes bash choose a descriptor and set a variable.
    private void CheckNamedDescriptor()
    {
        var close = text.AsSpan(at, Math.Min(64, text.Length - at)).IndexOf('}');
        if (close > 1 && IsName(text.AsSpan(at + 1, close - 1)) && Peek(close + 1) is '<' or '>')
        {
            throw Unclear("a redirection sets a variable");
        }
    }

    private void BeginHereDocument(List<Redirection> into, bool stripTabs)
    {
        var word = ReadTarget();
        if (word.Parts.Any(part => part.Kind is not (PartKind.Bare or PartKind.Quoted)) || word.Source.Contains('\n'))
        {
            throw Unclear("a here-document's end is not a plain word");
        }

        var delimiter = string.Concat(word.Parts.Select(part => part.Text));
        var quoted = word.Parts.Any(part => part.Kind == PartKind.Quoted);
        pending.Add(new HereDocument(delimiter, quoted, stripTabs, into, into.Count));
        into.Add(new Redirection(RedirectionKind.Text, new Word([], "")));
    }

    // The bodies of the here-documents that began in the line which ends here.
    private void TakeNewline()
    {
        at++;
        if (pending.Count == 0)
        {
            return;
        }

        HereDocument[] documents = [.. pending];
        pending.Clear();
        foreach (var document in documents)
        {
            var body = ReadBody(document);
            var word = new WordBuilder();
            if (document.Quoted)
            {
                word.Add(new WordPart(PartKind.Quoted, body));
            }
            else
            {
                new ShellParser(body, line, budget, depth + 1, repeats).ReadHereText(word);
            }

            document.Into[document.Index] = new Redirection(RedirectionKind.Text, word.Build(body));
        }
    }

    private string ReadBody(HereDocument document)
    {
        var body = new StringBuilder();
        while (!AtEnd)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end;
            var read = text[at..end];
            budget.Spend(read.Length + 1);
            read = document.StripTabs ? read.TrimStart('\t') : read;
            at = Math.Min(end + 1, text.Length);
            if (read == document.Delimiter)
            {
                return body.ToString();
            }

            if (!document.Quoted && read.EndsWith('\\'))
            {
                throw Unclear("a line of a here-document is continued");
            }

            body.Append(read).Append('\n');
        }

        throw Unclear("a here-document has no end");
    }

    private void ReadHereText(WordBuilder word)
    {
        while (!AtEnd)
        {
            ReadQuotedCharacter(word, escapable: "$`\\");
        }
    }
}
