using Berth.Cli;
using Berth.Protocol.Messages;
using Xunit;

namespace Berth.Tests.Cli;

public sealed class TableTextTests
{
    private static readonly Table Sessions = new(
        ["#", "State", "Summary"],
        [
            [new("1"), new("running", "running"), new("船 at the berth")],
            [new("12"), new("done •", "done"), new("a\u001b[31m\nb")],
        ]);

    [Fact]
    public void Columns_are_aligned_and_cells_are_one_safe_line() => Assert.Equal(
        """
        #   State    Summary
        1   running  船 at the berth
        12  done •   a␛[31m b

        """,
        TableText.Of(Sessions, width: null, coloured: false));

    [Fact]
    public void The_last_column_is_cut_to_the_width() => Assert.Equal(
        """
        #   State    Summary
        1   running  船 at…
        12  done •   a␛[31m…

        """,
        TableText.Of(Sessions, width: 20, coloured: false));

    [Fact]
    public void Styles_become_colours_only_when_asked_for() =>
        Assert.Contains("\x1b[33mrunning\x1b[0m", TableText.Of(Sessions, width: null, coloured: true));
}
