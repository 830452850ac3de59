using System.Text;

namespace Berth.Core.Permissions.Shell;

/// <summary>
/// Expands words as far as that needs no run: braces, tildes, quotes, <c>$HOME</c>. Globs stay as marks.
/// </summary>
/// <param name="home">The home directory; null where the line may change <c>HOME</c>.</param>
internal sealed class WordExpansion(string? home, Budget budget)
{
    private const int MostBraceWords = 1_000;

    // A character and what it is: 'b' bare, 'q' quoted, 'u' unknown, 's' unknown that splits, 'p' a pipe's path.
    private readonly record struct Atom(char Value, char Kind);

    /// <summary>The words a command gets.</summary>
    /// <exception cref="UnclearException">The words are too many.</exception>
    internal List<Argument> Expand(IEnumerable<Word> words)
    {
        var expanded = new List<Argument>();
        foreach (var word in words)
        {
            // What a word costs in memory, in steps.
            budget.Spend(20);
            if (Simple(word) is { } simple)
            {
                expanded.Add(simple);
                continue;
            }

            var atoms = Atoms(word);
            foreach (var one in Braces(atoms))
            {
                expanded.Add(Finish(one, IsQuotedEmpty(word)));
            }
        }

        return expanded;
    }

    // Most words need no expansion at all.
    private static Argument? Simple(Word word) => word.Parts switch
    {
        [{ Kind: PartKind.Quoted } part] => new Argument(part.Text),
        [{ Kind: PartKind.Bare } part] when part.Text.AsSpan().IndexOfAny("*?[{~") < 0 => new Argument(part.Text),
        _ => null,
    };

    /// <summary>A word that stays one word, as a redirection's target or an assigned value does.</summary>
    internal Argument ExpandOne(Word word) =>
        Expand([word]) is [var single] ? single : Argument.Anything;

    private static bool IsQuotedEmpty(Word word) => word.Parts.Any(part => part.Kind == PartKind.Quoted);

    private List<Atom> Atoms(Word word)
    {
        var atoms = new List<Atom>();
        foreach (var part in word.Parts)
        {
            budget.Spend(part.Text.Length + 1);
            switch (part.Kind)
            {
                case PartKind.Bare or PartKind.Quoted:
                    foreach (var c in part.Text)
                    {
                        atoms.Add(new Atom(c, part.Kind == PartKind.Bare ? 'b' : 'q'));
                    }

                    break;
                case PartKind.Variable when part.Text == "HOME" && home is not null && !HasSpecial(home):
                    foreach (var c in home)
                    {
                        atoms.Add(new Atom(c, 'q'));
                    }

                    break;
                case PartKind.Variable when part.Text is "@" or "*":
                    // "$@" is many words even in quotes.
                    atoms.Add(new Atom(Wildcard.Unknown, 's'));
                    break;
                case PartKind.Variable or PartKind.Output:
                    atoms.Add(new Atom(Wildcard.Unknown, part.Splits ? 's' : 'u'));
                    break;
                case PartKind.Pipe:
                    atoms.Add(new Atom(Wildcard.Unknown, 'p'));
                    break;
                default:
                    break;
            }
        }

        return atoms;
    }

    private static bool HasSpecial(string path) => path.AsSpan().IndexOfAny(" \t\n*?[\\") >= 0;

    // {a,b} and {1..3}. Nested or odd braces give a word of which nothing is known.
    private List<List<Atom>> Braces(List<Atom> atoms)
    {
        var done = new List<List<Atom>> { new() };
        for (var i = 0; i < atoms.Count; i++)
        {
            if (atoms[i] is not { Value: '{', Kind: 'b' })
            {
                foreach (var word in done)
                {
                    word.Add(atoms[i]);
                }

                budget.Spend(done.Count);
                continue;
            }

            var close = atoms.FindIndex(i, atom => atom is { Value: '}', Kind: 'b' });
            budget.Spend(close < 0 ? atoms.Count : close - i);
            var inner = close < 0 ? atoms[(i + 1)..] : atoms[(i + 1)..close];
            var choices = Choices(inner);
            if (choices is null || (close < 0 && choices.Count > 1))
            {
                return [[new Atom(Wildcard.Unknown, 's')]];
            }

            if (choices.Count == 1)
            {
                // No comma and no range: the braces stand for themselves.
                foreach (var word in done)
                {
                    word.Add(new Atom('{', 'q'));
                }

                continue;
            }

            done = Combine(done, choices);
            i = close;
        }

        return done;
    }

    private List<List<Atom>> Combine(List<List<Atom>> beginnings, List<List<Atom>> choices)
    {
        if ((long)beginnings.Count * choices.Count > MostBraceWords)
        {
            throw new UnclearException("its braces make too many words");
        }

        var combined = new List<List<Atom>>();
        foreach (var beginning in beginnings)
        {
            foreach (var choice in choices)
            {
                budget.Spend(beginning.Count + choice.Count);
                combined.Add([.. beginning, .. choice]);
            }
        }

        return combined;
    }

    // The comma-separated choices; one when there is no comma; null when bash's rules for odd cases would matter.
    private static List<List<Atom>>? Choices(List<Atom> inner)
    {
        var choices = new List<List<Atom>> { new() };
        for (var i = 0; i < inner.Count; i++)
        {
            if (inner[i] is { Value: '{', Kind: 'b' })
            {
                return null;
            }

            if (inner[i] is { Value: ',', Kind: 'b' })
            {
                choices.Add([]);
                continue;
            }

            choices[^1].Add(inner[i]);
        }

        var text = string.Concat(inner.Select(atom => atom.Value));
        if (choices.Count > 1 || !text.Contains(".."))
        {
            return choices;
        }

        return Range(text);
    }

    private static List<List<Atom>>? Range(string text)
    {
        if (text.Split("..") is not [var first, var last]
            || !int.TryParse(first, out var from) || !int.TryParse(last, out var to)
            || first != from.ToString() || last != to.ToString() || Math.Abs((long)from - to) >= MostBraceWords)
        {
            return null;
        }

        var step = from <= to ? 1 : -1;
        var choices = new List<List<Atom>>();
        for (var n = from; n != to + step; n += step)
        {
            choices.Add([.. n.ToString().Select(c => new Atom(c, 'b'))]);
        }

        return choices.Count == 1 ? null : choices;
    }

    private Argument Finish(List<Atom> atoms, bool quotedEmpty)
    {
        var sketch = new StringBuilder();
        var many = atoms.Count == 0 && !quotedEmpty;
        var start = Tilde(atoms, sketch);
        for (var i = start; i < atoms.Count; i++)
        {
            var (c, kind) = atoms[i];
            if (kind != 'b' || c is not ('*' or '?' or '['))
            {
                sketch.Append(c);
                many |= kind == 's';
                continue;
            }

            var end = c == '[' ? BracketEnd(atoms, i) : i;
            if (end < 0)
            {
                sketch.Append(c);
                continue;
            }

            sketch.Append(c == '*' ? Wildcard.Star : Wildcard.One);
            many = true;
            i = end;
        }

        return new Argument(sketch.ToString(), many, IsPipe: atoms is [{ Kind: 'p' }]);
    }

    // How many atoms a leading ~ takes: it stands for the home directory, or for a place we do not know (~user, ~+).
    private int Tilde(List<Atom> atoms, StringBuilder sketch)
    {
        if (atoms.Count == 0 || atoms[0] is not { Value: '~', Kind: 'b' })
        {
            return 0;
        }

        var plain = atoms.Count == 1 || atoms[1] is { Value: '/', Kind: 'b' };
        sketch.Append(plain && home is not null ? home : Wildcard.Unknown.ToString());
        return 1;
    }

    // The end of a live [...] in one path segment; -1 when the bracket stands for itself.
    private int BracketEnd(List<Atom> atoms, int open)
    {
        for (var i = open + 2; i < atoms.Count && atoms[i].Value != '/'; i++)
        {
            budget.Spend();
            if (atoms[i] is { Value: ']', Kind: 'b' })
            {
                return i;
            }
        }

        return -1;
    }
}
