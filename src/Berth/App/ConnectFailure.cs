namespace Berth.App;

/// <summary>The daemon could not be reached, or client and daemon do not understand each other.</summary>
/// <param name="what">What happened, one sentence.</param>
/// <param name="hint">What to do.</param>
/// <param name="pid">The daemon that was reached all the same; null when none was.</param>
internal sealed class ConnectFailure(string what, string hint, Exception? inner = null, int? pid = null)
    : Exception(what, inner)
{
    /// <summary>The daemon that was reached all the same.</summary>
    public int? Pid { get; } = pid;

    /// <summary>What to do.</summary>
    public string Hint { get; } = hint;
}
