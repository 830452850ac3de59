using Berth.Core.Permissions.Programs;
using Berth.Core.Permissions.Shell;

namespace Berth.Core.Permissions;

/// <summary>
/// Says what keeps an analysed line from being free. Every program in it must be on the read-only list, with words that
/// keep it reading inside the project, or be covered by an allow rule.
/// </summary>
/// <param name="rulesOpenWrites">Allow rules count for what may change something too; in plan mode they do not.</param>
internal sealed class CommandJudge(
    CommandAnalysis analysis, CommandRules rules, PathRules pathRules, PathScope scope, ReadCheck reads, Place place,
    Budget budget, bool rulesOpenWrites)
{
    // Builtins that change how the rest of the line works; a rule may allow them, but then nothing else is free.
    private static readonly string[] ShellChanging =
    [
        "cd", "pushd", "popd", "export", "declare", "typeset", "local", "readonly", "alias", "unalias", "shopt", "enable", "hash",
        "set", "unset", "source", ".", "eval", "trap", "exec", "read", "mapfile", "readarray", "getopts", "printf", "umask",
        "ulimit", "bind", "complete", "let", "builtin", "command", "shift",
    ];

    private readonly HashSet<string> assigned =
    [
        .. analysis.Commands.SelectMany(command => command.Source.Assignments).Select(assignment => assignment.Name),
        .. analysis.Calls.SelectMany(SpecialPrograms.VariablesOf),
    ];

    private readonly WordExpansion expansion = new(place.Home, budget);
    private readonly Dictionary<ProgramCall, Objection?> moves = new(ReferenceEqualityComparer.Instance);
    private bool usedFree;
    private bool changedShell;

    /// <summary>The first allow rule that was needed; null when none was.</summary>
    internal PlacedRule? Used { get; private set; }

    /// <summary>What keeps the line from being free, the gravest first; null when nothing does.</summary>
    internal Objection? Judge()
    {
        Objection? first = analysis.Doubts.Count > 0 ? Objection.NotReadOnly($"it {analysis.Doubts[0].Why}") : null;
        foreach (var command in analysis.Commands)
        {
            Follow(command);
            var objection = JudgeCommand(command);
            if (objection is not null && (first is null || (first.OnlyReads && !objection.OnlyReads)))
            {
                first = objection;
            }
        }

        if (first is null && usedFree && changedShell)
        {
            return Objection.Unknown("a builtin in it may change how its other commands work");
        }

        return first;
    }

    // Whatever else is wrong with a change of directory, what follows is judged from there too.
    private void Follow(AnalysedCommand command)
    {
        foreach (var call in command.Call?.WithInner() ?? [])
        {
            if (call.Program is "cd" or "pushd")
            {
                moves[call] = SpecialPrograms.JudgeCd(call, reads);
            }
        }
    }

    private Objection? JudgeCommand(AnalysedCommand command)
    {
        var source = command.Source;
        foreach (var redirection in source.Redirections)
        {
            if (JudgeRedirection(redirection) is { } objection)
            {
                return objection;
            }
        }

        if (command.Call is not null)
        {
            return JudgeCall(command.Call);
        }

        var assignment = source.Assignments.FirstOrDefault(a => !Variables.IsPrivate(a.Name) && !IsHarmless(a));
        if (assignment is not null)
        {
            return Objection.NotReadOnly($"it sets {Plain.Short(assignment.Name)}");
        }

        var objectionToTest = source.Kind == ShellCommandKind.Test
            ? TestProgram.JudgeDouble(source.Words, expansion.ExpandOne, reads)
            : null;
        return objectionToTest ?? JudgeVariables(source);
    }

    private Objection? JudgeRedirection(Redirection redirection)
    {
        if (redirection.Kind is RedirectionKind.Duplicate or RedirectionKind.Text)
        {
            return null;
        }

        var target = expansion.ExpandOne(redirection.Target);
        if (target.Is("/dev/null") || target.IsPipe)
        {
            return null;
        }

        if (redirection.Kind == RedirectionKind.Read)
        {
            return reads.Check(target);
        }

        if (target.Is("/dev/stdout", "/dev/stderr"))
        {
            return null;
        }

        // A redirection is an edit that no mode frees; only a rule about edits does.
        var facts = reads.Directories.Select(d => target.Text is { } path ? scope.Look(path, d) : null).ToList();
        var allowed = facts.TrueForAll(fact => fact is not null && pathRules.Allowing("edit", fact) is not null);
        if (allowed && rulesOpenWrites)
        {
            Used ??= pathRules.Allowing("edit", facts[0]!);
            return null;
        }

        return Objection.NotReadOnly($"it writes to the file {Plain.Short(target.Sketch)}");
    }

    private Objection? JudgeCall(ProgramCall call)
    {
        var free = JudgeFree(call);
        if (free is null)
        {
            usedFree = true;
            return null;
        }

        if ((!rulesOpenWrites && !free.OnlyReads) || CoveredBy(call) is not { } placed)
        {
            return free;
        }

        Used ??= placed;
        changedShell |= Array.IndexOf(ShellChanging, call.Program) >= 0;
        foreach (var (index, inner) in call.Inner)
        {
            if (!CommandRules.Reaches(placed, call, index) && JudgeCall(inner) is { } objection)
            {
                return objection;
            }
        }

        return null;
    }

    private PlacedRule? CoveredBy(ProgramCall call) =>
        rules.Allowing(call, withAssignments: !call.Source.Assignments.All(IsHarmless));

    private Objection? JudgeFree(ProgramCall call)
    {
        if (call.Program is null)
        {
            return Objection.NotReadOnly("the name of a program is not known before it runs");
        }

        var setting = call.Source.Assignments.FirstOrDefault(a => !IsHarmless(a) && !(a.Name == "IFS" && call.Program == "read"));
        if (setting is not null)
        {
            return Objection.NotReadOnly($"it sets {Plain.Short(setting.Name)} for {Plain.Short(call.Program)}");
        }

        var objection = JudgeVariables(call.Source) ?? JudgeFile(call);
        if (objection is not null)
        {
            return objection;
        }

        if (call.Wrapped is { Harmless: true })
        {
            objection = call.Program == "find" ? SpecialPrograms.Judge(call, reads) : null;
            return objection ?? call.Inner.Select(inner => JudgeCall(inner.Call)).FirstOrDefault(o => o is not null);
        }

        if (call.Program == "cd")
        {
            return moves[call];
        }

        if (SpecialPrograms.Knows(call.Program))
        {
            return SpecialPrograms.Judge(call, reads);
        }

        return ReadOnlyPrograms.Find(call.Program) is { } row
            ? ReadOnlyPrograms.Judge(row, call, reads)
            : Objection.NotReadOnly($"{Plain.Short(call.Program)} is not on the read-only list");
    }

    // The list speaks of the system's programs, not of a file in the project that has the same name.
    private Objection? JudgeFile(ProgramCall call)
    {
        var written = call.Words[0].Sketch;
        if (call.NamesFile)
        {
            return written == $"/bin/{call.Program}" || written == $"/usr/bin/{call.Program}"
                ? null
                : Objection.NotReadOnly($"{Plain.Short(written)} is not one of the system's programs");
        }

        if (SpecialPrograms.IsBuiltin(call.Program!) || ReadOnlyPrograms.Find(call.Program!) is { IsBuiltin: true })
        {
            return null;
        }

        return place.Files.Program(call.Program!) is { } file && scope.Look(file, place.Directory) is not { InProject: false }
            ? Objection.NotReadOnly($"{Plain.Short(call.Program!)} would start a program of the project")
            : null;
    }

    // The environment may hold keys; only values that are no secret, or that the line itself set, are shown freely.
    private Objection? JudgeVariables(ShellCommand source)
    {
        foreach (var part in source.AllWords.SelectMany(word => word.Parts))
        {
            if (part.Kind is PartKind.Variable or PartKind.Mention
                && !Variables.IsPublic(part.Text) && !assigned.Contains(part.Text))
            {
                return Objection.Unknown($"it reads the variable {Plain.Short(part.Text)}");
            }
        }

        return null;
    }

    private bool IsHarmless(Assignment assignment) =>
        Variables.IsHarmless(assignment.Name, expansion.ExpandOne(assignment.Value).Text);
}
