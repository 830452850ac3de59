namespace Berth.Tty;

/// <summary>What a terminal does to what is on its screen when its window changes its size.</summary>
/// <param name="Reflows">It wraps its rows anew; else it cuts them.</param>
/// <param name="Rest">How long a new size must have stood before it is safe to draw.</param>
internal sealed record ResizeHabit(bool Reflows, TimeSpan Rest)
{
    // tmux tells of one new size at once and of further ones a quarter of a second later, but has wrapped its rows anew
    // by then: what is drawn meanwhile lands in the wrong rows.
    private static readonly TimeSpan Careful = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Prompt = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// The habit of the terminal that the environment names. One that is not known for telling at once counts as tmux: its
    /// variables do not reach every program that runs in it.
    /// </summary>
    /// <param name="variable">Looks a variable up; null where it is not set.</param>
    public static ResizeHabit Of(Func<string, string?> variable)
    {
        if (variable("TMUX") is not null)
        {
            return new ResizeHabit(Reflows: true, Careful);
        }

        // GNU screen, xterm and the Linux console cut.
        if (variable("STY") is not null || variable("XTERM_VERSION") is not null
            || variable("TERM") is "linux" or "vt100" or "vt220")
        {
            return new ResizeHabit(Reflows: false, Prompt);
        }

        var tellsAtOnce = variable("VTE_VERSION") is not null || variable("KITTY_WINDOW_ID") is not null
            || variable("WT_SESSION") is not null || variable("TERM_PROGRAM") is not (null or "tmux")
            || variable("TERM") is "xterm-kitty" or "xterm-ghostty" or "alacritty" or "foot";
        return new ResizeHabit(Reflows: true, tellsAtOnce ? Prompt : Careful);
    }
}
