using System.Collections.Concurrent;
using Berth.Platform;

namespace Berth.Core.Settings;

/// <summary>
/// The config files: what is in force for a project, and how it is changed. Files edited by hand count at the next
/// look. May be used from several threads.
/// </summary>
public sealed class ConfigStore(BerthPaths paths, TrustStore trust, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ProjectFiles> projects = new();
    private readonly SettingsWriter writer = new(paths.Config, time);
    private readonly SettingsFile<ConfigLayer> global = File(GlobalFile(paths), time);

    /// <summary>The settings in force for a project now. The same object as long as no file changed.</summary>
    public Config Get(Project project)
    {
        var files = projects.GetOrAdd(project.Root, _ => new ProjectFiles(
            File(UserFile(project), time), File(Path.Combine(project.OwnDirectory, "config.json"), time)));
        var user = files.User.Read();
        var own = trust.IsTrusted(project) ? files.Own.Read() : null;
        var all = global.Read();
        var untrusted = own is null && !FileFacts.IsMissing(files.Own.Path) 
            ? $"{files.Own.Path} is not used before this project is trusted: /trust"
            : null;
        if (files.Last is { } last && last.User == user && last.Own == own && last.Global == all
            && last.Config.Untrusted == untrusted)
        {
            return last.Config;
        }

        var sources = new List<ConfigSource> { new(ConfigOrigin.User, files.User.Path, user) };
        if (own is not null)
        {
            sources.Add(new ConfigSource(ConfigOrigin.Project, files.Own.Path, own));
        }

        sources.Add(new ConfigSource(ConfigOrigin.Global, global.Path, all));
        var config = ConfigMerge.Of(sources, untrusted);
        files.Last = new Merged(user, own, all, config);
        return config;
    }

    /// <summary>Sets a key.</summary>
    /// <param name="project">The user's settings for this project; null: for all projects.</param>
    /// <param name="value">As people type it.</param>
    /// <exception cref="SettingsFailure">Unknown key, no value of it, or the file could not be written.</exception>
    public Task SetAsync(Project? project, string key, string value, CancellationToken cancellation)
    {
        var row = ConfigKeys.Require(key);
        return PutAsync(project, row, ConfigValues.Parse(row, value), cancellation);
    }

    /// <summary>Takes a key out of a file.</summary>
    /// <param name="project">The user's settings for this project; null: for all projects.</param>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="SettingsFailure">Unknown key, or the file could not be written.</exception>
    public Task<bool> DropAsync(Project? project, string key, CancellationToken cancellation)
    {
        var row = ConfigKeys.Require(key);
        return writer.ChangeAsync(
            FileOf(project), text => JsonEdit.Remove(JsonEdit.Remove(text, row.Path), [row.Name]), cancellation);
    }

    /// <summary>Adds an item to a list, at its end.</summary>
    /// <param name="project">The user's settings for this project; null: for all projects.</param>
    /// <returns>Whether it was not there yet.</returns>
    /// <exception cref="SettingsFailure">The key has no lists, the item is none, or the file could not be written.</exception>
    public Task<bool> AddAsync(Project? project, string key, string item, CancellationToken cancellation)
    {
        var row = ConfigKeys.Require(key);
        var good = ConfigValues.ParseItem(row, item);
        return writer.ChangeAsync(
            FileOf(project),
            text => Items(text, row).Contains(good)
                ? text
                : JsonEdit.Append(Named(text, project), Where(text, row), good),
            cancellation);
    }

    /// <summary>Takes an item out of a list.</summary>
    /// <param name="project">The user's settings for this project; null: for all projects.</param>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="SettingsFailure">The key has no lists, or the file could not be written.</exception>
    public Task<bool> RemoveAsync(Project? project, string key, string item, CancellationToken cancellation)
    {
        var row = ConfigKeys.Require(key);
        if (!row.IsList)
        {
            throw ConfigValues.NoList(row);
        }

        return writer.ChangeAsync(
            FileOf(project), text => JsonEdit.RemoveItem(text, Where(text, row), item.Trim()), cancellation);
    }

    /// <summary>The file that <see cref="SetAsync"/> and the others change.</summary>
    public string FileOf(Project? project) => project is null ? GlobalFile(paths) : UserFile(project);

    private static string GlobalFile(BerthPaths paths) => Path.Combine(paths.Config, "config.json");

    private string UserFile(Project project) => Path.Combine(paths.Config, "projects", project.Key, "config.json");

    private static SettingsFile<ConfigLayer> File(string path, TimeProvider time) =>
        new(path, time, ConfigLayer.Empty, text => ConfigLayer.Read(text, path));

    private Task PutAsync(Project? project, ConfigKey key, ConfigValue value, CancellationToken cancellation) =>
        writer.ChangeAsync(
            FileOf(project),
            text => JsonEdit.Set(Named(text, project), Where(text, key), ConfigValues.Json(key, value)),
            cancellation);

    private static IReadOnlyList<string> Items(byte[] text, ConfigKey key)
    {
        var values = text.Length == 0 ? ConfigLayer.Empty.Values : ConfigLayer.Read(PlacedJson.Parse(text), "").Values;
        return values.TryGetValue(key.Name, out var value) ? value.Items : [];
    }

    /// <summary>
    /// Where a key stands: a person may have written <c>"permissions.allow"</c> as one name at the top. Where both
    /// stand, the later one is in force.
    /// </summary>
    private static IReadOnlyList<string> Where(byte[] text, ConfigKey key)
    {
        var root = text.Length == 0 ? null : PlacedJson.Parse(text).Root;
        var nested = root?.Find(key.Path[0])?.Value.Find(key.Path[^1]);
        return root?.Find(key.Name) is { } whole && (nested is null || nested.Start < whole.Start)
            ? [key.Name]
            : key.Path;
    }

    /// <summary>The file's name holds a hash, so a new file says which project it is for.</summary>
    private static byte[] Named(byte[] text, Project? project) => text.Length > 0 || project is null
        ? text
        : JsonEdit.Set(text, ["project"], JsonEdit.Quote(project.Root));

    private sealed record Merged(
        SettingsReading<ConfigLayer> User, SettingsReading<ConfigLayer>? Own, SettingsReading<ConfigLayer> Global,
        Config Config);

    private sealed class ProjectFiles(SettingsFile<ConfigLayer> user, SettingsFile<ConfigLayer> own)
    {
        private volatile Merged? last;

        public SettingsFile<ConfigLayer> User => user;

        public SettingsFile<ConfigLayer> Own => own;

        public Merged? Last
        {
            get => last;
            set => last = value;
        }
    }
}
