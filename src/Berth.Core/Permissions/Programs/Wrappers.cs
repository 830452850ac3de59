using Berth.Core.Permissions.Shell;

namespace Berth.Core.Permissions.Programs;

/// <summary>What a program that runs other programs hides.</summary>
internal sealed record Unwrapped
{
    /// <summary>Where, among the wrapper's words, each program it runs begins and ends (exclusive).</summary>
    internal IReadOnlyList<Range> Programs { get; init; } = [];

    /// <summary>Words that stand for one program although they are not words of the line.</summary>
    internal IReadOnlyList<Argument>? Split { get; init; }

    /// <summary>Text that it runs as a shell line.</summary>
    internal string? Script { get; init; }

    /// <summary>Texts that may be commands; looked at by ask and deny rules only.</summary>
    internal IReadOnlyList<string> Guesses { get; init; } = [];

    /// <summary>What it runs that cannot be seen.</summary>
    internal Doubt? Doubt { get; init; }

    /// <summary>Words the hidden programs get besides their own: what <c>xargs</c> reads.</summary>
    internal bool MoreArguments { get; init; }

    /// <summary>In the hidden words this text stands for something unknown.</summary>
    internal string? Placeholder { get; init; }

    /// <summary>The wrapper itself changes nothing: only what it runs is to be judged.</summary>
    internal bool Harmless { get; init; }
}

/// <summary>
/// Sees through programs that run other programs. Harmless ones are judged by what they run; of the others (<c>sudo</c>)
/// what they run is looked at as well, so that a deny rule reaches behind them.
/// </summary>
internal static class Wrappers
{
    private sealed record Row(string Name, bool Harmless, int Operands, OptionTable Options, bool Assigns = false);

    private static readonly Row[] Rows =
    [
        new("timeout", true, 1, new("-k= -s= -v -f -p --kill-after= --signal= --foreground --preserve-status --verbose")),
        new("nice", true, 0, new("-n= --adjustment= -#")),
        new("nohup", true, 0, new("")),
        new("stdbuf", true, 0, new("-i= -o= -e= --input= --output= --error=")),
        new("time", true, 0, new("-p -v -q -f= --format= --portability --verbose --quiet")),
        new("builtin", true, 0, new("")),
        new("command", true, 0, new("-p -v -V")),
        new("exec", true, 0, new("-c -l -a=")),
        new("env", true, 0, new("-i -0 -v -u= --ignore-environment --null --unset= --debug"), Assigns: true),
        new("setsid", true, 0, new("-w --wait")),
        new("ionice", true, 0, new("-c= -n= -t --class= --classdata= --ignore")),
        new("chrt", false, 1, new("-b -f -i -o -r")),
        new("taskset", false, 1, new("-a -c")),
        new("sudo", false, 0, new("-A -b -B -E -H -k -K -n -N -P -S -i -s -u= -g= -C= -D= -h= -p= -R= -r= -T= -t= -U= "
            + "--user= --group= --non-interactive --login --preserve-env[=] --set-home --stdin"), Assigns: true),
        new("doas", false, 0, new("-L -n -s -u= -C=")),
        new("busybox", false, 0, new("")),
        new("toybox", false, 0, new("")),
        new("setarch", false, 0, new("-R -v")),
        new("unbuffer", false, 0, new("-p")),
        new("chronic", false, 0, new("-v -e")),
        new("fakeroot", false, 0, new("")),
    ];

    // Run other programs in ways of their own; every word of theirs may begin one.
    private static readonly string[] Loose =
    [
        "parallel", "strace", "ltrace", "flock", "chroot", "nsenter", "unshare", "systemd-run", "pkexec", "ssh", "watch",
        "script", "su", "runuser", "gdb", "valgrind", "firejail", "bwrap", "proot", "dbus-run-session", "rlwrap", "direnv",
        "entr", "perf", "catchsegv", "linux32", "linux64", "numactl", "prlimit", "cgexec", "tmux", "screen", "at", "batch",
        "expect", "faketime", "caffeinate", "winpty", "wsl", "start-stop-daemon", "chpst", "setpriv", "capsh", "ccache",
    ];

    private static readonly string[] Shells = ["sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "rbash"];

    private static readonly string[] FindRuns = ["-exec", "-execdir", "-ok", "-okdir"];

    private static readonly OptionTable Xargs = new(
        "-0 -r -t -x -o -p -n= -P= -L= -I= -d= -s= -E= -a=@ --null --no-run-if-empty --verbose --exit --max-args= "
        + "--max-procs= --max-lines[=] --replace[=] --delimiter= --max-chars= --arg-file=@");

    /// <summary>What a command hides; null when its program runs no others.</summary>
    /// <param name="program">The program's name without its directory.</param>
    /// <param name="words">All words, the program first.</param>
    internal static Unwrapped? Look(string program, IReadOnlyList<Argument> words) => program switch
    {
        "find" => LookFind(words),
        "xargs" => LookXargs(words),
        "eval" => LookEval(words),
        "source" or "." => new Unwrapped { Doubt = new Doubt("runs a file in the shell itself", MayRun: true) },
        "alias" => new Unwrapped { Doubt = new Doubt("gives a command another name", MayRun: true) },
        "trap" => words.Count > 1 && words[1].Text is { } action
            ? new Unwrapped { Script = action is "-" or "" || action.StartsWith('-') ? null : action }
            : new Unwrapped { Guesses = Texts(words) },
        _ when Array.IndexOf(Shells, program) >= 0 => ShellWrapper.Look(program, words),
        _ when Array.IndexOf(Loose, program) >= 0 => new Unwrapped { Guesses = Suffixes(words) },
        _ => Rows.FirstOrDefault(row => row.Name == program) is { } known ? LookRow(known, words) : null,
    };

    /// <summary>The texts that begin at each of the first words behind the program.</summary>
    internal static IReadOnlyList<string> Suffixes(IReadOnlyList<Argument> words) =>
        [.. Enumerable.Range(1, Math.Min(words.Count - 1, 12))
            .Select(from => string.Join(' ', words.Skip(from).Select(word => word.Sketch)))];

    private static IReadOnlyList<string> Texts(IReadOnlyList<Argument> words) =>
        [.. words.Skip(1).Select(word => word.Sketch)];

    private static Unwrapped LookRow(Row row, IReadOnlyList<Argument> words)
    {
        if (row.Name == "env" && words.Count > 1 && SplitString(words) is { } split)
        {
            return split;
        }

        var reading = row.Options.Read(words, stopAtOperand: true);
        if (reading.Refusal is not null)
        {
            return Hiding(row.Name, words);
        }

        if (row.Name == "command" && reading.Has("-v", "-V"))
        {
            return new Unwrapped { Harmless = true };
        }

        var start = reading.FirstOperand + row.Operands;
        var harmless = row.Harmless;
        while (row.Assigns && start < words.Count && Assigned(words[start]) is { } value)
        {
            harmless &= Variables.IsHarmless(value.Name, value.Value);
            start++;
        }

        // An operand before the command that may be several words hides where the command begins.
        var hidden = words.Skip(reading.FirstOperand).Take(row.Operands).Any(word => word.Many);
        if (hidden)
        {
            return Hiding(row.Name, words);
        }

        return start < words.Count
            ? new Unwrapped { Programs = [start..words.Count], Harmless = harmless }
            : new Unwrapped { Harmless = row.Name == "exec" && words.Count == 1 };
    }

    private static Unwrapped Hiding(string name, IReadOnlyList<Argument> words) => new()
    {
        Guesses = Suffixes(words),
        Doubt = new Doubt($"has {name} hide what it runs", MayRun: true),
    };

    private static (string Name, string? Value)? Assigned(Argument word)
    {
        var equals = word.Sketch.IndexOf('=');
        return equals > 0 && Wildcard.FirstOpen(word.Sketch.AsSpan(0, equals)) < 0
            ? (word.Sketch[..equals], word with { Sketch = word.Sketch[(equals + 1)..] } is { Text: { } text } ? text : null)
            : null;
    }

    // env -S 'program words': split only where the text is plain.
    private static Unwrapped? SplitString(IReadOnlyList<Argument> words)
    {
        var (text, rest) = words[1].Sketch switch
        {
            "-S" or "--split-string" when words.Count > 2 => (words[2].Text, 3),
            ['-', 'S', .. var attached] when words[1].Text is not null => (attached, 2),
            ['-', '-', 's', ..] when words[1].Sketch.IndexOf('=') is > 0 and var equals && words[1].Text is { } long_ =>
                (long_[(equals + 1)..], 2),
            _ => (null, 0),
        };
        if (rest == 0)
        {
            return null;
        }

        if (text is null || text.AsSpan().ContainsAny("'\"\\$#\t\n\v\f\r"))
        {
            return new Unwrapped
            {
                Guesses = Suffixes(words),
                Doubt = new Doubt("has env split a text into words", MayRun: true),
            };
        }

        Argument[] split =
            [words[0], .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(t => new Argument(t)), .. words.Skip(rest)];
        return new Unwrapped { Split = split, Harmless = true };
    }

    private static Unwrapped LookXargs(IReadOnlyList<Argument> words)
    {
        var reading = Xargs.Read(words, stopAtOperand: true);
        if (reading.Refusal is not null)
        {
            return Hiding("xargs", words);
        }

        var replace = reading.Options.LastOrDefault(option => option.Name is "-I" or "--replace");
        return new Unwrapped
        {
            Programs = reading.FirstOperand < words.Count ? [reading.FirstOperand..words.Count] : [],
            MoreArguments = true,
            Placeholder = replace is null ? null : replace.Value?.Text ?? "{}",
            Harmless = !reading.Has("-a", "--arg-file", "-o", "-p") && (replace is null || replace.Value is not { Text: null }),
        };
    }

    private static Unwrapped LookFind(IReadOnlyList<Argument> words)
    {
        var programs = new List<Range>();
        for (var i = 1; i < words.Count; i++)
        {
            if (!words[i].Is(FindRuns))
            {
                continue;
            }

            var end = ExecEnd(words, i);
            if (end > i + 1)
            {
                programs.Add((i + 1)..end);
            }

            i = end;
        }

        return new Unwrapped { Programs = programs, Placeholder = "{}", Harmless = true };
    }

    /// <summary>Where the program behind a <c>-exec</c> at <paramref name="at"/> ends: the index of its <c>;</c> or
    /// <c>+</c>, or the words' count when it has none.</summary>
    internal static int ExecEnd(IReadOnlyList<Argument> words, int at)
    {
        var end = at + 1;
        while (end < words.Count && !words[end].Is(";") && !(words[end].Is("+") && words[end - 1].Is("{}")))
        {
            end++;
        }

        return end;
    }

    private static Unwrapped LookEval(IReadOnlyList<Argument> words)
    {
        var known = words.Skip(1).All(word => word.Text is not null);
        var text = string.Join(' ', words.Skip(1).Select(word => word.Sketch));
        return new Unwrapped
        {
            Script = known ? text : null,
            Guesses = [text],
            Doubt = new Doubt("evaluates a text as a command", MayRun: !known),
        };
    }
}
