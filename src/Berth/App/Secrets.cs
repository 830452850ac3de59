namespace Berth.App;

/// <summary>Lines with a provider's key in them.</summary>
internal static class Secrets
{
    /// <summary>A key given by hand stays out of every file but its own.</summary>
    public static bool MayBeStored(string text) =>
        !(text.StartsWith('/') && text.Contains(" key:", StringComparison.Ordinal));
}
