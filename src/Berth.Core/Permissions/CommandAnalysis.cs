using System.Text;
using Berth.Core.Permissions.Programs;
using Berth.Core.Permissions.Shell;
using Berth.Protocol;

namespace Berth.Core.Permissions;

/// <summary>A program that a line runs, with its words as far as they are known.</summary>
/// <param name="Program">Its name without directory; null when it cannot be told.</param>
/// <param name="Words">All words, the program's own first.</param>
/// <param name="Source">The command as it stands in the line.</param>
internal sealed record ProgramCall(string? Program, IReadOnlyList<Argument> Words, ShellCommand Source)
{
    /// <summary>It stands behind a wrapper, so the line has no command that begins with it.</summary>
    internal bool IsHidden { get; init; }

    /// <summary>What it hides, when it runs other programs.</summary>
    internal Unwrapped? Wrapped { get; init; }

    /// <summary>The programs it runs, with the index of their first word among its own (-1: not among them).</summary>
    internal IReadOnlyList<(int Index, ProgramCall Call)> Inner { get; init; } = [];

    /// <summary>The call and every call behind it.</summary>
    internal IEnumerable<ProgramCall> WithInner() => Inner.SelectMany(inner => inner.Call.WithInner()).Prepend(this);

    /// <summary>Whether the program's word holds a slash, so that it names a file.</summary>
    internal bool NamesFile => Words[0].Sketch.Contains('/');
}

/// <summary>One command of a line and the program it calls; no program when it only assigns or redirects.</summary>
internal sealed record AnalysedCommand(ShellCommand Source, ProgramCall? Call);

/// <summary>
/// Everything that one line would run, wherever it hides: in substitutions, behind <c>env</c> or <c>xargs</c>, in the
/// text of <c>bash -c</c>. What could not be seen is a doubt; a line that could not be read has a failure and no commands.
/// </summary>
internal sealed record CommandAnalysis(
    IReadOnlyList<AnalysedCommand> Commands, IReadOnlyList<Doubt> Doubts, string? Failure = null)
{
    /// <summary>Every program call, those behind wrappers too.</summary>
    internal IEnumerable<ProgramCall> Calls =>
        Commands.Where(command => command.Call is not null).SelectMany(command => command.Call!.WithInner());

    /// <summary>Analyses a line; never throws.</summary>
    /// <param name="home">Absolute path of the home directory, for <c>~</c> and <c>$HOME</c>.</param>
    internal static CommandAnalysis Of(string line, string home, Budget budget)
    {
        if (line.Length > Limits.LineBytes || Encoding.UTF8.GetByteCount(line) > Limits.LineBytes)
        {
            return new CommandAnalysis([], [], "it is longer than a line may be");
        }

        try
        {
            var analyser = new Analyser(home, budget);
            analyser.Add(line, depth: 0);
            return new CommandAnalysis(analyser.Commands, analyser.Doubts);
        }
        catch (UnclearException unclear)
        {
            return new CommandAnalysis([], [], unclear.Message);
        }
    }

    private sealed class Analyser(string home, Budget budget)
    {
        internal List<AnalysedCommand> Commands { get; } = [];

        internal List<Doubt> Doubts { get; } = [];

        internal void Add(string text, int depth)
        {
            budget.Spend(text.Length);
            if (text.EnumerateRunes().Any(rune => rune.Value is not ('\n' or '\t') && Plain.IsTrap(rune)))
            {
                Doubts.Add(new Doubt("holds invisible or misleading characters", MayRun: false));
            }

            var line = new ShellLine();
            ShellParser.Parse(text, line, budget, depth);
            Doubts.AddRange(line.Doubts);
            var changesHome = line.Commands.Exists(c => c.Assignments.Any(a => a.Name == "HOME"));
            var expansion = new WordExpansion(changesHome ? null : home, budget);
            foreach (var command in line.Commands)
            {
                var words = command.Kind == ShellCommandKind.Simple ? expansion.Expand(command.Words) : [];
                var call = words.Count == 0 ? null : Resolve(words, command, depth);
                Commands.Add(new AnalysedCommand(command, call));
            }
        }

        private ProgramCall Resolve(IReadOnlyList<Argument> words, ShellCommand source, int depth)
        {
            if (depth > Limits.CommandNesting)
            {
                throw new UnclearException("it is nested too deeply");
            }

            budget.Spend(words.Count + 10);
            var program = ProgramName(words[0]);
            if (program is null)
            {
                Doubts.Add(new Doubt("has a program whose name is not known before it runs", MayRun: true));
                return new ProgramCall(null, words, source);
            }

            var wrapped = Wrappers.Look(program, words);
            if (wrapped is null)
            {
                return new ProgramCall(program, words, source);
            }

            if (wrapped.Doubt is not null)
            {
                Doubts.Add(wrapped.Doubt);
            }

            if (wrapped.Script is not null)
            {
                Add(wrapped.Script, depth + 1);
            }

            var inner = new List<(int, ProgramCall)>();
            foreach (var range in wrapped.Programs)
            {
                var (start, length) = range.GetOffsetAndLength(words.Count);
                inner.Add((start, Resolve(Hidden(words, start, length, wrapped), source, depth + 1) with { IsHidden = true }));
            }

            if (wrapped.Split is not null)
            {
                inner.Add((-1, Resolve(wrapped.Split, source, depth + 1) with { IsHidden = true }));
            }

            return new ProgramCall(program, words, source) { Wrapped = wrapped, Inner = inner };
        }

        private List<Argument> Hidden(IReadOnlyList<Argument> words, int start, int length, Unwrapped wrapped)
        {
            budget.Spend(length);
            var hidden = new List<Argument>(length + 1);
            for (var i = start; i < start + length; i++)
            {
                var holds = !string.IsNullOrEmpty(wrapped.Placeholder) && words[i].Sketch.Contains(wrapped.Placeholder);
                hidden.Add(!holds ? words[i] : words[i] with
                {
                    Sketch = words[i].Sketch.Replace(wrapped.Placeholder!, Wildcard.Unknown.ToString()),
                });
            }

            if (wrapped.MoreArguments)
            {
                hidden.Add(Argument.Anything);
            }

            return hidden;
        }

        // Only plain ASCII names a program for us: letters of other scripts can look like these.
        private static string? ProgramName(Argument word)
        {
            if (word.Text is not { Length: > 0 } text || text.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0)
            {
                return null;
            }

            var name = text[(text.LastIndexOf('/') + 1)..];
            return name.Length > 0 ? name : null;
        }
    }
}
