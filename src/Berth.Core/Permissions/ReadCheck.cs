using Berth.Core.Permissions.Shell;

namespace Berth.Core.Permissions;

/// <summary>
/// Says whether a path that a command of the read-only list reads is free, wherever in the line the command stands. Since
/// a <c>cd</c> may fail, a relative path is judged from every directory the line may be in.
/// </summary>
internal sealed class ReadCheck(Place place, PathScope scope, PathRules rules, Budget budget)
{
    private const int MostDirectories = 12;
    private const int MostNames = 4_096;

    // What listing a directory costs, in steps.
    private const int ListSteps = 2_000;

    private readonly List<string> directories = [place.Directory];

    /// <summary>The directories the line may be in; an unknown one is <see cref="Wildcard.Unknown"/>.</summary>
    internal IReadOnlyList<string> Directories => directories;

    /// <summary>What keeps a path from being read freely; null when nothing does.</summary>
    /// <param name="walks">Everything below it is read.</param>
    /// <param name="filesOnly">A directory is refused, because links in it would be followed.</param>
    internal Objection? Check(Argument word, bool walks = false, bool filesOnly = false)
    {
        if (word.IsPipe || word.Is("-", "/dev/null", "/dev/stdin") || word is { Sketch: "", Many: true })
        {
            return null;
        }

        if (word.Sketch.Contains(Wildcard.Unknown) || (word.Many && !word.IsGlob))
        {
            return Objection.Unknown("which file is read is not known before it runs");
        }

        foreach (var directory in directories)
        {
            if (directory.Contains(Wildcard.Unknown))
            {
                return Objection.Unknown("the directory it runs in is not known");
            }

            var objection = word.IsGlob
                ? CheckGlob(word.Sketch, directory, walks, filesOnly)
                : CheckPath(word.Sketch, directory, walks, filesOnly);
            if (objection is not null)
            {
                return objection;
            }
        }

        return null;
    }

    /// <summary>Follows a <c>cd</c>.</summary>
    /// <param name="repeats">It stands in a loop or function, so commands before it may run after it.</param>
    /// <returns>What keeps it from being free; null when nothing does.</returns>
    internal Objection? Enter(Argument? word, bool repeats)
    {
        if (word?.Text is not { Length: > 0 } path || path == "-" || directories.Count >= MostDirectories)
        {
            directories.Add(Wildcard.Unknown.ToString());
            return Objection.Unknown("the directory it changes to is not known");
        }

        if (repeats)
        {
            directories.Add(Wildcard.Unknown.ToString());
            return Objection.Unknown("it changes the directory in a loop or function");
        }

        Objection? objection = null;
        foreach (var directory in directories.ToArray())
        {
            var fact = directory.Contains(Wildcard.Unknown) && !path.StartsWith('/') ? null : scope.Look(path, directory);
            if (fact is null)
            {
                directories.Add(Wildcard.Unknown.ToString());
                return Objection.Unknown("the directory it changes to is not known");
            }

            Add(fact.Real);
            objection ??= !fact.InProject
                ? Objection.Unknown($"it changes to {Plain.Short(fact.Real)}, outside the project")
                : IsThroughLink(path, directory, fact)
                    ? Objection.Unknown($"it changes to {Plain.Short(path)} through a link")
                    : null;
        }

        return objection;
    }

    private void Add(string directory)
    {
        if (!directories.Contains(directory))
        {
            directories.Add(directory);
        }
    }

    // Behind a link the shell's ".." and the kernel's part ways.
    private bool IsThroughLink(string path, string directory, PathFact fact) =>
        PathScope.Normalize(path.StartsWith('/') ? scope.InRealProject(path) : $"{scope.Real(directory)}/{path}") != fact.Real;

    private Objection? CheckPath(string path, string directory, bool walks, bool filesOnly)
    {
        if (scope.Look(path, directory) is not { } fact)
        {
            return Objection.Unknown($"it cannot be told where {Plain.Short(path)} leads");
        }

        var stopping = rules.Stopping(RuleEffect.Deny, "read", fact) ?? rules.Stopping(RuleEffect.Ask, "read", fact);
        if (stopping is not null)
        {
            return Objection.Unknown($"{Plain.Short(path)} falls under the rule {stopping.Described}");
        }

        if (!fact.InProject && rules.Allowing("read", fact, walks) is null)
        {
            return Objection.Unknown($"it reads {Plain.Short(fact.Real)}, outside the project");
        }

        if (walks && (scope.HidesSecrets(fact.Real) || rules.Below("read", fact) is not null))
        {
            return Objection.Unknown($"below {Plain.Short(path)} lie files that are not free to read");
        }

        return filesOnly && place.Files.IsDirectory(fact.Real)
            ? Objection.Unknown($"{Plain.Short(path)} is a directory, in which links would be followed")
            : null;
    }

    private Objection? CheckGlob(string sketch, string directory, bool walks, bool filesOnly)
    {
        if (Expand(sketch, directory) is not { } paths)
        {
            return Objection.Unknown("what its globs stand for cannot be told");
        }

        foreach (var path in paths)
        {
            if (path.StartsWith('-'))
            {
                return Objection.NotReadOnly($"the file {Plain.Short(path)} would be taken as an option");
            }

            if (CheckPath(path, directory, walks, filesOnly) is { } objection)
            {
                return objection;
            }
        }

        return null;
    }

    // Everything the glob may stand for now; more rather than less. Null when there is too much to look at.
    private List<string>? Expand(string sketch, string directory)
    {
        var found = new List<string> { "" };
        var parts = sketch.Split('/');
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i];
            var next = new List<string>();
            foreach (var prefix in found)
            {
                if (Wildcard.FirstOpen(part) < 0)
                {
                    next.Add(prefix + part + (i + 1 < parts.Length ? "/" : ""));
                    continue;
                }

                budget.Spend(ListSteps);
                if (place.Files.Names(prefix.StartsWith('/') ? prefix : $"{directory}/{prefix}") is not { } names)
                {
                    return null;
                }

                foreach (var name in names)
                {
                    if (name.StartsWith('.') == part.StartsWith('.') && Matches(part, name))
                    {
                        next.Add(prefix + name + (i + 1 < parts.Length ? "/" : ""));
                    }
                }
            }

            if (next.Count > MostNames)
            {
                return null;
            }

            found = next;
        }

        return found;
    }

    // The glob's star is the rule language's, and its single unknown character counts as one too: that matches more.
    private bool Matches(string part, string name) =>
        Wildcard.Covers(part.Replace(Wildcard.Star, '*').Replace(Wildcard.One, '*'), name, budget);
}
