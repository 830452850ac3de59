namespace Berth.Core.Settings;

/// <summary>A setting was not changed: the wish was wrong, or the file could not be written.</summary>
/// <param name="what">What is wrong, one line for people, without keys and control bytes.</param>
/// <param name="hint">What to do about it; null when there is nothing to say.</param>
/// <param name="usage">The call itself was wrong, as with a misspelled option.</param>
public sealed class SettingsFailure(string what, string? hint = null, Exception? inner = null, bool usage = false)
    : Exception(what, inner)
{
    /// <summary>The call itself was wrong.</summary>
    public bool IsUsage { get; } = usage;

    /// <summary>What to do about it.</summary>
    public string? Hint { get; } = hint;
}
