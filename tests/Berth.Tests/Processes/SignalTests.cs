using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Berth.Platform;
using Xunit;

namespace Berth.Tests.Processes;

[Collection("alone")]
public sealed partial class SignalTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Signals_that_ask_to_end_are_told_and_a_hang_up_is_not()
    {
        var asked = new ConcurrentQueue<PosixSignal>();
        using (new ShutdownSignals(asked.Enqueue))
        {
            Assert.True(Send(SignalNumbers.Hangup));
            Assert.True(Send(SignalNumbers.Terminate));
            await Eventually.True(() => asked.Count == 1, "the first is told");
            Assert.True(Send(SignalNumbers.Terminate));
            await Eventually.True(() => asked.Count == 2, "the second is told");
        }

        Assert.Equal([PosixSignal.SIGTERM, PosixSignal.SIGTERM], asked);
    }

    [Fact]
    public async Task A_program_that_was_started_with_child_signals_ignored_still_learns_how_its_children_end()
    {
        const nint ignored = 1;
        var before = SetHandler(17, ignored);
        try
        {
            using var children = new Children();
            Assert.Equal(new Exited(3), await children.Start(Bash.Options(_scratch.Root, "exit 3")).Exited);
        }
        finally
        {
            _ = SetHandler(17, before);
        }
    }

    private static bool Send(int signal) =>
        ProcessTable.Signal(Environment.ProcessId, CurrentProcess.StartTicks(Environment.ProcessId), signal);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);
}
