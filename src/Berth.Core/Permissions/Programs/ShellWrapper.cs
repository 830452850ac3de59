using Berth.Core.Permissions.Shell;

namespace Berth.Core.Permissions.Programs;

/// <summary>Sees through <c>bash -c '…'</c> and its kin.</summary>
internal static class ShellWrapper
{
    // Where bash and other shells read the same text in different ways, only bash's reading is known here.
    private static readonly string[] BashOnly =
        ["$'", "$\"", "<(", ">(", "&>", ">&", "|&", "[[", "((", "<<", "{", "!", ";&", "function", "time", "\\"];

    /// <summary>What a shell called with these words will run.</summary>
    internal static Unwrapped Look(string shell, IReadOnlyList<Argument> words)
    {
        var command = false;
        var plain = shell is "bash" or "sh" or "dash";
        var i = 1;
        for (; i < words.Count; i++)
        {
            if (words[i].MayBeOption || (words[i].Sketch is ['-' or '+', ..] && words[i].Text is null))
            {
                return Hidden(words);
            }

            var word = words[i].Sketch;
            if (word is "--" or "-")
            {
                i++;
                break;
            }

            if (word is not ['-' or '+', _, ..])
            {
                break;
            }

            if (word.StartsWith("--"))
            {
                // A long option that takes a value would shift the rest; the plain ones read no file.
                if (word is not ("--norc" or "--noprofile" or "--posix"))
                {
                    return Hidden(words);
                }

                continue;
            }

            command |= word[0] == '-' && word.Contains('c');
            plain &= word.AsSpan(1).IndexOfAnyExcept("ceux") < 0;
            i += word.Count(c => c is 'o' or 'O');
        }

        return command ? Script(shell, words, i, plain) : File(words, i);
    }

    private static Unwrapped Script(string shell, IReadOnlyList<Argument> words, int at, bool plain)
    {
        if (at >= words.Count || words[at].Text is not { } script)
        {
            return Hidden(words);
        }

        if (shell is not "bash" && Array.Exists(BashOnly, form => script.Contains(form)))
        {
            return Hidden(words) with { Script = script };
        }

        return new Unwrapped { Script = script, Harmless = plain, Guesses = [script] };
    }

    // A script file is a program like any other; without one the shell runs what it reads.
    private static Unwrapped File(IReadOnlyList<Argument> words, int at) => new()
    {
        Doubt = at < words.Count ? null : new Doubt("has a shell run what it reads", MayRun: true),
    };

    private static Unwrapped Hidden(IReadOnlyList<Argument> words) => new()
    {
        Guesses = Wrappers.Suffixes(words),
        Doubt = new Doubt("has a shell run a text that is not known", MayRun: true),
    };
}
