using Berth.Core.Permissions;

namespace Berth.Tests.Core.Permissions;

/// <summary>
/// A small file system in memory: the home directory of "u" with a project in it, links that lead out of and into it,
/// and a program folder that holds what a hostile checkout would like to be started.
/// </summary>
internal sealed class FakeFiles
{
    internal const string Home = "/home/me";
    internal const string Project = "/home/me/proj";

    private static readonly string[] Files =
    [
        "/etc/passwd", "/etc/hosts", "/usr/bin/ls", "/home/me/.ssh/id_rsa", "/home/me/.ssh/config", "/home/me/.bashrc", "/home/me/notes.txt",
        "/home/me/other/x.txt", "/home/me/proj/README.md", "/home/me/proj/a.txt", "/home/me/proj/b.txt", "/home/me/proj/two words.txt",
        "/home/me/proj/src/a.cs", "/home/me/proj/src/b.cs", "/home/me/proj/src/deep/c.cs", "/home/me/proj/docs/one.md",
        "/home/me/proj/docs/two.md", "/home/me/proj/.git/config", "/home/me/proj/.git/HEAD", "/home/me/proj/.berth/config.json",
        "/home/me/proj/.env", "/home/me/proj/.bashrc", "/home/me/proj/secrets/key.pem", "/home/me/proj/trap/-o", "/home/me/proj/trap/x.txt",
        "/home/me/proj/bin/evil",
    ];

    private static readonly Dictionary<string, string> Links = new()
    {
        ["/home/me/proj/passwd"] = "/etc/passwd",
        ["/home/me/proj/up"] = "/home/me/other",
        ["/home/me/proj/inside"] = "src/deep",
        ["/home/me/proj/leaks/key.txt"] = "/home/me/.ssh/id_rsa",
        ["/home/me/proj/loop"] = "loop",
        ["/link-to-proj"] = "/home/me/proj",
    };

    private readonly Dictionary<string, string> programs = new() { ["tool"] = "/home/me/proj/bin/evil" };

    internal static Place Place(
        string directory = Project, string project = Project, string home = Home, bool trusted = true) =>
        new FakeFiles().In(directory, project, home, trusted);

    internal FakeFiles WithProgram(string name, string path)
    {
        programs[name] = path;
        return this;
    }

    internal Place In(string directory = Project, string project = Project, string home = Home, bool trusted = true) => new(
        directory, project, home, trusted, new FileLookup(RealPath, Names, IsDirectory, name => programs.GetValueOrDefault(name)));

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
