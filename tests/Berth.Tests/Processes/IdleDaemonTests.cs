using Berth.Daemon;
using Berth.Platform;
using Berth.Protocol;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Processes;

/// <summary>A daemon that nobody needs goes away by itself.</summary>
public sealed class IdleDaemonTests
{
    [Fact]
    public async Task With_nobody_there_and_nothing_busy_it_leaves_after_its_time()
    {
        using var scratch = new Scratch();
        var time = new HeldTime();
        var paths = BerthPaths.From(new Dictionary<string, string> { ["BERTH_HOME"] = scratch.Path("home") }, scratch.Root);
        PrivateFiles.CreateDirectory(paths.Run);
        await using var engine = new Engine(paths, time);
        using var listener = LocalSocket.Listen(paths.Socket);

        var serving = new Server(engine).RunAsync(listener);
        Assert.False(serving.IsCompleted);
        time.Advance(Limits.DaemonIdle + TimeSpan.FromMinutes(1));

        await serving.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }
}
