using System.Diagnostics;
using Berth.Platform;

namespace Berth.Tests.Testing;

/// <summary>How a call of the program ended.</summary>
internal sealed record Ran(int Code, string Out, string Error);

/// <summary>
/// An installation of its own: a fresh BERTH_HOME with an empty project in it, and the real programs run on it. At the
/// end every process that belongs to it is ended and everything is removed.
/// </summary>
internal sealed class BerthHome : IDisposable
{
    private const int Sigkill = 9;
    private readonly string folder = Directory.CreateTempSubdirectory("berth-").FullName;

    public BerthHome() => Directory.CreateDirectory(Project);

    /// <summary>The value of BERTH_HOME.</summary>
    public string Home => Path.Combine(folder, "home");

    /// <summary>Where calls are made: a directory of no git repository.</summary>
    public string Project => Path.Combine(folder, "project");

    /// <summary>Variables for all calls, beside the few that every call gets.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>
    /// The folder of the programs under test: what <c>./berth</c> built for people, when <c>./test</c> names it, else what was
    /// built with the tests.
    /// </summary>
    public static string Programs { get; } =
        Environment.GetEnvironmentVariable("BERTH_TEST_PROGRAMS") ?? AppContext.BaseDirectory;

    /// <summary>The program under test.</summary>
    public static string Program => Path.Combine(Programs, "berth");

    /// <summary>The daemon's process; null when none runs.</summary>
    public int? Daemon => ProcessTable.All()
        .Where(process => !process.IsZombie && IsDaemon(process.Pid) && ProcessTable.HasVariable(process.Pid, "BERTH_HOME", Home) == true)
        .Select(process => (int?)process.Pid)
        .FirstOrDefault();

    /// <summary>Runs <c>berth</c> to its end, with nothing on standard input.</summary>
    public Ran Berth(params string[] arguments) => Start(arguments).End();

    /// <summary>Runs <c>berth</c> to its end with a text on standard input.</summary>
    public Ran BerthReading(string input, params string[] arguments) => Start(arguments, input).End();

    /// <summary>Starts <c>berth</c>.</summary>
    /// <param name="input">What stands on standard input before its end; null: it stays open and silent.</param>
    public Call Start(IReadOnlyList<string> arguments, string? input = "", string? directory = null) =>
        new(this, arguments, input, directory ?? Project);

    /// <summary>Waits, within a bound, until something is so.</summary>
    public static async Task Until(Func<bool> isSo, string what)
    {
        var began = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(20))
            {
                throw new TimeoutException($"Waited in vain: {what}");
            }

            await Task.Yield();
        }
    }

    public void Dispose()
    {
        foreach (var process in ProcessTable.All().Where(p => ProcessTable.HasVariable(p.Pid, "BERTH_HOME", Home) == true))
        {
            ProcessTable.Signal(process.Pid, process.StartTicks, Sigkill);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static bool IsDaemon(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm").TrimEnd() == "berthd";
        }
        catch (IOException)
        {
            return false;
        }
    }
}
