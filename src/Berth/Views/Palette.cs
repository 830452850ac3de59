using Berth.Protocol.Rows;
using Berth.Rendering;

namespace Berth.Views;

/// <summary>Which look a word of the protocol has.</summary>
internal static class Palette
{
    /// <summary>Inline code, choices, what can be typed.</summary>
    public static Style Code => new(Color.Cyan);

    /// <summary>What went wrong.</summary>
    public static Style Error => new(Color.Red);

    /// <summary>The look of a session's state, or of a cell's or notice's style name.</summary>
    public static Style Of(string? name) => name switch
    {
        SessionStates.Running => new Style(Color.Yellow),
        SessionStates.Done => new Style(Color.Green),
        SessionStates.Waiting => new Style(Color.Magenta),
        SessionStates.Error or SessionStates.Interrupted => Error,
        SessionStates.Idle or SessionStates.Cancelled or "dim" => Style.Dim,
        "bold" => Style.Bold,
        _ => Style.Plain,
    };
}
