using Berth.Rendering;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Terminal;

/// <summary>What is written leads from any frame to any other: held against a small terminal that does the codes.</summary>
public sealed class DrawingTests
{
    private const int Tallest = 8;

    // Seeds that failed once stay here.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(20260506)]
    [InlineData(777)]
    public void Frame_after_frame_the_screen_shows_the_finished_rows_and_the_frame(int seed)
    {
        var random = new Random(seed);
        var drawing = new Drawing(colours: true);
        var columns = 40;
        var terminal = new VirtualTerminal(columns, 14);
        var shown = Frame.Nothing;
        var printed = new List<Row>();
        for (var step = 0; step < 300; step++)
        {
            Row[] finished = random.Next(3) == 0 ? Rows(random, random.Next(1, 20), columns) : [];
            var frame = NextFrame(random, shown, columns);
            terminal.Write(drawing.Update(shown, frame, finished));
            printed.AddRange(finished);
            shown = frame;
            AssertShows(terminal, printed, frame, $"seed {seed}, step {step}");
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(20260506)]
    public void A_window_that_changes_its_width_keeps_no_trace_of_an_old_frame(int seed)
    {
        var random = new Random(seed);
        var drawing = new Drawing(colours: true);
        var columns = 80;
        var terminal = new VirtualTerminal(columns, 40);
        var shown = Frame.Nothing;
        var printed = new List<Row>();
        for (var step = 0; step < 120; step++)
        {
            Row[] finished = random.Next(3) == 0 ? Rows(random, random.Next(1, 5), columns) : [];
            if (random.Next(2) == 0)
            {
                columns = random.Next(20, 101);
                terminal.Resize(columns, 40);
                finished = [.. finished.Select(r => r.CutTo(columns))];
                var frame = NextFrame(random, Frame.Nothing, columns);
                terminal.Write(drawing.Resize(shown, frame, finished, columns, reflows: true));
                shown = frame;
            }
            else
            {
                var frame = NextFrame(random, shown, columns);
                terminal.Write(drawing.Update(shown, frame, finished));
                shown = frame;
            }

            printed.AddRange(finished);
            AssertShows(terminal, printed, shown, $"seed {seed}, step {step}");
        }
    }

    [Fact]
    public void Nothing_is_written_when_nothing_changed()
    {
        var frame = new Frame([new Row("one"), new Row("two", Style.Bold)], 1, 2);
        var same = new Frame([new Row("one"), new Row("two", Style.Bold)], 1, 2);
        Assert.Equal("", new Drawing(true).Update(frame, same, []));
    }

    [Fact]
    public void A_longer_last_row_costs_only_what_was_added()
    {
        var drawing = new Drawing(true);
        var before = new Frame([new Row("above"), new Row("the tide comes in and lifts")], 1, 0);
        var after = new Frame([new Row("above"), new Row("the tide comes in and lifts the boats")], 1, 0);
        var output = drawing.Update(before, after, []);
        Assert.DoesNotContain("the tide", output);
        Assert.DoesNotContain("above", output);
        Assert.Contains(" the boats", output);
    }

    [Fact]
    public void Without_colours_bold_and_dim_stay()
    {
        var frame = new Frame([new Row(new Piece("a", new Style(Color.Red, Emphasis.Bold)), new Piece("b", Style.Dim))], 0, 0);
        var output = new Drawing(colours: false).Update(Frame.Nothing, frame, []);
        Assert.Contains("\x1b[0;1ma", output);
        Assert.Contains("\x1b[0;2mb", output);
        Assert.DoesNotContain("31", output);
    }

    [Fact]
    public void A_terminal_that_does_not_wrap_anew_keeps_its_rows()
    {
        var output = new Drawing(true).Resize(
            new Frame([new Row(new string('x', 80)), new Row("y")], 1, 0), new Frame([new Row("z")], 0, 0), [], 40, reflows: false);
        Assert.StartsWith("\x1b[?2026h\x1b[?25l\x1b[A", output);
    }

    private static void AssertShows(VirtualTerminal terminal, List<Row> printed, Frame frame, string where)
    {
        var expected = printed.Concat(frame.Rows).Select(r => r.Text.TrimEnd(' ')).ToList();
        while (expected.Count > 0 && expected[^1].Length == 0)
        {
            expected.RemoveAt(expected.Count - 1);
        }

        Assert.True(expected.SequenceEqual(terminal.AllLines), $"{where}: {Difference(expected, terminal.AllLines)}");
        if (frame.Rows.Length > 0)
        {
            Assert.Equal((frame.CaretColumn, frame.CaretShown, true), (terminal.CursorColumn, terminal.CursorShown, terminal.AutoWrap));
            Assert.Equal(frame.Rows[frame.CaretRow].Text.TrimEnd(' '), terminal.Screen[terminal.CursorRow]);
            AssertStyles(terminal, frame);
        }
    }

    private static void AssertStyles(VirtualTerminal terminal, Frame frame)
    {
        var column = 0;
        foreach (var piece in frame.Rows[frame.CaretRow].Pieces)
        {
            var expected = piece.Style.Color == Color.Default ? "" : ((int)piece.Style.Color).ToString();
            for (var i = 0; i < Widths.Of(piece.Text); i++)
            {
                Assert.Equal(expected, terminal.StyleAt(terminal.CursorRow, column++));
            }
        }
    }

    private static string Difference(List<string> expected, List<string> actual)
    {
        var at = expected.Zip(actual).TakeWhile(p => p.First == p.Second).Count();
        return $"line {at} of {expected.Count} ({actual.Count}): '{expected.ElementAtOrDefault(at)}' but '{actual.ElementAtOrDefault(at)}'";
    }

    private static Frame NextFrame(Random random, Frame before, int columns)
    {
        if (random.Next(10) == 0)
        {
            return Frame.Nothing;
        }

        // Most frames differ little from the one before.
        var rows = before.Rows.ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            if (rows.Count == 0 || (random.Next(3) == 0 && rows.Count < Tallest))
            {
                rows.Insert(random.Next(rows.Count + 1), OneRow(random, columns));
            }
            else if (random.Next(4) == 0 && rows.Count > 1)
            {
                rows.RemoveAt(random.Next(rows.Count));
            }
            else
            {
                var i = random.Next(rows.Count);
                rows[i] = random.Next(2) == 0
                    ? OneRow(random, columns)
                    : new Row([.. rows[i].Pieces, new Piece(Word(random))]).CutTo(columns);
            }
        }

        return new Frame([.. rows], random.Next(rows.Count), random.Next(columns), random.Next(5) > 0);
    }

    private static Row[] Rows(Random random, int count, int columns) =>
        [.. Enumerable.Range(0, count).Select(_ => OneRow(random, columns))];

    private static Row OneRow(Random random, int columns)
    {
        if (random.Next(8) == 0)
        {
            return Row.Rule(columns, Style.Plain);
        }

        Color[] colours = [Color.Default, Color.Red, Color.Green];
        var pieces = Enumerable.Range(0, random.Next(1, 5))
            .Select(_ => new Piece(Word(random), new Style(colours[random.Next(3)])));
        return new Row([.. pieces]).CutTo(columns);
    }

    private static string Word(Random random) => random.Next(6) switch
    {
        0 => "日本語",
        1 => "e\u0301te\u0301",
        2 => "👩‍👩‍👧 x",
        3 => "\x1b[2Jhostile",
        _ => new string((char)('a' + random.Next(26)), random.Next(1, 12)),
    };
}
