using System.Globalization;
using Berth.Platform;

namespace Berth.Tests.Processes;

internal static class Bash
{
    public static readonly IReadOnlyDictionary<string, string> Variables = new Dictionary<string, string>
    {
        ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
    };

    public static SpawnOptions Options(string directory, string command, string? output = null) =>
        new("/bin/bash", ["-c", command], directory, Variables, output, Name: "bash");

    /// <summary>The number that a process writes, with a line end, into a file of its own.</summary>
    public static async Task<int> NumberIn(string file)
    {
        await Eventually.True(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'), $"{file} is written");
        return int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
    }
}
