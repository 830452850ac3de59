using System.Runtime.InteropServices;
using System.Text.Json;
using Berth.Platform;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>A run that does not come to its own end.</summary>
public sealed class RunEndTests : IDisposable
{
    private readonly BerthHome home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task Ctrl_C_interrupts_the_turn()
    {
        var run = await Talking();

        run.Signal(PosixSignal.SIGINT);
        var ran = run.End();

        Assert.Equal(130, ran.Code);
        Assert.Equal("cancelled", OnlySession().GetProperty("state").GetString());
        var id = OnlySession().GetProperty("id").GetString()!;
        Assert.Contains($"berth run --resume {id}", ran.Error);
        Assert.Equal(0, home.Berth("run", "hello", "--resume", id).Code);
    }

    [Fact]
    public async Task A_run_that_is_told_to_end_names_its_session_which_goes_on()
    {
        var run = await Talking();

        run.Signal(PosixSignal.SIGTERM);
        var ran = run.End();

        Assert.Equal(143, ran.Code);
        Assert.Contains(OnlySession().GetProperty("id").GetString()!, ran.Error);
        Assert.Equal("running", OnlySession().GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_killed_run_leaves_its_turn_in_a_slot()
    {
        var run = await Talking();

        run.Signal((PosixSignal)9);
        run.End();

        await BerthHome.Until(() => home.Berth("bg", "list", "--json").Out.Contains("running"), "the session in its slot");
        Assert.Equal(1, OnlySession().GetProperty("slot").GetInt32());
    }

    [Fact]
    public async Task A_daemon_that_dies_under_a_run_is_said_with_the_session()
    {
        var run = await Talking();
        var daemon = home.Daemon!.Value;

        ProcessTable.Signal(daemon, CurrentProcess.StartTicks(daemon), 9);
        var ran = run.End();

        Assert.Equal(1, ran.Code);
        var session = OnlySession();
        Assert.Contains(session.GetProperty("id").GetString()!, ran.Error);
        Assert.Equal("interrupted", session.GetProperty("state").GetString());
        Assert.NotEqual(daemon, home.Daemon);
    }

    // Events come while it streams: the turn is under way.
    private async Task<Call> Talking()
    {
        var run = home.Start(["run", "wait 60", "--stream"]);
        await BerthHome.Until(() => run.Out.Contains("text_added"), "the first words");
        return run;
    }

    private JsonElement OnlySession() =>
        Assert.Single(JsonDocument.Parse(home.Berth("sessions", "list", "--json").Out).RootElement.EnumerateArray());
}
