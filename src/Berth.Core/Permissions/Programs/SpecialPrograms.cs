using Berth.Core.Permissions.Shell;

namespace Berth.Core.Permissions.Programs;

/// <summary>Programs and builtins that only read when more than their options is looked at.</summary>
internal static class SpecialPrograms
{
    private static readonly OptionTable Date = new(
        "-u -R -I[=] -d= -r=@ --utc --universal --rfc-email --iso-8601[=] --rfc-3339= --date= --reference=@");

    private static readonly OptionTable Sed = new(
        "-n -E -r -s -u -z -l= -e= --quiet --silent --expression= --regexp-extended --separate --unbuffered --null-data "
        + "--posix --line-length=");

    private static readonly OptionTable Read = new("-r -s -t= -n= -N= -d= -p=");

    private static readonly string[] Builtins = ["test", "[", "printf", "cd", "set", "read", "command", "exec", "builtin"];

    /// <summary>Whether this file knows the program.</summary>
    internal static bool Knows(string program) => program
        is "find" or "sed" or "git" or "date" or "test" or "[" or "printf" or "set" or "read";

    /// <summary>Whether the name is the shell's own, so that no file is started by it.</summary>
    internal static bool IsBuiltin(string program) => Array.IndexOf(Builtins, program) >= 0;

    /// <summary>Judges a call of a known program.</summary>
    /// <returns>What keeps it from being free; null when nothing does.</returns>
    internal static Objection? Judge(ProgramCall call, ReadCheck reads) => call.Program switch
    {
        "find" => FindProgram.Judge(call.Words, reads),
        "sed" => JudgeSed(call.Words, reads),
        "git" => GitProgram.Judge(call.Words),
        "date" => JudgeDate(call.Words, reads),
        "test" or "[" => TestProgram.Judge(call.Words, reads),
        "printf" => JudgePrintf(call.Words),
        "set" => JudgeSet(call.Words),
        "read" => JudgeRead(call.Words),
        _ => Objection.NotReadOnly($"{call.Program} is not on the read-only list"),
    };

    /// <summary>The variables a <c>read</c> sets; none when they are not known.</summary>
    internal static IEnumerable<string> VariablesOf(ProgramCall call) => call.Program == "read"
        ? Read.Read(call.Words).Operands.Where(word => word.Text is not null).Select(word => word.Text!)
        : [];

    // A date without "+" sets the clock.
    private static Objection? JudgeDate(IReadOnlyList<Argument> words, ReadCheck reads)
    {
        var reading = Date.Read(words);
        if (reading.Refusal is not null || reading.Operands.Any(word => word.Many || !word.Sketch.StartsWith('+')))
        {
            return Objection.NotReadOnly(reading.Refusal ?? "date may set the clock");
        }

        return reading.Options.Where(option => option.Kind == OptionValue.Path)
            .Select(option => reads.Check(option.Value!)).FirstOrDefault(objection => objection is not null);
    }

    private static Objection? JudgeSed(IReadOnlyList<Argument> words, ReadCheck reads)
    {
        var reading = Sed.Read(words);
        if (reading.Refusal is not null)
        {
            return Objection.NotReadOnly(reading.Refusal);
        }

        List<Argument> scripts = [.. reading.Options.Where(o => o.Name is "-e" or "--expression").Select(o => o.Value!)];
        var paths = reading.Operands;
        if (scripts.Count == 0)
        {
            scripts.AddRange(paths.Take(1));
            paths = [.. paths.Skip(1)];
        }

        if (!scripts.TrueForAll(script => script.Text is { } text && SedScript.OnlyReads(text)))
        {
            return Objection.NotReadOnly("the script of sed is not one that is known to only read");
        }

        return paths.Select(path => reads.Check(path)).FirstOrDefault(objection => objection is not null);
    }

    // printf -v sets a variable, and so does %n.
    private static Objection? JudgePrintf(IReadOnlyList<Argument> words)
    {
        var at = words.Count > 1 && words[1].Is("--") ? 2 : 1;
        return words.Count == 1 || (at < words.Count && words[at].Text is { } format && (at == 2 || format is not ['-', ..])
            && !SetsVariable(format))
            ? null
            : Objection.NotReadOnly("printf may set a variable");
    }

    private static bool SetsVariable(string format)
    {
        for (var i = format.IndexOf('%'); i >= 0; i = format.IndexOf('%', i))
        {
            i++;
            while (i < format.Length && !char.IsAsciiLetter(format[i]) && format[i] is not ('%' or '('))
            {
                i++;
            }

            if (i >= format.Length || format[i] is 'n' or 'h' or 'l' or 'L' or 'j' or 'z' or 't')
            {
                // A length before the letter is so rare that what follows it is not looked at.
                return true;
            }

            i++;
        }

        return false;
    }

    /// <summary>Follows a <c>cd</c> or <c>pushd</c>.</summary>
    /// <returns>What keeps the move from being free; null when nothing does.</returns>
    internal static Objection? JudgeCd(ProgramCall call, ReadCheck reads)
    {
        var words = call.Words;
        var at = words.Count > 1 && words[1].Is("--") ? 2 : 1;
        var known = words.Count == at + 1 && !(at == 1 && words[at].Sketch.StartsWith('-'));
        return reads.Enter(known ? words[at] : null, call.Source.Repeats);
    }

    // Only what makes a script stop at errors or print its commands.
    private static Objection? JudgeSet(IReadOnlyList<Argument> words)
    {
        for (var i = 1; i < words.Count; i++)
        {
            if (words[i].Text is not ['-' or '+', _, ..] word || word.AsSpan(1).IndexOfAnyExcept("euxo") >= 0
                || (word.Contains('o') && !(word.EndsWith('o') && i + 1 < words.Count && words[++i].Is("pipefail"))))
            {
                return Objection.NotReadOnly("set changes how the shell works");
            }
        }

        return words.Count > 1 ? null : Objection.Unknown("set prints every variable");
    }

    private static Objection? JudgeRead(IReadOnlyList<Argument> words)
    {
        var reading = Read.Read(words);
        return reading.Refusal is null
            && reading.Operands.All(word => word.Text is { } name && IsName(name) && Variables.IsPrivate(name))
            ? null
            : Objection.NotReadOnly(reading.Refusal ?? "read sets a variable that may matter to the shell");
    }

    private static bool IsName(string text) =>
        text.Length > 0 && !char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
