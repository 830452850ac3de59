using System.Diagnostics;
using Berth.Tests.Processes;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Faults;

/// <summary>
/// The real programs on a real file system that is full for a while. It is mounted in a namespace of its own, which goes
/// away with its last process.
/// </summary>
public sealed class FullDiskTests : IDisposable
{
    private const int CannotMount = 77;

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void On_a_full_disk_nothing_is_acknowledged_and_everything_goes_on_when_there_is_space()
    {
        var (code, said) = Run("""
            mount -t tmpfs -o size=6m,mode=700 none "$BERTH_HOME" || exit 77
            berth run first --bg; echo "first: $?"
            until berth bg list | grep -q done; do sleep 0.05; done
            berth bg list; head -c 20000000 /dev/zero >"$BERTH_HOME/fill" 2>/dev/null
            berth run second; echo "second: $?"
            berth run third --bg; echo "third: $?"
            berth conf permission_mode:plan; echo "conf: $?"
            # The page that a log has already may take a few small events more.
            n=0; while [ $n -lt 100 ] && berth sessions rename "other $n" >/dev/null; do n=$((n + 1)); done
            [ $n -lt 100 ]; echo "rename is refused: $?"
            rm "$BERTH_HOME/fill"
            berth run fourth >/dev/null; echo "fourth: $?"
            berth conf permission_mode:plan >/dev/null; echo "conf again: $?"
            berth bg drop 1 >/dev/null; echo "drop: $?"
            berth sessions list
            berth sessions verify; echo "verify: $?"
            berth daemon stop
            """);
        Assert.SkipWhen(code == CannotMount, "no file system can be mounted here");

        Assert.All(["first: 0", "second: 1", "third: 1", "conf: 1", "rename is refused: 0", "fourth: 0", "conf again: 0", "drop: 0", "verify: 0"],
            line => Assert.True(said.Contains(line), $"{line} is missing in:\n{said}"));
        Assert.Contains("No space left on device", said);
        var list = said[said.IndexOf("drop:", StringComparison.Ordinal)..];
        Assert.Contains("first", list);
        Assert.Contains("fourth", list);
        Assert.DoesNotContain("second", list);
        Assert.DoesNotContain("third", list);
    }

    private (int Code, string Said) Run(string script)
    {
        Directory.CreateDirectory(scratch.Path("home"));
        Directory.CreateDirectory(scratch.Path("project"));
        var start = new ProcessStartInfo("unshare", ["--user", "--map-root-user", "--mount", "--pid", "--fork", "--mount-proc", "bash", "-c", script])
        {
            UseShellExecute = false, WorkingDirectory = scratch.Path("project"), RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = $"{BerthHome.Programs}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["DOTNET_ROOT"] = Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "";
        start.Environment["HOME"] = start.Environment["BERTH_HOME"] = scratch.Path("home");
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
        process.WaitForExit();

        // Where namespaces are forbidden, unshare itself fails and says so.
        return (said.Contains("unshare:") ? CannotMount : process.ExitCode, said);
    }
}
