using System.Diagnostics;
using System.Text;
using Berth.Bench.Native;
using Berth.Bench.Place;
using Berth.Core.Permissions;
using Berth.Core.Settings;
using Berth.Core.Tools;
using Berth.Daemon;
using Berth.Platform;

namespace Berth.Bench.Measurements;

/// <summary>
/// <c>grep</c> and <c>glob</c> over a hundred thousand files, against ripgrep (Debian's package ripgrep), which must be there.
/// grep is measured as it works with ripgrep in the session's path, and without.
/// </summary>
internal static class Searches
{
    private const int Directories = 1_000;
    private const int FilesInEach = 100;
    private const int Pairs = 5;
    private const string UsualPath = "/usr/local/bin:/usr/bin:/bin";
    private const string Needle = "needle_in_the_hay";

    public static Measurement Row { get; } = new("grep", "grep and glob over 100,000 files", Run);

    private static IReadOnlyList<Figure> Run(Programs programs)
    {
        var ripgrep = Platform.Programs.Find("rg", UsualPath)
            ?? throw new IOException("ripgrep is what search is measured against: apt-get install ripgrep.");
        using var folder = new TemporaryFolder();
        Fill(folder.Path);
        using var children = new Children();
        var output = Path.Combine(folder.Path, "..", $"{Path.GetFileName(folder.Path)}.out");
        try
        {
            return
            [
                Pair("grep, with ripgrep in the path", "rg", Rg("-n", Needle), () => Tool("grep", $$"""{"pattern":"{{Needle}}"}""", UsualPath)),
                Pair("grep, without ripgrep", "rg", Rg("-n", Needle), () => Tool("grep", $$"""{"pattern":"{{Needle}}"}""", "/nowhere")),
                Pair("glob **/*7.cs", "rg --files -g", Rg("--files", "-g", "**/*7.cs"), () => Tool("glob", """{"pattern":"**/*7.cs"}""", UsualPath)),
            ];
        }
        finally
        {
            File.Delete(output);
        }

        Func<double> Rg(params string[] arguments) => () => ProgramRun.Whole(new SpawnOptions(
            ripgrep, ["--no-config", .. arguments, "."], folder.Path, new Dictionary<string, string>(), output)).Wall.TotalMilliseconds;

        double Tool(string name, string arguments, string path)
        {
            var began = Stopwatch.GetTimestamp();
            var result = ToolTable.Find(name)!.Run(ToolInput.Parse(name, arguments), Context(folder.Path, path, children), default)
                .GetAwaiter().GetResult();
            return result.Ok ? Stopwatch.GetElapsedTime(began).TotalMilliseconds : throw new IOException(result.Output);
        }
    }

    private static Figure Pair(string what, string floor, Func<double> bare, Func<double> tool)
    {
        var (floors, ours) = Samples.Paired(Pairs, bare, tool);
        return new Figure($"{what}: {Directories * FilesInEach:N0} files", ours.Median, Unit.Milliseconds, new Floor(floor, floors.Median));
    }

    // Source files of two kilobytes; one in a thousand has what is looked for.
    private static void Fill(string root)
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 40).Select(i => $"    public int Value{i} => hay[{i}] + straw; // nothing\n")));
        byte[] special = [.. text, .. Encoding.UTF8.GetBytes($"// {Needle}\n")];
        for (var d = 0; d < Directories; d++)
        {
            var directory = Directory.CreateDirectory(Path.Combine(root, $"part{d / 50}", $"dir{d}")).FullName;
            for (var f = 0; f < FilesInEach; f++)
            {
                File.WriteAllBytes(Path.Combine(directory, $"file{f}.cs"), (d * FilesInEach) + f is var n && n % 1_000 == 500 ? special : text);
            }
        }
    }

    private static ToolContext Context(string root, string path, Children children) => new()
    {
        Session = "bench",
        Directory = root,
        Project = root,
        Call = "call",
        Environment = new Dictionary<string, string> { ["PATH"] = path, ["HOME"] = root },
        Umask = 0x12,
        AutoBackgroundAfter = TimeSpan.FromMinutes(2),
        Time = TimeProvider.System,
        Files = new FileRegistry(),
        RealPath = RealPath.Of,
        WalkFilter = tool => Policy.WalkFilter(
            tool, new Core.Permissions.Place(root, root, "/nowhere", Trusted: false, DiskLookup.Of(UsualPath, root)), RuleSet.Empty),
        KeepImage = (_, _) => throw new NotSupportedException("no image is read here"),
        Start = children.Start,
        StartAsync = _ => throw new NotSupportedException("no command is run here"),
        KeepTodosAsync = _ => throw new NotSupportedException("no list is kept here"),
        Web = null!,
        RequireSubagents = _ => throw new NotSupportedException("no sub-agent is started here"),
        StartSubagentsAsync = _ => throw new NotSupportedException("no sub-agent is started here"),
        Tasks = () => [],
        Reading = _ => new TaskReading(),
        CollectedAsync = _ => Task.CompletedTask,
    };
}
