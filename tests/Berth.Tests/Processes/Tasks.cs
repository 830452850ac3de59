using Berth.Core.Tasks;
using Berth.Platform;

namespace Berth.Tests.Processes;

/// <summary>What one daemon has for its tasks, in a directory that goes away with the test.</summary>
internal sealed class Tasks : IDisposable
{
    public const string Session = "12d1bd74";

    public Tasks(long outputLimit = 200_000_000, Scratch? scratch = null)
    {
        Scratch = scratch ?? new Scratch();
        Children = new Children();
        Numbers = new TaskNumbers(Scratch.Path("numbers"));
        Table = new TaskTable(Children, Numbers, TimeProvider.System, outputLimit);
    }

    public Scratch Scratch { get; }

    public Children Children { get; }

    public TaskNumbers Numbers { get; }

    public TaskTable Table { get; }

    public ShellTask Start(string command, string session = Session) => Start(Command(command), session);

    public ShellTask Start(ShellCommand command, string session = Session) =>
        Table.Start(session, Scratch.Path(session, "tasks"), command);

    public ShellCommand Command(string command) =>
        new(command, null, Scratch.Root, Bash.Variables, CurrentProcess.Umask, null, "model", "call1");

    /// <summary>The pid that a command of the test writes into a file.</summary>
    public Task<int> PidIn(string name) => Bash.NumberIn(Scratch.Path(name));

    /// <summary>As when the daemon dies: nothing is stopped, nothing waits any more.</summary>
    public void LetGo()
    {
        Children.Dispose();
        Table.Dispose();
        Numbers.Dispose();
    }

    public void Dispose()
    {
        Task.WhenAll(Table.Of(Session).Select(t => t.StopAsync("user"))).Wait(TimeSpan.FromSeconds(10));
        LetGo();
        Scratch.Dispose();
    }
}

internal static class ProcessExpectations
{
    public static Task Ends(int pid) => Eventually.True(
        () => ProcessTable.Read(pid) is null or { IsZombie: true }, $"process {pid} has ended");
}
