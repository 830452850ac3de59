namespace Berth.Core.Models;

/// <summary>Finds the address of a call from a base URL, which people write in many ways.</summary>
internal static class ModelAddress
{
    /// <summary>
    /// <c>https://host</c>, <c>https://host/v1</c>, <c>https://host/api/v3/</c> and the whole address of the call all
    /// mean the same: a version is added when the path has none.
    /// </summary>
    /// <param name="call">The path of the call behind the version, for example "chat/completions".</param>
    public static Uri Of(Uri baseUrl, string call)
    {
        var path = baseUrl.AbsolutePath.TrimEnd('/');
        if (!path.EndsWith("/" + call, StringComparison.Ordinal))
        {
            path += (path.Split('/').Any(IsVersion) ? "/" : "/v1/") + call;
        }

        return new UriBuilder(baseUrl) { Path = path, Fragment = "" }.Uri;
    }

    // v1, v3, v1beta
    private static bool IsVersion(string segment) =>
        segment.Length >= 2 && segment[0] == 'v' && char.IsAsciiDigit(segment[1]);
}
