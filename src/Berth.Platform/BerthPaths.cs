namespace Berth.Platform;

/// <summary>
/// Where everything of one user lives. Client and daemon compute the same places from the same environment, so the
/// places are a value and nothing here touches the disk.
/// </summary>
/// <param name="Config">The user's settings: config, models, keys, trust.</param>
/// <param name="State">What Berth itself writes: sessions, the board, task output.</param>
/// <param name="Run">Directory of the socket; private to the user, so that who can open it is its owner.</param>
/// <param name="Home">
/// The absolute directory <c>BERTH_HOME</c> names, null without one. A client that starts the daemon hands over this
/// value: the daemon's own directory is another, and a relative one would mean another place there.
/// </param>
public sealed record BerthPaths(string Config, string State, string Run, string? Home = null)
{
    /// <summary>The daemon's socket.</summary>
    public string Socket => Path.Combine(Run, "berth.sock");

    /// <summary>
    /// The places an environment means: <c>BERTH_HOME</c> puts all under one directory; else the XDG base directories
    /// (https://specifications.freedesktop.org/basedir-spec/), whose relative and empty values do not count.
    /// </summary>
    /// <param name="environment">The variables of the client or the daemon.</param>
    /// <param name="directory">What a relative <c>BERTH_HOME</c> is relative to; absolute.</param>
    /// <exception cref="InvalidOperationException">
    /// The environment names no home; the message says in one line what to set.
    /// </exception>
    public static BerthPaths From(IReadOnlyDictionary<string, string> environment, string directory)
    {
        if (environment.TryGetValue("BERTH_HOME", out var chosen) && chosen.Length > 0)
        {
            var home = Path.TrimEndingDirectorySeparator(Path.GetFullPath(chosen, directory));
            return new BerthPaths(
                Path.Combine(home, "config"), Path.Combine(home, "state"), Path.Combine(home, "run"), home);
        }

        var config = Absolute(environment, "XDG_CONFIG_HOME") ?? Path.Combine(UserHome(environment), ".config");
        var state = Absolute(environment, "XDG_STATE_HOME") ?? Path.Combine(UserHome(environment), ".local", "state");
        state = Path.Combine(state, "berth");
        var run = Absolute(environment, "XDG_RUNTIME_DIR") is { } runtime ? Path.Combine(runtime, "berth") : state;
        return new BerthPaths(Path.Combine(config, "berth"), state, run);
    }

    private static string UserHome(IReadOnlyDictionary<string, string> environment) =>
        Absolute(environment, "HOME")
        ?? throw new InvalidOperationException("HOME is not set to an absolute path. Set HOME or BERTH_HOME.");

    private static string? Absolute(IReadOnlyDictionary<string, string> environment, string variable) =>
        environment.TryGetValue(variable, out var value) && value.StartsWith('/')
            ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(value))
            : null;
}
