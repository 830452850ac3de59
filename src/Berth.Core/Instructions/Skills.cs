using System.Text;
using Berth.Core.Settings;
using Berth.Protocol;

namespace Berth.Core.Instructions;

/// <summary>
/// A folder with a <c>SKILL.md</c> (https://agentskills.io/specification): instructions for one kind of work, which the
/// model reads when it has such work to do.
/// </summary>
/// <param name="Name">What the model and people call it.</param>
/// <param name="Description">What it does and when to use it, one line.</param>
/// <param name="File">The <c>SKILL.md</c>; absolute.</param>
/// <param name="Place">Where it was found.</param>
public sealed record Skill(string Name, string Description, string File, DefinitionPlace Place)
{
    /// <summary>Its folder.</summary>
    public string Directory => Path.GetDirectoryName(File)!;
}

/// <summary>The skills in force, and what is wrong with others.</summary>
public sealed record SkillSet(IReadOnlyList<Skill> Found, IReadOnlyList<SettingsWarning> Problems);

/// <summary>Finds skills, and tells the model of them: names and descriptions only, the rest is read on demand.</summary>
public static class Skills
{
    private const int LongestName = 64;
    private const int LongestDescription = 1_024;

    /// <summary>The skills of a scope. Of two with the same name the one in the nearer place counts.</summary>
    public static SkillSet Of(DefinitionScope scope)
    {
        var set = Definitions.Skills(scope.Skills);
        var problems = new List<SettingsWarning>(set.Problems);
        var skills = new List<Skill>();
        foreach (var definition in set.Found)
        {
            var name = CleanText.Line(definition.Text.Text("name") ?? definition.Name).Trim();
            if (name.Length is 0 or > LongestName)
            {
                problems.Add(definition.Problem($"a name has 1 to {LongestName} characters", "name"));
            }
            else if (definition.Text.Text("description") is not { } description)
            {
                problems.Add(definition.Problem("'description' is missing: the model could not tell when to use it", "description"));
            }
            else if (skills.Find(s => s.Name == name) is { } nearer)
            {
                problems.Add(definition.Problem($"'{name}' is in {nearer.Place.Origin} too, which counts", "name"));
            }
            else if (definition.Text.Text("disable-model-invocation") != "true")
            {
                skills.Add(new Skill(name, Cut(CleanText.Line(description)), definition.Path, definition.Place));
            }
        }

        return new SkillSet(skills, problems);
    }

    /// <summary>The section of the system text; null when there are none.</summary>
    public static string? Section(SkillSet set)
    {
        if (set.Found.Count == 0)
        {
            return null;
        }

        var text = new StringBuilder(
            """
            # Skills

            A skill is a folder with instructions for one kind of work, written by the person or the project's people. When a task
            fits a description below, read the skill's file with `read` before you begin, and follow it. Paths in it are relative to
            its folder; read what it refers to only when you need it, and run its scripts rather than write them anew. Do not read a
            skill that the task does not call for.


            """);
        for (var i = 0; i < set.Found.Count; i++)
        {
            var skill = set.Found[i];
            var line = $"- {skill.Name}: {skill.Description} ({CleanText.Line(skill.File)})\n";
            if (text.Length + line.Length > Limits.SkillsChars)
            {
                text.Append($"- and {set.Found.Count - i} more, which have no room here: list {string.Join(", ", Rest(set, i))}\n");
                break;
            }

            text.Append(line);
        }

        return text.ToString();
    }

    private static IEnumerable<string> Rest(SkillSet set, int from) =>
        set.Found.Skip(from).Select(s => CleanText.Line(s.Place.Directory)).Distinct().Take(5);

    private static string Cut(string description)
    {
        var end = Math.Min(description.Length, LongestDescription);
        end -= end < description.Length && char.IsHighSurrogate(description[end - 1]) ? 1 : 0;
        return end == description.Length ? description : description[..end] + "…";
    }
}
