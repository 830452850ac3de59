using Berth.Cli;
using Berth.Protocol.Events;
using Xunit;

namespace Berth.Tests.Cli;

public sealed class RunFoldTests
{
    private static readonly TurnEnded Completed = new("completed", null, null, 1);
    private static readonly TaskStarted Watch = new(42, "shell", "c1", "npm run watch", null, 4711, 1, "/out", "model");
    private static readonly TaskEnded Watched = new(42, "exited", 0, null, [], 3, 1, "done");

    [Fact]
    public void The_answer_is_the_last_steps_text()
    {
        var run = Fold(
            new UserMessage("hi"), new TurnStarted(1, "message"), new StepStarted(1, "demo"), new TextAdded("let me see"),
            new StepEnded("tools", new Usage(1, 2), []), new StepStarted(2, "demo"), new TextAdded("that "), new TextAdded("is it"),
            new StepEnded("stop", new Usage(10, 20), []), Completed);

        Assert.Equal(("that is it", "done", true, new Usage(11, 22)), (run.Answer, run.State, run.IsOver, run.Usage));
    }

    [Fact]
    public void A_run_that_joined_another_turn_at_its_end_is_over_with_the_next_one()
    {
        var run = Fold(new UserMessage("and this"), Completed);
        Assert.False(run.IsOver);

        run.Apply(new TurnStarted(2, "message"));
        run.Apply(Completed);
        Assert.True(run.IsOver);
    }

    [Fact]
    public void Background_tasks_and_the_turn_that_their_notice_starts_belong_to_the_run()
    {
        var run = Fold(new UserMessage("go"), new TurnStarted(1, "message"), Watch, new TaskBackgrounded(42, "flag"), Completed);
        Assert.True(run.OnlyTasksLeft);
        Assert.False(run.IsOver);

        run.Apply(Watched);
        Assert.False(run.IsOver);

        run.Apply(new NoticeAdded([42], ["[Task #42 completed]"], "it ended", Wakes: true));
        Assert.False(run.IsOver);

        run.Apply(new TurnStarted(2, "notice"));
        run.Apply(Completed);
        Assert.True(run.IsOver);
    }

    [Fact]
    public void A_background_task_that_the_agent_stopped_or_asked_about_itself_keeps_nothing_open()
    {
        var begun = new SessionEvent[] { new UserMessage("go"), new TurnStarted(1, "message"), Watch, new TaskBackgrounded(42, "flag") };

        Assert.True(Fold([.. begun, Watched with { State = "stopped_by_agent" }, Completed]).IsOver);
        Assert.True(Fold([.. begun, new TaskCollected(42), Watched, new NoticeAdded([42], ["…"], "…", Wakes: false), Completed]).IsOver);
        Assert.False(Fold([.. begun, Watched with { State = "stopped_by_user" }, Completed]).IsOver);
    }

    [Fact]
    public void A_command_that_was_waited_for_keeps_nothing_open() => Assert.True(Fold(
        new UserMessage("go"), new TurnStarted(1, "message"), Watch, Watched, Completed).IsOver);

    [Fact]
    public void Only_what_nobody_could_be_asked_for_counts_as_denied()
    {
        var calls = new[] { new ToolCall("c1", "bash", "{\"command\":\"ls\"}"), new ToolCall("c2", "bash", "{\"command\":\"rm x\"}") };

        var run = Fold(
            new UserMessage("go"), new TurnStarted(1, "message"), new StepStarted(1, "demo"), new StepEnded("tools", new Usage(), calls),
            new ToolEnded("c1", "denied", "", "by a rule"), new ToolEnded("c2", "denied", "", "nobody", Unasked: true), Completed);

        Assert.Equal([new DeniedCall("bash", "{\"command\":\"rm x\"}", "nobody")], run.Denied);
    }

    private static RunFold Fold(params SessionEvent[] events)
    {
        var run = new RunFold();
        foreach (var e in events)
        {
            run.Apply(e);
        }

        return run;
    }
}
