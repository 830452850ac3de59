using System.Text.Json;
using Berth.Platform;
using Berth.Protocol.Messages;
using Berth.Protocol.Wire;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>The daemon as its clients start, see and end it.</summary>
public sealed class DaemonTests : IDisposable
{
    private readonly BerthHome home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public void Sixteen_clients_at_the_same_moment_start_one_daemon()
    {
        var calls = Enumerable.Range(0, 16).Select(_ => home.Start(["run", "hello", "--json"])).ToList();

        var ran = calls.ConvertAll(call => call.End());

        Assert.All(ran, one => Assert.Equal(0, one.Code));
        Assert.Single(Daemons());
        Assert.Equal(16, ran.Select(one => JsonDocument.Parse(one.Out).RootElement.GetProperty("session").GetString()).Distinct().Count());
    }

    [Fact]
    public void It_is_private_to_its_user_and_holds_nothing_of_the_terminal()
    {
        home.Berth("run", "hello");

        var run = Path.Combine(home.Home, "run");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(run));
        Assert.Equal("/", File.ResolveLinkTarget($"/proc/{home.Daemon}/cwd", returnFinalTarget: false)!.FullName);
        Assert.Equal("/dev/null", File.ResolveLinkTarget($"/proc/{home.Daemon}/fd/0", returnFinalTarget: false)!.FullName);
        Assert.Equal(home.Daemon, ProcessTable.Read(home.Daemon!.Value)!.Session);
    }

    [Fact]
    public void Its_status_says_how_it_is()
    {
        Assert.Equal("""{"running":false}""", home.Berth("daemon", "status", "--json").Out.TrimEnd());

        home.Berth("run", "hello");
        var status = JsonDocument.Parse(home.Berth("daemon", "status", "--json").Out).RootElement;

        Assert.True(status.GetProperty("running").GetBoolean());
        Assert.Equal(home.Daemon, status.GetProperty("pid").GetInt32());
        Assert.InRange(status.GetProperty("memory_mb").GetInt64(), 1, 500);
    }

    [Fact]
    public void Stopped_it_is_gone_and_what_ran_is_interrupted()
    {
        home.Berth("run", "wait 60", "--bg");

        var stopped = home.Berth("daemon", "stop");

        Assert.Equal(0, stopped.Code);
        Assert.Null(home.Daemon);
        Assert.Contains("interrupted", home.Berth("bg", "list").Out);
    }

    [Fact]
    public void Restarted_it_is_another_one()
    {
        home.Berth("run", "hello");
        var before = home.Daemon;

        var ran = home.Berth("daemon", "restart");

        Assert.Equal(0, ran.Code);
        Assert.NotNull(home.Daemon);
        Assert.NotEqual(before, home.Daemon);
    }

    [Fact]
    public async Task A_restart_waits_for_the_turns_that_run()
    {
        Bypass();
        home.Berth("run", "run: until [ -e go ]; do sleep 0.02; done; echo arrived", "--bg");
        var before = home.Daemon;

        var restart = home.Start(["daemon", "restart"]);
        await BerthHome.Until(() => restart.Error.Contains("1 turn runs and finishes first"), "it says what it waits for");
        Assert.Equal(before, home.Daemon);
        File.WriteAllText(Path.Combine(home.Project, "go"), "");

        Assert.Equal(0, restart.End().Code);
        Assert.NotEqual(before, home.Daemon);
        var row = JsonDocument.Parse(home.Berth("bg", "list", "--json").Out).RootElement[0];
        Assert.Equal("done", row.GetProperty("state").GetString());
        Assert.Contains("arrived", home.Berth("logs", "#1").Out);
    }

    [Fact]
    public void A_restart_now_interrupts_them()
    {
        home.Berth("run", "wait 60", "--bg");
        var before = home.Daemon;

        var ran = home.Berth("daemon", "restart", "--now");

        Assert.Equal(0, ran.Code);
        Assert.Contains("interrupted: wait 60", ran.Out);
        Assert.NotEqual(before, home.Daemon);
        Assert.Contains("interrupted", home.Berth("bg", "list").Out);
    }

    [Fact]
    public void A_client_of_another_protocol_is_refused_and_can_still_ask_for_a_restart()
    {
        home.Berth("run", "wait 60", "--bg");
        var socket = BerthPaths.From(new Dictionary<string, string> { ["BERTH_HOME"] = home.Home }, "/").Socket;
        using var stream = LocalStream.TryConnect(socket)!;
        using var client = new DaemonClient(stream);

        client.Send(
            ClientMethods.Hello, new Hello(ProtocolVersion.Current + 1, "9.9.9", "/b", "/", new Dictionary<string, string>(), 0, false),
            MessageJson.Hello);
        Assert.Contains("protocol", client.Receive()!.Error!.What);
        client.Send(ClientMethods.Daemon, new DaemonVerb("restart"), MessageJson.DaemonVerb);
        var status = client.Receive()!.Read(MessageJson.DaemonStatus);

        Assert.Equal((true, home.Daemon), (status.Running, status.Pid));
        Assert.EndsWith("wait 60", Assert.Single(status.Busy!));
    }

    [Theory]
    [InlineData(15, true)]
    [InlineData(1, false)]
    public async Task Told_to_end_it_leaves_and_a_hang_up_does_not_touch_it(int signal, bool leaves)
    {
        home.Berth("run", "hello");
        var daemon = home.Daemon!.Value;
        var started = CurrentProcess.StartTicks(daemon);

        ProcessTable.Signal(daemon, started, signal);

        if (leaves)
        {
            await BerthHome.Until(() => !ProcessTable.IsAlive(daemon, started), "the daemon's end");
        }

        Assert.Equal(0, home.Berth("run", "hello again").Code);
        Assert.Equal(!leaves, daemon == home.Daemon);
    }

    [Fact]
    public void A_daemon_that_cannot_start_is_an_error_that_names_its_log()
    {
        // A file where the state's directory should be.
        Directory.CreateDirectory(home.Home);
        File.WriteAllText(Path.Combine(home.Home, "state"), "");

        var ran = home.Berth("run", "hello", "--json");

        Assert.Equal(1, ran.Code);
        Assert.Contains("daemon cannot be started", JsonDocument.Parse(ran.Error).RootElement.GetProperty("error").GetProperty("what").GetString());
    }

    private void Bypass()
    {
        Directory.CreateDirectory(Path.Combine(home.Home, "config"));
        File.WriteAllText(Path.Combine(home.Home, "config", "config.json"), """{"permission_mode":"bypass"}""");
    }

    private IEnumerable<int> Daemons() => ProcessTable.All()
        .Where(p => !p.IsZombie && ProcessTable.HasVariable(p.Pid, "BERTH_HOME", home.Home) == true
            && File.ReadAllText($"/proc/{p.Pid}/comm").TrimEnd() == "berthd")
        .Select(p => p.Pid);
}
