using Berth.Protocol.Rows;

namespace Berth.Views;

/// <summary>What a view may know besides the events: the screen's width, the time, and the end of a task's output.</summary>
/// <param name="Now">Moves spinners and elapsed times.</param>
/// <param name="Tail">The last lines of an output file, cleaned; empty when it cannot be read.</param>
internal sealed record DrawContext(int Columns, DateTimeOffset Now, Func<string, IReadOnlyList<string>> Tail)
{
    /// <summary>The sub-agents that work now, by session.</summary>
    public IReadOnlyDictionary<string, SessionRow> Agents { get; init; } = None;

    private static IReadOnlyDictionary<string, SessionRow> None { get; } = new Dictionary<string, SessionRow>();

    private const string Frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
    private const int FrameMilliseconds = 100;

    /// <summary>The spinner's picture at this time.</summary>
    public string Spinner => Frames[(int)(Now.ToUnixTimeMilliseconds() / FrameMilliseconds % Frames.Length)].ToString();

    /// <summary>How often something that moves is drawn.</summary>
    public static TimeSpan FrameTime => TimeSpan.FromMilliseconds(FrameMilliseconds);
}
