using System.Diagnostics;
using Berth.Tests.Processes;
using Xunit;

namespace Berth.Tests.Core.Permissions;

/// <summary>The real bash as a witness: what the tables call free is run, and nothing may have changed.</summary>
public sealed class RealBashTests
{
    [Fact]
    public async Task What_is_free_changes_nothing_when_bash_runs_it()
    {
        using var scratch = new Scratch();
        var project = Directory.CreateDirectory(scratch.Path("proj")).FullName;
        foreach (var file in new[] { "README.md", "a.txt", "b.txt", "two words.txt", "src/a.cs", "src/b.cs", "src/deep/c.cs", "docs/one.md" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(project, file))!);
            await File.WriteAllTextAsync(Path.Combine(project, file), $"{file}\nfoo\nx: rm -rf\n");
        }

        var before = Snapshot(scratch.Root);

        foreach (var row in PermissionTable.Read(ReadOnlyLineTests.PlainReading + "\n" + ReadOnlyLineTests.Compound))
        {
            // Every free line ends by itself but the one that follows a file.
            if (!row.Line.Contains("tail -f"))
            {
                await RunAsync(project, scratch.Root, row.Line);
                Assert.Equal((row.Line, before), (row.Line, Snapshot(scratch.Root)));
            }
        }
    }

    private static async Task RunAsync(string directory, string home, string line)
    {
        using var bash = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", line])
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["HOME"] = home },
        })!;
        bash.StandardInput.Close();
        await Task.WhenAll(bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync(), bash.WaitForExitAsync());
    }

    private static string Snapshot(string root) => string.Join('\n', Directory
        .EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories).Order()
        .Select(path => $"{path} {(File.Exists(path) ? File.ReadAllText(path) : "")} {File.GetLastWriteTimeUtc(path).Ticks}"));
}
