using System.Text;

namespace Berth.Core.Permissions.Shell;

/// <summary>What a piece of a word is.</summary>
internal enum PartKind
{
    /// <summary>Unquoted text; <c>*</c>, <c>{</c> or <c>~</c> in it are alive.</summary>
    Bare,

    /// <summary>Text that stands for itself.</summary>
    Quoted,

    /// <summary>The value of the parameter that <see cref="WordPart.Text"/> names.</summary>
    Variable,

    /// <summary>A parameter named inside an expansion: read, but no text of its own.</summary>
    Mention,

    /// <summary>What a command substitution or an arithmetic expansion will give.</summary>
    Output,

    /// <summary>A process substitution: the path of a pipe.</summary>
    Pipe,
}

/// <summary>A piece of a word.</summary>
/// <param name="Text">The text, or a parameter's name.</param>
/// <param name="Splits">The value is not quoted, so it may become several words, or none.</param>
internal readonly record struct WordPart(PartKind Kind, string Text, bool Splits = false);

/// <summary>One word of a line, before any expansion.</summary>
/// <param name="Source">As it is written.</param>
internal sealed record Word(IReadOnlyList<WordPart> Parts, string Source)
{
    /// <summary>The word's text if nothing in it is quoted or expanded; else null. Only such words are operators and
    /// reserved words.</summary>
    internal string? Bare => Parts is [{ Kind: PartKind.Bare } part] ? part.Text : null;

    /// <summary>The word's text if it holds no expansions and no live globs; else null.</summary>
    internal string? Literal
    {
        get
        {
            var text = new StringBuilder();
            foreach (var part in Parts)
            {
                if (part.Kind is not (PartKind.Bare or PartKind.Quoted)
                    || (part.Kind == PartKind.Bare && part.Text.AsSpan().IndexOfAny("*?[{~") >= 0))
                {
                    return null;
                }

                text.Append(part.Text);
            }

            return text.ToString();
        }
    }
}

/// <summary>Collects the pieces of one word.</summary>
internal sealed class WordBuilder
{
    private readonly List<WordPart> parts = [];
    private readonly StringBuilder run = new();
    private PartKind kind;

    /// <summary>Adds a character of text.</summary>
    internal void Add(PartKind text, char c)
    {
        if (kind != text)
        {
            Flush();
            kind = text;
        }

        run.Append(c);
    }

    /// <summary>Adds a whole piece; an empty quoted text counts, because it makes a word.</summary>
    internal void Add(WordPart part)
    {
        Flush();
        parts.Add(part);
    }

    /// <summary>The word.</summary>
    internal Word Build(string source)
    {
        Flush();
        return new Word(parts, source);
    }

    /// <summary>The parameters that the pieces read.</summary>
    internal IEnumerable<WordPart> Mentions() =>
        Build("").Parts.Where(part => part.Kind is PartKind.Variable or PartKind.Mention);

    private void Flush()
    {
        if (run.Length > 0)
        {
            if (parts.Count > 0 && parts[^1] is { Kind: PartKind.Quoted, Text: "" } && kind == PartKind.Quoted)
            {
                parts.RemoveAt(parts.Count - 1);
            }

            parts.Add(new WordPart(kind, run.ToString()));
            run.Clear();
        }
    }
}
