namespace Berth.Core.Permissions;

/// <summary>A path as it is written and as it is.</summary>
/// <param name="Written">Absolute, without <c>.</c> and <c>..</c>, links not resolved.</param>
/// <param name="Real">Absolute, links resolved.</param>
/// <param name="InProject">It really lies in the project, where reading is free.</param>
/// <param name="ProtectedBy">The name in the path that keeps it from being edited without a question: <c>.git</c>,
/// <c>.berth</c> or a file that a shell or tool runs at its start; null for others.</param>
internal sealed record PathFact(string Written, string Real, bool InProject, string? ProtectedBy);

/// <summary>Says where paths really lie.</summary>
internal sealed class PathScope
{
    // What one look at the file system costs beside a character compared.
    private const int LookSteps = 1_000;

    private static readonly string[] ProtectedDirectories = [".git", ".berth", ".ssh"];

    private static readonly string[] StartFiles =
    [
        ".bashrc", ".bash_profile", ".bash_login", ".bash_logout", ".bash_aliases", ".profile", ".zshrc", ".zshenv", ".zprofile",
        ".zlogin", ".zlogout", ".kshrc", ".mkshrc", ".cshrc", ".tcshrc", ".login", ".logout", ".inputrc", ".envrc",
        ".xprofile", ".xinitrc", ".gitconfig", "config.fish",
    ];

    private readonly Dictionary<string, string?> reals = [];
    private readonly Place place;
    private readonly Budget budget;
    private readonly string project;
    private readonly string home;

    internal PathScope(Place place, Budget budget)
    {
        (this.place, this.budget) = (place, budget);
        project = Real(place.Project) ?? throw new UnclearException("the project's directory cannot be found");
        home = Real(place.Home) ?? place.Home;
    }

    /// <summary>The facts about a path; null when it cannot be told where it leads.</summary>
    /// <param name="path">As it was written: relative, absolute, or with a leading <c>~/</c> where
    /// <paramref name="expandHome"/> is set.</param>
    internal PathFact? Look(string path, string directory, bool expandHome = false)
    {
        if (expandHome && (path == "~" || path.StartsWith("~/")))
        {
            path = place.Home + path[1..];
        }

        var absolute = path.StartsWith('/') ? path : $"{directory}/{path}";
        var written = Normalize(absolute);
        if (Wildcard.FirstOpen(absolute) >= 0 || written is null || Real(absolute) is not { } real)
        {
            return null;
        }

        return new PathFact(written, real, IsFree(real), Protection(real) ?? Protection(written));
    }

    /// <summary>The real path; null when it cannot be told.</summary>
    internal string? Real(string absolute)
    {
        if (reals.TryGetValue(absolute, out var known))
        {
            return known;
        }

        budget.Spend(LookSteps);
        return reals[absolute] = place.Files.RealPath(absolute) is ['/', ..] real ? Normalize(real) : null;
    }

    /// <summary>An absolute path with the project's root written as it really is.</summary>
    internal string InRealProject(string absolute) =>
        IsBelow(absolute, place.Project) ? project + absolute[place.Project.TrimEnd('/').Length..] : absolute;

    /// <summary>Whether one absolute path is another or lies below it.</summary>
    internal static bool IsBelow(string path, string root) =>
        path.StartsWith(root) && (path.Length == root.Length || root == "/" || path[root.Length] == '/');

    /// <summary>The path without empty, <c>.</c> and <c>..</c> parts; null when a <c>..</c> would leave an unknown part.
    /// </summary>
    internal static string? Normalize(string absolute)
    {
        var parts = new List<string>();
        foreach (var part in absolute.Split('/'))
        {
            if (part != "..")
            {
                if (part is not ("" or "."))
                {
                    parts.Add(part);
                }

                continue;
            }

            if (parts.Count > 0 && Wildcard.FirstOpen(parts[^1]) >= 0)
            {
                return null;
            }

            if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
        }

        return "/" + string.Join('/', parts);
    }

    // Where someone works in the home directory itself, the hidden entries of it (keys, tokens, histories) are not "the
    // project", and neither is a walk that would come through them.
    private bool IsFree(string real) => IsBelow(real, project)
        && (!IsBelow(home, project) || !real.StartsWith(home == "/" ? "/." : home + "/."));

    /// <summary>Whether a walk through a directory would come through places that are not free.</summary>
    internal bool HidesSecrets(string real) => IsBelow(home, project) && IsBelow(home, real);

    private string? Protection(string path)
    {
        // Above the project such a name protects nothing in it.
        var parts = (IsBelow(path, project) ? path[project.Length..] : path).Split('/');
        return Array.Find(parts, part => Holds(ProtectedDirectories, part))
            ?? (Holds(StartFiles, parts[^1]) ? parts[^1] : null);
    }

    // Case is not counted: on some file systems .GIT is .git.
    private static bool Holds(string[] names, string name) =>
        Array.Exists(names, one => one.Equals(name, StringComparison.OrdinalIgnoreCase));
}
