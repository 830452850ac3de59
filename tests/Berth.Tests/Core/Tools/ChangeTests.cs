using System.Text;
using Berth.Core.Tools;
using Xunit;

namespace Berth.Tests.Core.Tools;

/// <summary>What <c>write</c> and <c>edit</c> do to files, and what they refuse.</summary>
public sealed class ChangeTests : IDisposable
{
    private readonly ToolPlace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public void A_new_file_is_made_with_the_directories_above_it()
    {
        var result = place.Call("write", ("path", "a/b/c.txt"), ("content", "one\ntwo"));

        Assert.Equal("one\ntwo", place.Text("a/b/c.txt"));
        Assert.Equal("Created a/b/c.txt: 2 lines, 7 bytes.", result.Output);
        Assert.Equal(["c.txt"], Directory.EnumerateFileSystemEntries(place.Path("a/b")).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("0002", "775", "664")]
    [InlineData("0077", "700", "600")]
    public void New_files_get_what_the_sessions_umask_leaves(string umask, string directory, string file)
    {
        place.Umask = Convert.ToInt32(umask, 8);

        place.Call("write", ("path", "a/b/c.txt"), ("content", ""));

        Assert.Equal([directory, directory, file], [place.Mode("a"), place.Mode("a/b"), place.Mode("a/b/c.txt")]);
    }

    [Theory]
    [InlineData("write", "content")]
    [InlineData("edit", "new_string")]
    public void What_the_session_has_not_read_is_not_changed(string tool, string argument)
    {
        place.With("a.txt", "old\n");

        var result = place.Call(tool, ("path", "a.txt"), ("old_string", "old"), (argument, "new"));

        Assert.False(result.Ok);
        Assert.Contains("has not read it", result.Output);
        Assert.Equal("old\n", place.Text("a.txt"));
    }

    [Fact]
    public void Any_part_that_was_read_counts_and_so_does_what_was_written()
    {
        place.With("a.txt", "1\n2\n3\n");
        place.Call("read", ("path", "a.txt"), ("offset", 3), ("limit", 1));
        place.Call("write", ("path", "b.txt"), ("content", "x\n"));

        Assert.True(place.Call("edit", ("path", "a.txt"), ("old_string", "1"), ("new_string", "one")).Ok);
        Assert.True(place.Call("edit", ("path", "a.txt"), ("old_string", "2"), ("new_string", "two")).Ok);
        Assert.True(place.Call("edit", ("path", "b.txt"), ("old_string", "x"), ("new_string", "y")).Ok);
        Assert.True(place.Call("write", ("path", "b.txt"), ("content", "z\n")).Ok);
        Assert.Equal("one\ntwo\n3\nz\n", place.Text("a.txt") + place.Text("b.txt"));
    }

    [Fact]
    public void What_changed_since_is_not_changed_even_if_size_and_time_are_the_same()
    {
        place.With("a.txt", "old\n");
        var time = File.GetLastWriteTimeUtc(place.Path("a.txt"));
        place.Call("read", ("path", "a.txt"));
        File.WriteAllText(place.Path("a.txt"), "olx\n");
        File.SetLastWriteTimeUtc(place.Path("a.txt"), time);

        var result = place.Call("edit", ("path", "a.txt"), ("old_string", "o"), ("new_string", "n"));

        Assert.Contains("changed on disk", result.Output);
        Assert.Contains("changed on disk", place.Call("write", ("path", "a.txt"), ("content", "n")).Output);
        Assert.Equal("olx\n", place.Text("a.txt"));
    }

    [Fact]
    public void A_file_that_was_only_touched_is_still_known()
    {
        place.With("a.txt", "old\n");
        place.Call("read", ("path", "a.txt"));
        File.SetLastWriteTimeUtc(place.Path("a.txt"), DateTime.UnixEpoch);

        Assert.True(place.Call("edit", ("path", "a.txt"), ("old_string", "old"), ("new_string", "new")).Ok);
    }

    [Fact]
    public void After_a_restart_a_file_is_read_again()
    {
        place.With("a.txt", "old\n");
        place.Call("read", ("path", "a.txt"));
        place.Files = new FileRegistry();

        Assert.Contains("before a restart", place.Call("edit", ("path", "a.txt"), ("old_string", "old"), ("new_string", "new")).Output);
    }

    [Fact]
    public void The_mode_of_a_file_stays()
    {
        place.With("run.sh", "echo old\n");
        place.WithMode("run.sh", "751");
        place.Call("read", ("path", "run.sh"));

        place.Call("edit", ("path", "run.sh"), ("old_string", "old"), ("new_string", "new"));

        Assert.Equal("751", place.Mode("run.sh"));
    }

    [Fact]
    public void A_link_stays_and_the_file_it_names_is_written()
    {
        place.With("real/a.txt", "old\n");
        File.CreateSymbolicLink(place.Path("link.txt"), "real/a.txt");
        place.Call("read", ("path", "link.txt"));

        Assert.True(place.Call("edit", ("path", "link.txt"), ("old_string", "old"), ("new_string", "new")).Ok);
        Assert.Equal("new\n", place.Text("real/a.txt"));
        Assert.Equal("real/a.txt", new FileInfo(place.Path("link.txt")).LinkTarget);
        Assert.True(place.Call("edit", ("path", "real/a.txt"), ("old_string", "new"), ("new_string", "newer")).Ok);
    }

    [Fact]
    public void A_link_to_nothing_gets_its_file()
    {
        File.CreateSymbolicLink(place.Path("link.txt"), "made.txt");

        Assert.True(place.Call("write", ("path", "link.txt"), ("content", "x")).Ok);
        Assert.Equal("x", place.Text("made.txt"));
    }

    public static TheoryData<string, string> Refused { get; } = new()
    {
        { "dir", "is a directory" },
        { "dir/", "the path of a directory" },
        { "new/", "the path of a directory" },
        { "loop", "no end" },
        { "pipe", "device, pipe or socket" },
        { "/dev/null", "device, pipe or socket" },
        { "plain.txt/below", "is no directory" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_no_file_is_refused(string path, string why)
    {
        place.With("dir/x", "").With("plain.txt", "").WithPipe("pipe");
        File.CreateSymbolicLink(place.Path("loop"), "loop");

        Assert.Contains(why, place.Call("write", ("path", path), ("content", "x")).Output);
        Assert.Contains(why, place.Call("edit", ("path", path), ("old_string", ""), ("new_string", "x")).Output);
    }

    [Fact]
    public void A_write_protected_file_is_not_replaced()
    {
        place.With("a.txt", "old\n");
        place.WithMode("a.txt", "444");
        place.Call("read", ("path", "a.txt"));

        Assert.Contains("write-protected", place.Call("write", ("path", "a.txt"), ("content", "new")).Output);
        Assert.Equal("old\n", place.Text("a.txt"));
        Assert.Single(Directory.EnumerateFileSystemEntries(place.Root));
    }

    [Fact]
    public void An_empty_old_string_makes_a_missing_file_and_nothing_else()
    {
        Assert.Equal("Created a.txt: 1 lines.", place.Call("edit", ("path", "a.txt"), ("old_string", ""), ("new_string", "x\n")).Output);
        Assert.Contains("not empty", place.Call("edit", ("path", "a.txt"), ("old_string", ""), ("new_string", "y")).Output);
        Assert.Contains("There is no file b.txt", place.Call("edit", ("path", "b.txt"), ("old_string", "x"), ("new_string", "y")).Output);
        Assert.Equal("x\n", place.Text("a.txt"));
    }

    [Fact]
    public void Mark_and_line_ends_stay_when_a_file_is_edited()
    {
        place.With("a.txt", [0xef, 0xbb, 0xbf, .. "one\r\ntwo"u8]);
        place.Call("read", ("path", "a.txt"));

        place.Call("edit", ("path", "a.txt"), ("old_string", "one\ntwo"), ("new_string", "one\nmore\ntwo"));

        Assert.Equal([0xef, 0xbb, 0xbf, .. "one\r\nmore\r\ntwo"u8], place.Bytes("a.txt"));
    }

    [Fact]
    public void A_file_that_is_rewritten_keeps_its_encoding_and_says_so()
    {
        place.With("a.txt", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("old\r\n")]);
        place.Call("read", ("path", "a.txt"));

        var result = place.Call("write", ("path", "a.txt"), ("content", "new\n"));

        Assert.Equal([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("new\n")], place.Bytes("a.txt"));
        Assert.Equal("Replaced a.txt: 1 line, 10 bytes now. It is kept in UTF-16 LE. Its lines ended with CRLF and end with LF now.", result.Output);
    }

    [Fact]
    public void A_character_that_the_encoding_lacks_is_refused()
    {
        place.With("a.txt", [.. "caf"u8, 0xe9, .. "\n"u8]);
        place.Call("read", ("path", "a.txt"));

        Assert.Contains("Latin-1", place.Call("edit", ("path", "a.txt"), ("old_string", "é"), ("new_string", "☕")).Output);
        Assert.True(place.Call("edit", ("path", "a.txt"), ("old_string", "café"), ("new_string", "thé")).Ok);
        Assert.Equal([.. "th"u8, 0xe9, .. "\n"u8], place.Bytes("a.txt"));
    }

    [Fact]
    public void A_person_sees_what_will_change_before_it_does()
    {
        place.With("a.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
        place.Call("read", ("path", "a.txt"));

        var edit = place.Ask("edit", ("path", "a.txt"), ("old_string", "5"), ("new_string", "five\n5.5"));
        var write = place.Ask("write", ("path", "new.txt"), ("content", "x\n"));

        Assert.Equal("--- a.txt\n+++ a.txt\n@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n+five\n+5.5\n 6\n 7\n 8\n", edit.Detail);
        Assert.Equal("--- /dev/null\n+++ new.txt\n@@ -0,0 +1,1 @@\n+x\n", write.Detail);
        Assert.Null(edit.Problem);
        Assert.Equal("1\n2\n3\n4\n5\n6\n7\n8\n9\n", place.Text("a.txt"));
    }

    [Fact]
    public void Nobody_is_asked_for_what_cannot_work()
    {
        place.With("a.txt", "secret\n");

        var ask = place.Ask("edit", ("path", "a.txt"), ("old_string", "x"), ("new_string", "y"));

        Assert.Contains("has not read it", ask.Problem);
        Assert.DoesNotContain("secret", ask.Problem + ask.Detail);
    }

    [Fact]
    public void A_huge_diff_is_bounded_and_says_what_is_missing()
    {
        var ask = place.Ask("write", ("path", "a.txt"), ("content", string.Concat(Enumerable.Repeat("0123456789\n", 50_000))));

        Assert.InRange(ask.Detail.Length, 100_000, 250_000);
        Assert.Matches(@"… \d+ more lines of this diff are not shown\n$", ask.Detail);
    }

    [Fact]
    public void A_match_by_white_space_shows_what_became_of_it()
    {
        place.With("a.py", "def f():\n        return 1  \n");
        place.Call("read", ("path", "a.py"));

        var result = place.Call("edit", ("path", "a.py"), ("old_string", "    return 1\n"), ("new_string", "    x = 1\n    return x\n"));

        Assert.Equal("def f():\n        x = 1\n        return x\n", place.Text("a.py"));
        Assert.Contains("+        return x\n", result.Output);
    }

    [Fact]
    public void A_path_with_a_nul_is_refused_in_words() =>
        Assert.Contains("NUL", Assert.Throws<ToolInputException>(() => place.Ask("write", ("path", "a\0b"), ("content", ""))).Message);
}
