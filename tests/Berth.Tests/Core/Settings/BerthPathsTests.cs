using Berth.Platform;
using Xunit;

namespace Berth.Tests.Core.Settings;

public sealed class BerthPathsTests
{
    [Theory]
    [InlineData("HOME=/home/me", "/home/me/.config/berth", "/home/me/.local/state/berth", "/home/me/.local/state/berth/berth.sock")]
    [InlineData("HOME=/home/me XDG_RUNTIME_DIR=/run/user/7", "/home/me/.config/berth", "/home/me/.local/state/berth", "/run/user/7/berth/berth.sock")]
    [InlineData("HOME=/home/me XDG_CONFIG_HOME=/c XDG_STATE_HOME=/s/", "/c/berth", "/s/berth", "/s/berth/berth.sock")]
    [InlineData("HOME=/home/me/ XDG_CONFIG_HOME=rel XDG_STATE_HOME= XDG_RUNTIME_DIR=run", "/home/me/.config/berth", "/home/me/.local/state/berth", "/home/me/.local/state/berth/berth.sock")]
    [InlineData("XDG_CONFIG_HOME=/c XDG_STATE_HOME=/s", "/c/berth", "/s/berth", "/s/berth/berth.sock")]
    [InlineData("HOME=/home/me BERTH_HOME=/x/y/ XDG_RUNTIME_DIR=/run/user/7", "/x/y/config", "/x/y/state", "/x/y/run/berth.sock")]
    [InlineData("BERTH_HOME=one/../two", "/here/two/config", "/here/two/state", "/here/two/run/berth.sock")]
    [InlineData("HOME=/home/me BERTH_HOME=", "/home/me/.config/berth", "/home/me/.local/state/berth", "/home/me/.local/state/berth/berth.sock")]
    public void An_environment_says_where_everything_lives(string variables, string config, string state, string socket)
    {
        var paths = BerthPaths.From(Environment(variables), "/here");

        Assert.Equal((config, state, socket), (paths.Config, paths.State, paths.Socket));
    }

    [Fact]
    public void The_home_that_a_daemon_is_started_with_is_absolute()
    {
        var client = BerthPaths.From(Environment("BERTH_HOME=mine"), "/here");
        var daemon = BerthPaths.From(Environment($"BERTH_HOME={client.Home}"), "/");

        Assert.Equal(client, daemon);
        Assert.Null(BerthPaths.From(Environment("HOME=/home/me"), "/here").Home);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HOME=")]
    [InlineData("HOME=home/u")]
    [InlineData("XDG_CONFIG_HOME=/c")]
    public void Without_a_home_the_error_says_what_to_set(string variables)
    {
        var failure = Assert.Throws<InvalidOperationException>(() => BerthPaths.From(Environment(variables), "/here"));

        Assert.Equal("HOME is not set to an absolute path. Set HOME or BERTH_HOME.", failure.Message);
    }

    private static Dictionary<string, string> Environment(string variables) => variables
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(one => one.Split('=', 2))
        .ToDictionary(one => one[0], one => one[1]);
}
