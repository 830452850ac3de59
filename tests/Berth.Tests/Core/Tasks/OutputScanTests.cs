using Berth.Core.Tasks;
using Berth.Core.Tools;
using Berth.Protocol.Events;
using Berth.Tests.Processes;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Core.Tasks;

/// <summary>What waits for a line of a growing output finds it, whole or not, and does not look at all of it again.</summary>
public sealed class OutputScanTests : IDisposable
{
    private readonly Scratch _scratch = new();

    private string OutputFile => _scratch.Path("42.out");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_line_is_found_when_it_has_come_also_in_parts_and_told_once()
    {
        var scan = TaskOutput.Of(OutputFile).Scan(@"listening on \d+");
        Assert.Null(scan.Next());
        Write("starting\nlisten");
        Assert.Null(scan.Next());
        Write("ing on ");
        Assert.Null(scan.Next());
        Write("8080");
        Assert.Equal("listening on 8080", scan.Next());
        Write("\n");
        Assert.Equal("listening on 8080", scan.Next());
        Write("ready\n");
        Assert.Null(scan.Next());
        Write("\e[32mlistening\e[0m on 1\nno\nlistening on 2\n");
        Assert.Equal("listening on 1\nlistening on 2", scan.Next());
    }

    [Fact]
    public void A_file_that_its_command_emptied_is_looked_through_from_its_beginning()
    {
        var scan = TaskOutput.Of(OutputFile).Scan("ready");
        Write("a long first line\nand more\n");
        Assert.Null(scan.Next());
        File.WriteAllText(OutputFile, "ready\n");

        Assert.Equal("ready", scan.Next());
    }

    [Fact]
    public void A_match_deep_in_a_very_long_line_is_found_and_shown_with_what_stands_around_it()
    {
        Write(new string('x', 500_000) + "needle" + new string('y', 8_000_000) + "\n");

        var line = TaskOutput.Of(OutputFile).Scan("needle").Next();

        Assert.StartsWith("[499000 characters …] xxx", line, StringComparison.Ordinal);
        Assert.Contains("xneedley", line, StringComparison.Ordinal);
        Assert.EndsWith("more characters]", line, StringComparison.Ordinal);
        Assert.InRange(line!.Length, 4_000, 4_200);
        Assert.Equal(line + "\n", TaskOutput.Of(OutputFile).Filter("needle").Text);
    }

    [Fact]
    public void Asking_again_within_five_seconds_waits_for_news_the_end_or_the_time()
    {
        var (time, task, reading) = (new HeldTime(), new Running(OutputFile), new TaskReading());
        Write("one\n");
        Assert.False(reading.IsTooSoon(task, time));
        reading.Told(task, time);
        Assert.True(reading.IsTooSoon(task, time));

        Write("two\n");
        Assert.False(reading.IsTooSoon(task, time));
        reading.Told(task, time);
        Assert.True(reading.IsTooSoon(task, time));
        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.True(reading.IsTooSoon(task, time));
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(reading.IsTooSoon(task, time));

        reading.Told(task, time);
        task.End();
        Assert.False(reading.IsTooSoon(task, time));
    }

    private void Write(string text) => File.AppendAllText(OutputFile, text);

    private sealed class Running(string file) : ITask
    {
        private readonly TaskCompletionSource<TaskEnded> _ended = new();

        public string Session => "12d1bd74";

        public TaskStarted Started => new(42, "shell", "call1", "serve", null, 4711, 1, file, "model");

        public DateTimeOffset StartedAt => DateTimeOffset.UnixEpoch;

        public Task<TaskEnded> Ended => _ended.Task;

        public Task Gone => _ended.Task;

        public void End() => _ended.SetResult(new TaskEnded(42, "exited", 0, null, [], 0, 1, null));

        public IReadOnlyList<int> Survivors() => [];

        public void DropTimeout()
        {
        }

        public Task StopAsync(string by) => Task.CompletedTask;
    }
}
