using Berth.Platform;

namespace Berth.Core.Settings;

/// <summary>
/// Keys given by hand, apart from everything that is shown, copied or logged: <c>keys.json</c>, 0600. By model, and by
/// provider for models that are named without being configured.
/// </summary>
internal sealed class KeyFile(BerthPaths paths, TimeProvider time)
{
    private const string Models = "models";
    private const string Providers = "providers";
    private const int LongestKey = 8_192;

    private readonly SettingsWriter writer = new(paths.Config, time);
    private readonly SettingsFile<IReadOnlyDictionary<string, string>> file =
        new(Path.Combine(paths.Config, "keys.json"), time, new Dictionary<string, string>(), Keys);

    /// <summary>The key of a configured model; null when none is stored.</summary>
    public string? OfModel(string name) => file.Read().Value.GetValueOrDefault($"{Models}/{name}");

    /// <summary>The key of a known provider; null when none is stored.</summary>
    public string? OfProvider(string name) => file.Read().Value.GetValueOrDefault($"{Providers}/{name}");

    /// <summary>What is wrong with the file: broken, or open to others.</summary>
    public IEnumerable<SettingsWarning> Warnings()
    {
        if (file.Read().Broken is { } broken)
        {
            yield return broken;
        }

        if (FileFacts.Of(file.Path) is { IsOpenToOthers: true })
        {
            yield return new SettingsWarning(file.Path, null, null, "others may read these keys; make it 0600");
        }
    }

    /// <summary>Stores a key, or takes it out where <paramref name="key"/> is null.</summary>
    /// <exception cref="SettingsFailure">The file could not be written.</exception>
    public Task SetModelAsync(string name, string? key, CancellationToken cancellation) =>
        SetAsync([Models, name], key, cancellation);

    /// <summary>Stores a key for all unconfigured models of a provider.</summary>
    /// <exception cref="SettingsFailure">The file could not be written.</exception>
    public Task SetProviderAsync(string name, string? key, CancellationToken cancellation) =>
        SetAsync([Providers, name], key, cancellation);

    /// <summary>A key as it was given, without the white space that a copy brings along.</summary>
    /// <exception cref="SettingsFailure">It cannot be sent in a header; the message does not quote it.</exception>
    public static string Checked(string key)
    {
        key = key.Trim();
        return key.Length is > 0 and <= LongestKey && key.All(character => character is > ' ' and <= '~')
            ? key
            : throw new SettingsFailure("that is no key: a key has no spaces, line ends or letters outside ASCII");
    }

    private Task SetAsync(string[] path, string? key, CancellationToken cancellation) => writer.ChangeAsync(
        file.Path,
        text =>
        {
            // A replaced file keeps its mode, and a person may have made this one by hand: close it first.
            if (FileFacts.Of(file.Path, follow: false) is { Kind: FileKind.Regular, IsOpenToOthers: true })
            {
                PrivateFiles.OpenReadWrite(file.Path).Dispose();
            }

            return key is null ? JsonEdit.Remove(text, path) : JsonEdit.Set(text, path, JsonEdit.Quote(key));
        },
        cancellation);

    private static IReadOnlyDictionary<string, string> Keys(PlacedJson text)
    {
        text.RequireObject();
        var keys = new Dictionary<string, string>();
        foreach (var section in new[] { Models, Providers })
        {
            foreach (var member in text.Root.Find(section)?.Value.Members ?? [])
            {
                keys[$"{section}/{member.Name}"] = member.Value.Text.Trim();
            }
        }

        return keys;
    }
}
