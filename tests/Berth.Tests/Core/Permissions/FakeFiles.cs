using Berth.Core.Permissions;

namespace Berth.Tests.Core.Permissions;

/// <summary>
/// A small file system in memory: the home directory of "u" with a project in it, links that lead out of and into it,
/// and a program folder that holds what a hostile checkout would like to be started.
/// </summary>
internal sealed class FakeFiles
{
    internal const string Home = "/home/u";
    internal const string Project = "/home/u/proj";

    private static readonly string[] Files =
    [
        "/etc/passwd", "/etc/hosts", "/usr/bin/ls", "/home/u/.ssh/id_rsa", "/home/u/.ssh/config", "/home/u/.bashrc", "/home/u/notes.txt",
        "/home/u/other/x.txt", "/home/u/proj/README.md", "/home/u/proj/a.txt", "/home/u/proj/b.txt", "/home/u/proj/two words.txt",
        "/home/u/proj/src/a.cs", "/home/u/proj/src/b.cs", "/home/u/proj/src/deep/c.cs", "/home/u/proj/docs/one.md",
        "/home/u/proj/docs/two.md", "/home/u/proj/.git/config", "/home/u/proj/.git/HEAD", "/home/u/proj/.berth/config.json",
        "/home/u/proj/.env", "/home/u/proj/.bashrc", "/home/u/proj/secrets/key.pem", "/home/u/proj/trap/-o", "/home/u/proj/trap/x.txt",
        "/home/u/proj/bin/evil",
    ];

    private static readonly Dictionary<string, string> Links = new()
    {
        ["/home/u/proj/passwd"] = "/etc/passwd",
        ["/home/u/proj/up"] = "/home/u/other",
        ["/home/u/proj/inside"] = "src/deep",
        ["/home/u/proj/leaks/key.txt"] = "/home/u/.ssh/id_rsa",
        ["/home/u/proj/loop"] = "loop",
        ["/link-to-proj"] = "/home/u/proj",
    };

    private readonly Dictionary<string, string> programs = new() { ["tool"] = "/home/u/proj/bin/evil" };

    internal static Place Place(
        string directory = Project, string project = Project, string home = Home, bool trusted = true) =>
        new FakeFiles().In(directory, project, home, trusted);

    internal FakeFiles WithProgram(string name, string path)
    {
        programs[name] = path;
        return this;
    }

    internal Place In(string directory = Project, string project = Project, string home = Home, bool trusted = true) => new(
        directory, project, home, trusted, new FileFacts(RealPath, Names, IsDirectory, name => programs.GetValueOrDefault(name)));

    private static string? RealPath(string path)
    {
        var real = "";
        var left = new LinkedList<string>(path.Split('/'));
        for (var steps = 0; left.First is { } first; steps++)
        {
            left.RemoveFirst();
            switch (first.Value)
            {
                case "" or ".":
                    continue;
                case "..":
                    real = real[..Math.Max(0, real.LastIndexOf('/'))];
                    continue;
            }
            if (!Links.TryGetValue($"{real}/{first.Value}", out var target))
            {
                real = $"{real}/{first.Value}";
                continue;
            }
            if (steps > 40)
            {
                return null;
            }
            real = target.StartsWith('/') ? "" : real;
            foreach (var part in target.Split('/').Reverse())
            {
                left.AddFirst(part);
            }
        }
        return real.Length == 0 ? "/" : real;
    }

    private static bool IsDirectory(string path) => Names(path) is { Count: > 0 };

    private static IReadOnlyList<string>? Names(string path)
    {
        var directory = (RealPath(path) ?? "/nowhere").TrimEnd('/') + "/";
        return
        [
            .. Files.Concat(Links.Keys).Where(file => file.StartsWith(directory))
                .Select(file => file[directory.Length..].Split('/')[0]).Distinct(),
        ];
    }
}
