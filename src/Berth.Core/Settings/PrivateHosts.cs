using System.IO.Enumeration;

namespace Berth.Core.Settings;

/// <summary>The hosts that a person allows to be fetched from although they lie in a private network.</summary>
public static class PrivateHosts
{
    /// <summary>Whether a host is among them; <c>*</c> in an item stands for any characters.</summary>
    public static bool Hold(IReadOnlyList<string> items, string host) =>
        items.Any(item => FileSystemName.MatchesSimpleExpression(item, host, ignoreCase: true));
}
