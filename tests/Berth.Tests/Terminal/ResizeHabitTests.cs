using Berth.Tty;
using Xunit;

namespace Berth.Tests.Terminal;

public sealed class ResizeHabitTests
{
    [Theory]
    [InlineData("TERM=tmux-256color TMUX=/tmp/tmux,1,0 KITTY_WINDOW_ID=1", true, 300)]
    [InlineData("TERM=tmux-256color", true, 300)]
    [InlineData("TERM=xterm-256color", true, 300)]
    [InlineData("TERM=xterm-256color TERM_PROGRAM=tmux", true, 300)]
    [InlineData("", true, 300)]
    [InlineData("TERM=xterm-256color VTE_VERSION=7600", true, 20)]
    [InlineData("TERM=xterm-256color TERM_PROGRAM=iTerm.app", true, 20)]
    [InlineData("TERM=xterm-kitty", true, 20)]
    [InlineData("TERM=xterm-256color XTERM_VERSION=XTerm(379)", false, 20)]
    [InlineData("TERM=screen STY=1.pts", false, 20)]
    [InlineData("TERM=linux", false, 20)]
    public void A_terminal_is_known_by_its_environment(string environment, bool reflows, int rest)
    {
        var variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(v => v.Split('=')[0], v => v.Split('=')[1]);
        Assert.Equal(
            new ResizeHabit(reflows, TimeSpan.FromMilliseconds(rest)), ResizeHabit.Of(name => variables.GetValueOrDefault(name)));
    }
}
