using System.Globalization;

namespace Berth.Core.Models;

/// <summary>Ids of tool calls as Messages accepts them: letters, digits, "_" and "-".</summary>
internal static class AnthropicId
{
    /// <summary>
    /// The id itself where it is accepted. Else (the call was made by another provider's model earlier in the session)
    /// one that always comes out the same and differs for different ids.
    /// </summary>
    public static string Of(string id)
    {
        if (id.Length > 0 && id.All(IsPlain))
        {
            return id;
        }

        // FNV-1a: "a.b" and "a:b" must not become one.
        var hash = id.Aggregate(14695981039346656037UL, (hash, c) => unchecked((hash ^ c) * 1099511628211UL));
        var plain = string.Concat(id.Select(c => IsPlain(c) ? c : '_'));
        return $"{plain}_{hash.ToString("x16", CultureInfo.InvariantCulture)}";
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
