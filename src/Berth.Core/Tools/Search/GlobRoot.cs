namespace Berth.Core.Tools.Search;

/// <summary>Where the walk for a pattern begins, and what is left of the pattern from there on.</summary>
internal readonly record struct GlobRoot(string Directory, string Pattern)
{
    /// <summary>
    /// Takes the part of a pattern that needs no walk: <c>src/**/*.cs</c> begins in <c>src</c>, <c>/etc/*.conf</c> in
    /// <c>/etc</c>, <c>../*</c> one above.
    /// </summary>
    /// <param name="directory">As it was given; it does not count for a pattern that begins with a slash or a tilde.</param>
    public static GlobRoot Of(string directory, string pattern)
    {
        var wild = pattern.AsSpan().IndexOfAny("*?[{\\");
        var until = (wild < 0 ? pattern : pattern[..wild]).LastIndexOf('/');
        if (until < 0)
        {
            return new GlobRoot(directory, pattern);
        }

        var first = until == 0 ? "/" : pattern[..until];
        var isOwn = first.StartsWith('/') || first == "~" || first.StartsWith("~/", StringComparison.Ordinal);
        return new GlobRoot(isOwn ? first : $"{directory.TrimEnd('/')}/{first}", pattern[until..]);
    }
}
