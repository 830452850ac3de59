using System.Text;
using Berth.Core.Tools.Editing;
using Xunit;

namespace Berth.Tests.Core.Tools;

/// <summary>
/// What an edit makes of a file, byte for byte. A row is: file, old_string, new_string, file afterwards. In rows,
/// <c>␊</c> is LF, <c>␍</c> is CR and <c>⇥</c> a tab; "all:" before the old text sets replace_all; an outcome "✗ words" is a
/// refusal that contains these words and changes nothing.
/// </summary>
public sealed class EditTableTests
{
    public static TheoryData<string, string, string, string> Exact { get; } = new()
    {
        { "a", "a", "b", "b" },
        { "abc", "b", "", "ac" },
        { "abc␊", "abc␊", "", "" },
        { "one␊two␊three␊", "two", "2", "one␊2␊three␊" },
        { "one␊two␊three␊", "two␊", "", "one␊three␊" },
        { "one␊two␊three␊", "one␊two", "1␊2", "1␊2␊three␊" },
        { "one␊two␊three", "three", "3", "one␊two␊3" },
        { "one␊two␊three", "three", "3␊", "one␊two␊3␊" },
        { "one␊two␊three␊", "three␊", "3", "one␊two␊3␊" },
        { "one␊two␊", "one␊", "one␊1.5␊", "one␊1.5␊two␊" },
        { "one␊two␊", "two␊", "two␊three␊", "one␊two␊three␊" },
        { "x = 1;␊y = 1;␊", "x = 1;", "x = 2;", "x = 2;␊y = 1;␊" },
        { "f(a, b)", "a, b", "b, a", "f(b, a)" },
        { "  deep␊", "deep", "deeper", "  deeper␊" },
        { "a␊␊␊b␊", "a␊␊␊b", "a␊b", "a␊b␊" },
        { "a␊b␊", "␊", "", "✗ 2 times" },
        { "tab⇥here␊", "tab⇥here", "tab here", "tab here␊" },
        { "trailing  ␊next␊", "trailing  ␊", "trailing␊", "trailing␊next␊" },
        { "ünï ☃ 🚢␊", "☃", "❄", "ünï ❄ 🚢␊" },
        { "🚢🚢", "🚢🚢", "🚢⛵", "🚢⛵" },
        { "$1 \\n .* [x]", "\\n .*", "$0", "$1 $0 [x]" },
        { "null\0byte", "null", "zero", "zero\0byte" },
        { "if (a) {␊  b();␊}␊", "  b();", "  c();␊  d();", "if (a) {␊  c();␊  d();␊}␊" },
    };

    public static TheoryData<string, string, string, string> Several { get; } = new()
    {
        { "a a", "a", "b", "✗ 2 times" },
        { "a␊b␊a␊", "a", "c", "✗ (lines 1, 3)" },
        { "a a a", "all:a", "b", "b b b" },
        { "a␊b␊a␊", "all:a", "aa", "aa␊b␊aa␊" },
        { "aaaa", "all:aa", "b", "bb" },
        { "aaa", "aa", "b", "✗ overlaps itself" },
        { "aaa", "all:aa", "b", "ba" },
        { "one", "all:one", "two", "two" },
        { "x␍␊x␍␊", "all:x", "y␊z", "y␍␊z␍␊y␍␊z␍␊" },
        { "foo food foo", "all:foo", "bar", "bar bard bar" },
        { "a.b a+b", "all:a.b", "c", "c a+b" },
        { "l␊l␊l␊", "all:l␊", "", "" },
        { "l␊l␊l␊", "l␊l␊", "", "✗ overlaps itself" },
        { "import a␊import b␊", "import", "use", "✗ replace_all" },
    };

    public static TheoryData<string, string, string, string> LineEnds { get; } = new()
    {
        { "a␍␊b␍␊c␍␊", "b", "B", "a␍␊B␍␊c␍␊" },
        { "a␍␊b␍␊c␍␊", "a␊b", "A␊B", "A␍␊B␍␊c␍␊" },
        { "a␍␊b␍␊c␍␊", "a␍␊b", "A␍␊B", "A␍␊B␍␊c␍␊" },
        { "a␍␊b␍␊", "b␊", "b␊c␊", "a␍␊b␍␊c␍␊" },
        { "a␍␊b␍␊", "a␊", "", "b␍␊" },
        { "a␍␊b␍␊", "a", "1␊2␊3", "1␍␊2␍␊3␍␊b␍␊" },
        { "a␍␊b", "b", "b␊c", "a␍␊b␍␊c" },
        { "a␊b␊", "a", "a␍␊x", "a␊x␊b␊" },
        { "a", "a", "a␊b", "a␊b" },
        { "a", "a", "a␍␊b", "a␍␊b" },
        { "a␍␊b␊c␍␊d␊", "b", "B", "a␍␊B␊c␍␊d␊" },
        { "a␍␊b␊c␍␊d␊", "a␊b␊c", "a␊B␊c", "a␍␊B␊c␍␊d␊" },
        { "a␍␊b␊c␍␊d␊", "a␊b␊c", "a␊b␊x␊c", "a␍␊b␊x␍␊c␍␊d␊" },
        { "a␍␊b␊c␍␊d␊", "b␊c␊d", "b␊d", "a␍␊b␊d␊" },
        { "a␍␊a␊", "a␊", "", "✗ 2 times" },
        { "a␍b␍c", "b", "B", "a␍B␍c" },
        { "a␍␍␊b␊", "b", "c", "a␍␍␊c␊" },
        { "a␍␊␍␊b␍␊", "a␊␊b", "a␊b", "a␍␊b␍␊" },
        { "a␍␊b␍␊", "a␊b␊", "a␊b", "a␍␊b" },
        { "b␊a␍␊c␊", "b␊a␊c", "1␊2␊3", "1␊2␍␊3␊" },
        { "b␊a␍␊c␊", "b␊a␊c", "1␊2␊3␊4", "1␊2␍␊3␍␊4␊" },
        { "a␍␊b␊c␍␊", "b␊c", "x", "a␍␊x␍␊" },
        { "a␍␊b␊c␊d␊", "a␊b", "x␊y␊z", "x␍␊y␍␊z␊c␊d␊" },
        { "  a␍␊  b␍␊", "a␊b", "a␊x␊b", "  a␍␊  x␍␊  b␍␊" },
    };

    public static TheoryData<string, string, string, string> WhiteSpace { get; } = new()
    {
        // White space at line ends.
        { "a  ␊b␊", "a␊b", "A␊b", "A␊b␊" },
        { "a␊b⇥␊c␊", "a␊b␊c", "a␊b␊C", "a␊b⇥␊C␊" },
        { "a␊  ␊b␊", "a␊␊b", "a␊␊c", "a␊  ␊c␊" },
        { "a␊b␊", "a ␊b", "a ␊c", "a␊c␊" },
        { "x();  ␊y();␊x();␊", "x();␊y();", "z();␊y();", "z();␊y();␊x();␊" },

        // All deeper, or all less deep.
        { "    a␊    b␊", "a␊b", "a␊c", "    a␊    c␊" },
        { "    if x:␊        y␊", "if x:␊    y", "if x:␊    y␊    z", "    if x:␊        y␊        z␊" },
        { "    if x:␊        y␊", "if x:␊    y", "if q:␊    while r:␊        y", "    if q:␊        while r:␊            y␊" },
        { "if x:␊    y␊", "    if x:␊        y", "    if z:␊        y", "if z:␊    y␊" },
        { "if x:␊    y␊", "    if x:␊        y", "    if x:␊        w␊        y", "if x:␊    w␊    y␊" },
        { "⇥⇥a␊⇥⇥b␊", "⇥a␊⇥b", "⇥a␊⇥⇥c␊⇥b", "⇥⇥a␊⇥⇥⇥c␊⇥⇥b␊" },
        { "class A {␊  f() {␊    g();␊  }␊}␊", "f() {␊  g();␊}", "f() {␊  h();␊}", "class A {␊  f() {␊    h();␊  }␊}␊" },
        { "  a␊␊  b␊", "a␊␊b", "a␊␊c␊␊b", "  a␊␊  c␊␊  b␊" },

        // Tabs for spaces, and steps of another width.
        { "⇥a␊⇥⇥b␊", "    a␊        b", "    a␊        c", "⇥a␊⇥⇥c␊" },
        { "⇥a␊⇥⇥b␊", "    a␊        b", "    a␊        b␊            c", "⇥a␊⇥⇥b␊⇥⇥⇥c␊" },
        { "    a␊        b␊", "⇥a␊⇥⇥b", "⇥a␊⇥⇥b␊⇥c", "    a␊        b␊    c␊" },
        { "    a␊        b␊", "  a␊    b", "  a␊    b␊      c", "    a␊        b␊            c␊" },
        { "  a␊    b␊", "    a␊        b", "    a␊        x", "  a␊    x␊" },
        { "⇥x␊", "    x ", "    y ", "⇥y ␊" },
        { "if a {␊⇥b␊}␊", "if a {␊    b␊}", "if a {␊    b␊    if c {␊        d␊    }␊}", "if a {␊⇥b␊⇥if c {␊⇥⇥d␊⇥}␊}␊" },

        // Only the first line lacks its indentation, and another line differs.
        { "  a {  ␊    b␊  }␊", "a {␊    b␊  }", "a {␊    c␊  }", "  a {  ␊    c␊  }␊" },

        // Within a line.
        { "int  x   = 1;␊", "int x = 1;", "int x = 2;", "int x = 2;␊" },
        { "  f(a,⇥b)␊", "f(a, b)", "f(b, a)", "  f(b, a)␊" },
        { "| a   | b |␊| c   | d |␊", "| a | b |␊| c | d |", "| a | b |␊| e | f |", "| a   | b |␊| e | f |␊" },

        // The file's own line ends, and the end of the file.
        { "  a␍␊  b␍␊", "a␊ b", "a␊ c", "  a␍␊  c␍␊" },
        { "  a␊⇥b␊", "a␊b ", "c␊b ", "  c␊⇥b␊" },
        { "    a␍␊    b␍␊", "  a␊  b", "  a␊  x␊  b", "    a␍␊    x␍␊    b␍␊" },
        { "    a␊    b", "  a␊  b␊", "  a␊  c␊", "    a␊    c" },
        { "  a␊  b␊  c␊", "   b␊", "", "  a␊  c␊" },
        { "  a␊  b", " b␊", "", "  a␊" },
        { "  a␊  b␊", " a␊ b␊", " a␊ b␊ c␊", "  a␊  b␊  c␊" },
        { "a ␊b␊c␊", "a␊b␊", "x", "✗ joined" },
        { "a ␊b␊", "a␊b␊", "x", "x␊" },
        { "  a␊  b␊", "a␊b␊", "x␊y", "  x␊  y␊" },
    };

    public static TheoryData<string, string, string, string> LastLine { get; } = new()
    {
        // The line end that the new text forgot.
        { "a␊b␊c␊", "c␊", "C", "a␊b␊C␊" },
        { "a␊b␊c␊", "b␊c␊", "x␊y", "a␊x␊y␊" },
        { "a␍␊b␍␊", "b␊", "B", "a␍␊B␍␊" },
        { "a␊b␊", "b␊", "b", "a␊b" },
        { "a␊b␊c␊", "b␊", "B", "✗ joined" },
        { "a␊b␊c␊", "all:b␊", "B", "✗ joined" },
        { "f(␊  a)␊", "f(␊", "f(", "✗ joined" },
        { "f(␊  a)␊", "f(␊  a", "f(a", "f(a)␊" },
        { "x = a␊y = b␊", " a␊", " b", "✗ joined" },
        { "x = a␊y = b␊", "= a␊", "", "✗ joined" },
        { "x = a␊", " = a␊", "", "x␊" },
        { "a␊␊␊b␊", "␊␊␊", "␊", "a␊b␊" },
        { "a␊␊c", "a␊␊", "a␊", "a␊c" },

        // A line that goes takes its indentation with it.
        { "  a␊  b␊  c␊", "b␊", "", "  a␊  c␊" },
        { "  a␊  b␊  c␊", "  b␊", "", "  a␊  c␊" },
        { "⇥if x:␊⇥⇥a␊⇥b␊", "if x:␊⇥⇥a␊", "", "⇥b␊" },
        { "  a␊  b␊", "b␊", "", "  a␊" },
        { "  a␊  b", "b", "", "  a␊  " },
        { "  a␊  a␊", "all:a␊", "", "" },
    };

    public static TheoryData<string, string, string, string> Indentation { get; } = new()
    {
        // A tab beside spaces where the file does not mix them.
        { "⇥a␊", "a ", "a ␊    b", "✗ not clear" },
        { "    a␊", "a ", "a ␊⇥b", "✗ not clear" },
        { "⇥⇥a␊", "  a", "  a␊    b", "✗ not clear" },
        { "⇥a␊⇥⇥b␊", "a␊    b", "a␊    b␊  c", "⇥a␊⇥⇥b␊⇥c␊" },
        { "⇥a␊⇥⇥b␊", "a␊    b", "a␊    b␊        c", "⇥a␊⇥⇥b␊⇥⇥⇥c␊" },
        { "⇥  a␊⇥  b␊", "  a␊  b", "  a␊  b␊    c", "⇥  a␊⇥  b␊⇥    c␊" },
        { "⇥a␊    b␊", "    a␊    b", "    a␊    c␊    b", "✗ not clear" },
        { "⇥a␊    b␊c␊", "    a␊    b ", "    a␊    b ␊    c", "✗ not clear" },

        // Deeper by one step, or steps of another width?
        { "if x:␊    if y:␊        a␊", "    if y: ", "    if y: ␊        b", "if x:␊    if y:␊        b␊        a␊" },
        { "  if y:␊    a␊", "    if y:␊", "    if y:␊        b␊", "✗ not clear" },
        { "f␊  if y:␊    if z:␊      a␊", "      if y:␊", "      if y:␊        b␊", "f␊  if y:␊    b␊    if z:␊      a␊" },
        { "    if y:␊        if z:␊            a␊", "if y: ", "if y: ␊  b", "✗ not clear" },
        { "    if y:␊        if z:␊            a␊", "if y: ", "if y: ␊    b", "    if y:␊        b␊        if z:␊            a␊" },
        { "    f(␊        a)␊    g()␊", "g() ", "g() ␊        .h()", "    f(␊        a)␊    g()␊            .h()␊" },
        { "⇥⇥a␊", "    a", "    a␊        b", "✗ not clear" },
        { "⇥⇥a␊", "        a", "        a␊            b", "⇥⇥a␊⇥⇥⇥b␊" },
        { "x␊    y␊        a␊", "⇥a␊", "⇥a␊⇥⇥b␊", "✗ not clear" },
        { "x␊    y␊        a␊", "⇥⇥a␊", "⇥⇥a␊⇥⇥⇥b␊", "x␊    y␊        a␊            b␊" },

        // Less deep than anything that stands in both.
        { "  a␊", "      a", "  b␊      a", "✗ not clear" },
        { "a {␊  b␊}␊", "      b", "    c␊      b", "a {␊c␊  b␊}␊" },
    };

    public static TheoryData<string, string, string, string> Refused { get; } = new()
    {
        { "a", "a", "a", "✗ the same text" },
        { "a␍␊b", "a␊b", "a␍␊b", "✗ the same text" },
        { "a", "b", "c", "✗ does not stand in the file" },
        { "", "b", "c", "✗ does not stand in the file" },
        { "  a␊x␊    a␊", "a ␊", "b␊", "✗ 2 places" },
        { "  a␊x␊    a␊", "all:a ␊", "b␊", "✗ 2 places" },
        { "x  y␊x   y␊", "x y", "z", "✗ 2 places" },
        { "  a␊    a␊", "     a", "b", "✗ lines 1, 2" },
        { "  ␊␊", "    ", "x", "✗ does not stand in the file" },
        { "ab␊", "a b", "c", "✗ does not stand in the file" },
        { "a b␊", "ab", "c", "✗ does not stand in the file" },
        { "Case␊", "case", "x", "✗ does not stand in the file" },
        { "  a␊ b␊", "a␊a␊b", "c", "✗ does not stand in the file" },
        { "    a␊  b␊", "  a␊  b ", "  c␊  b ", "✗ not clear" },
        { "  a␊⇥b␊  c␊", "a␊b ␊c", "a␊b ␊c␊d", "✗ not clear" },
        { "alpha beta gamma␊", "alpha beta gamme", "x", "✗ 1→alpha beta gamma" },
        { "one␊two␊three words here␊", "three words where", "x", "✗ 3→three words here" },
        { "foo();␊", "     1→foo();", "bar();", "✗ line numbers" },
        { "new text␊", "old text", "new text", "✗ already there (line 1)" },
        { "  same␊", "same ", "same", "✗ already as new_string says" },
    };

    [Theory]
    [MemberData(nameof(Exact))]
    public void A_text_that_stands_there_once_is_replaced(string file, string old, string fresh, string after) =>
        Check(file, old, fresh, after);

    [Theory]
    [MemberData(nameof(Several))]
    public void A_text_that_stands_there_several_times_is_replaced_only_when_all_are_meant(
        string file, string old, string fresh, string after) => Check(file, old, fresh, after);

    [Theory]
    [MemberData(nameof(LineEnds))]
    public void The_files_own_line_ends_stay(string file, string old, string fresh, string after) =>
        Check(file, old, fresh, after);

    [Theory]
    [MemberData(nameof(WhiteSpace))]
    public void Other_white_space_is_passed_over_where_one_place_is_meant(
        string file, string old, string fresh, string after) => Check(file, old, fresh, after);

    [Theory]
    [MemberData(nameof(LastLine))]
    public void A_line_end_is_neither_lost_nor_are_lines_joined(string file, string old, string fresh, string after) =>
        Check(file, old, fresh, after);

    [Theory]
    [MemberData(nameof(Indentation))]
    public void New_lines_are_indented_as_the_file_is_or_not_at_all(string file, string old, string fresh, string after) =>
        Check(file, old, fresh, after);

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_not_clear_changes_nothing_and_says_why(string file, string old, string fresh, string after) =>
        Check(file, old, fresh, after);

    [Fact]
    public void The_table_has_at_least_a_hundred_cases() =>
        Assert.True(Exact.Count + Several.Count + LineEnds.Count + WhiteSpace.Count + Refused.Count >= 100);

    [Fact]
    public void What_an_edit_does_not_touch_stays_byte_for_byte_in_every_encoding()
    {
        byte[] broken = [.. "caf"u8, 0xc3, 0x28, .. " x "u8, 0xe2, 0x82, .. " ünï\r\n"u8];
        Assert.Equal(
            [.. "caf"u8, 0xc3, 0x28, .. " y "u8, 0xe2, 0x82, .. " ünï\r\n"u8],
            Edited(new TextFormat(TextEncoding.Utf8, HasMark: false), broken, " x ", " y "));
        Assert.Equal(
            [0xef, 0xbb, 0xbf, .. "b\r\n"u8], Edited(TextFormat.Of([0xef, 0xbb, 0xbf, .. "a"u8])!.Value, [0xef, 0xbb, 0xbf, .. "a\r\n"u8], "a", "b"));
        Assert.Equal(
            [.. "na"u8, 0xef, .. "ve "u8, 0xe9],
            Edited(new TextFormat(TextEncoding.Latin1, HasMark: false), [.. "na"u8, 0xef, .. "ve "u8, 0xe8], "\u00e8", "\u00e9"));
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            byte[] file = [.. encoding.GetPreamble(), .. encoding.GetBytes("a 🚢\r\n")];
            Assert.Equal(
                [.. encoding.GetPreamble(), .. encoding.GetBytes("b 🚢\r\n")], Edited(TextFormat.Of(file)!.Value, file, "a", "b"));
        }
    }

    private static byte[] Edited(TextFormat format, byte[] file, string old, string fresh) =>
        format.Encode(Assert.IsType<EditPlan.Ready>(EditPlan.Make(format.Decode(file)!, old, fresh, all: false)).Text)!;

    private static void Check(string file, string old, string fresh, string after)
    {
        var all = old.StartsWith("all:", StringComparison.Ordinal);
        var plan = EditPlan.Make(Meant(file), Meant(all ? old[4..] : old), Meant(fresh), all);
        if (after.StartsWith('✗'))
        {
            Assert.Contains(after[2..], Assert.IsType<EditPlan.Refused>(plan).Why);
        }
        else
        {
            Assert.Equal(after, Shown(plan is EditPlan.Ready ready ? ready.Text : ((EditPlan.Refused)plan).Why));
        }
    }

    private static string Meant(string row) => row.Replace('␊', '\n').Replace('␍', '\r').Replace('⇥', '\t');

    private static string Shown(string text) => text.Replace('\n', '␊').Replace('\r', '␍').Replace('\t', '⇥');
}
