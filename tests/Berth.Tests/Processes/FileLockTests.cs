using Berth.Platform;
using Xunit;

namespace Berth.Tests.Processes;

public sealed class FileLockTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly Children _children = new();

    public void Dispose()
    {
        _children.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void Only_one_holder_at_a_time_even_within_one_process()
    {
        using (FileLock.TryTake(_scratch.Path("lock")))
        {
            Assert.Null(FileLock.TryTake(_scratch.Path("lock")));
        }

        using var again = FileLock.TryTake(_scratch.Path("lock"));
        Assert.NotNull(again);
    }

    [Fact]
    public async Task A_process_that_is_killed_lets_the_lock_go()
    {
        var holder = _children.Start(Bash.Options(
            _scratch.Root, "exec 9>>lock; flock 9; touch held; exec sleep 60"));
        await Eventually.True(() => File.Exists(_scratch.Path("held")), "the other process holds the lock");
        Assert.Null(FileLock.TryTake(_scratch.Path("lock")));
        Assert.Null(await FileLock.TakeAsync(
            _scratch.Path("lock"), TimeSpan.FromMilliseconds(30), TimeProvider.System, CancellationToken.None));

        var taking = FileLock.TakeAsync(
            _scratch.Path("lock"), TimeSpan.FromSeconds(20), TimeProvider.System, CancellationToken.None);
        holder.Signal(SignalNumbers.Kill);
        using var taken = await taking;

        Assert.NotNull(taken);
    }

    [Fact]
    public async Task A_child_does_not_inherit_the_lock()
    {
        var taken = FileLock.TryTake(_scratch.Path("lock"));
        var child = _children.Start(Bash.Options(_scratch.Root, "touch up; exec sleep 60"));
        await Eventually.True(() => File.Exists(_scratch.Path("up")), "the child runs");
        taken!.Dispose();

        using var again = FileLock.TryTake(_scratch.Path("lock"));
        Assert.NotNull(again);
        child.Signal(SignalNumbers.Kill);
        await child.Exited;
    }
}
