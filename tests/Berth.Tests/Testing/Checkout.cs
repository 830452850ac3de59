namespace Berth.Tests.Testing;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Checkout
{
    /// <summary>Its folder: the nearest one above the tests that holds the solution.</summary>
    public static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Berth.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No Berth.slnx above {AppContext.BaseDirectory}.");
    }

    /// <summary>A file or folder of it.</summary>
    public static string Place(params ReadOnlySpan<string> names) => Path.Combine([Root(), .. names]);

    /// <summary>The files below a folder, as paths relative to the checkout, without what a build wrote.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern) => !Directory.Exists(Place(folder)) ? [] :
    [
        .. Directory.EnumerateFiles(Place(folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root(), file))
            .Where(file => !file.Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal),
    ];
}
