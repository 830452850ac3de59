using Berth.Core.Settings;
using Berth.Platform;
using Berth.Protocol;

namespace Berth.Core.Instructions;

/// <summary>A Markdown file that defines something: a sub-agent, a skill, a custom command.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Name">
/// What its place calls it: the file's name without <c>.md</c>, with the folders on the way and colons between
/// (<c>git:commit</c>); of a skill, its folder's name. A <c>name</c> in the head is for the reader to prefer.
/// </param>
/// <param name="Place">The folder it was found in.</param>
/// <param name="Text">Head and body, cleaned of what no person sees.</param>
public sealed record Definition(string Path, string Name, DefinitionPlace Place, FrontMatter Text)
{
    /// <summary>Something in it that does not hold, at the line of a field (the first line without one).</summary>
    public SettingsWarning Problem(string what, string? field = null) =>
        new(Path, field is null ? 1 : Text.Field(field)?.Line ?? 1, 1, what);
}

/// <summary>What was found in some places.</summary>
/// <param name="Found">In the order of the places, then of the names; two places may hold the same name.</param>
/// <param name="Problems">What was left out, and why.</param>
public sealed record DefinitionSet(IReadOnlyList<Definition> Found, IReadOnlyList<SettingsWarning> Problems);

/// <summary>
/// Reads definitions from folders. A file that does not hold is a problem with its place and hurts no other. Only
/// regular files count, and of a project's only those that stay in it.
/// </summary>
public static class Definitions
{
    private const string Extension = ".md";
    private const string SkillFile = "SKILL.md";

    /// <summary>All <c>*.md</c> of the places and their folders: sub-agents and custom commands.</summary>
    public static DefinitionSet Files(IReadOnlyList<DefinitionPlace> places) => Read(places, isSkills: false);

    /// <summary>All folders with a <c>SKILL.md</c> (https://agentskills.io).</summary>
    public static DefinitionSet Skills(IReadOnlyList<DefinitionPlace> places) => Read(places, isSkills: true);

    private static DefinitionSet Read(IReadOnlyList<DefinitionPlace> places, bool isSkills)
    {
        var found = new List<Definition>();
        var problems = new List<SettingsWarning>();
        foreach (var place in places)
        {
            var walk = new DefinitionWalk(place, isSkills ? static name => name == SkillFile : IsMarkdown, isSkills, problems);
            foreach (var path in walk.Paths().Order(StringComparer.Ordinal))
            {
                if (One(place, path, isSkills, problems) is { } definition)
                {
                    found.Add(definition);
                }
            }
        }

        return new DefinitionSet(found, problems);
    }

    private static bool IsMarkdown(string name) => name.EndsWith(Extension) && name[0] != '.';

    private static Definition? One(DefinitionPlace place, string path, bool isSkill, List<SettingsWarning> problems)
    {
        try
        {
            if (place.LeavesIt(path) is { } left)
            {
                problems.Add(left);
                return null;
            }

            var bytes = FileFacts.ReadRegular(path, Limits.DefinitionBytes, out _);
            var text = FrontMatter.Parse(CleanText.Of(bytes), path, out var problem);
            if (text is null)
            {
                problems.Add(problem!);
                return null;
            }

            return new Definition(path, NameOf(place, path, isSkill), place, text);
        }
        catch (IOException e)
        {
            problems.Add(new SettingsWarning(path, null, null, e.Message));
            return null;
        }
    }

    private static string NameOf(DefinitionPlace place, string path, bool isSkill) => isSkill
        ? Path.GetFileName(Path.GetDirectoryName(path)!)
        : Path.GetRelativePath(place.Directory, path)[..^Extension.Length].Replace('/', ':');
}
