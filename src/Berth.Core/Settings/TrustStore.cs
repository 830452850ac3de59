using Berth.Platform;

namespace Berth.Core.Settings;

/// <summary>
/// Which projects the person trusts: only of these are own settings, agents and rules used. Kept in
/// <c>trust.json</c> among the user's settings. A broken file trusts nobody new.
/// </summary>
public sealed class TrustStore(BerthPaths paths, TimeProvider time)
{
    private const string Field = "trusted";
    private readonly SettingsWriter writer = new(paths.Config, time);
    private readonly SettingsFile<HashSet<string>> file = new(FileOf(paths), time, [], Roots);

    /// <summary>Whether a project's own settings count.</summary>
    public bool IsTrusted(Project project) => file.Read().Value.Contains(project.Root);

    /// <summary>Why the list is not in force as it stands; null when all is well.</summary>
    public SettingsWarning? Warning => file.Read().Broken;

    /// <summary>Trusts the project of a directory from now on.</summary>
    /// <param name="directory">Absolute.</param>
    /// <returns>The project, and whether it was not trusted before.</returns>
    /// <exception cref="SettingsFailure">There is no such directory, or the list could not be written.</exception>
    public async Task<(Project Project, bool New)> TrustAsync(string directory, CancellationToken cancellation)
    {
        if (!Directory.Exists(directory))
        {
            throw new SettingsFailure($"there is no directory '{Shown.Line(directory, 200)}'");
        }

        var project = Project.Of(directory);
        var added = await writer.ChangeAsync(
            FileOf(paths),
            text =>
            {
                var roots = text.Length == 0 ? [] : Roots(PlacedJson.Parse(text));
                return roots.Contains(project.Root) ? text : JsonEdit.Append(text, [Field], project.Root);
            },
            cancellation);
        return (project, added);
    }

    private static string FileOf(BerthPaths paths) => Path.Combine(paths.Config, "trust.json");

    private static HashSet<string> Roots(PlacedJson text)
    {
        var list = text.Root.Find(Field)?.Value;
        if (!text.Root.IsObject || list is { IsArray: false })
        {
            var (line, column) = text.Place((list ?? text.Root).Start);
            throw new PlacedJsonException($"not of the form {{\"{Field}\": [\"/path\"]}}", line, column);
        }

        return [.. list?.Items.Select(item => item.Text) ?? []];
    }
}
