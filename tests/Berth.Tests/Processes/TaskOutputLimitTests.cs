using Berth.Protocol;
using Xunit;

namespace Berth.Tests.Processes;

/// <summary>No command fills the disk. (What these write in a moment would slow down every other test.)</summary>
[Collection("alone")]
public sealed class TaskOutputLimitTests : IDisposable
{
    private const long Limit = Limits.TaskOutputBytes;
    private readonly Tasks _tasks = new();

    public void Dispose() => _tasks.Dispose();

    // A machine that is far too busy to let anybody look in time can be late once, not three times.
    [Theory]
    [InlineData("yes")]
    [InlineData("trap '' TERM; yes | cat")]
    [InlineData("(setsid yes &) ; sleep 60")]
    public async Task Output_without_end_is_ended_within_a_tenth_of_the_limit(string command)
    {
        var bytes = long.MaxValue;
        for (var attempt = 0; attempt < 3 && bytes > Limit + (Limit / 10); attempt++)
        {
            var task = _tasks.Start(command);
            var ended = await task.Ended;

            Assert.Equal("output_limit", ended.State);
            Assert.Empty(ended.Children);
            Assert.Equal(ended.OutputBytes, new FileInfo(task.Started.OutputFile).Length);
            bytes = ended.OutputBytes;
        }

        Assert.InRange(bytes, Limit, Limit + (Limit / 10));
    }

    [Fact]
    public async Task Eight_at_once_are_ended_within_a_tenth_of_the_limit()
    {
        var ends = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _tasks.Start("yes").Ended));

        Assert.All(ends, e => Assert.Equal("output_limit", e.State));
        Assert.InRange(ends.Select(e => e.OutputBytes).Order().ElementAt(6), Limit, Limit + (Limit / 10));
        Assert.InRange(ends.Max(e => e.OutputBytes), Limit, Limit + (Limit / 2));
    }

    [Fact]
    public async Task What_a_command_left_behind_cannot_write_without_end_either()
    {
        const long limit = 20_000_000;
        using var tasks = new Tasks(limit);
        var task = tasks.Start("yes & echo $! > pid");
        var ended = await task.Ended;
        Assert.Equal("exited", ended.State);

        await ProcessExpectations.Ends(await tasks.PidIn("pid"));
        Assert.InRange(new FileInfo(task.Started.OutputFile).Length, limit, 2 * limit);
    }

    [Fact]
    public async Task A_stop_that_is_ignored_does_not_let_a_command_write_on()
    {
        const long limit = 20_000_000;
        using var tasks = new Tasks(limit);
        var task = tasks.Start("trap '' TERM; echo > up; until [ -e go ]; do sleep 0.01; done; yes");
        await Eventually.True(() => File.Exists(tasks.Scratch.Path("up")), "it ignores the signal");
        var stopping = task.StopAsync("user");
        File.WriteAllText(tasks.Scratch.Path("go"), "");
        await stopping;

        Assert.Equal("stopped_by_user", (await task.Ended).State);
        Assert.InRange((await task.Ended).OutputBytes, 0, 3 * limit);
    }
}
