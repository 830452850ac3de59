using Berth.Core.Commands;
using Berth.Protocol.Messages;
using Berth.Tests.Processes;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Core.Commands;

public sealed class PathCompletionTests : IDisposable
{
    private readonly Scratch scratch = new();
    private readonly HeldTime time = new();
    private readonly PathCompletion completion;

    public PathCompletionTests() => completion = new PathCompletion(time);

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task Names_in_the_directory_come_first_and_then_files_anywhere_below()
    {
        Write("Readme.md", "src/deep/reader.cs", "src/spread.cs", "src/re/x.cs", "other.txt");

        Assert.Equal(["@Readme.md", "@src/re/", "@src/deep/reader.cs", "@src/spread.cs", "@src/re/x.cs"], await At("@re"));
        Assert.Equal(["@src/deep/", "@src/re/", "@src/spread.cs"], await At("@src/"));
        Assert.Equal(["@src/deep/reader.cs"], await At("@src/deep/RE"));
    }

    [Fact]
    public async Task Hidden_names_need_their_point_and_ignored_ones_come_last()
    {
        Write(".git/HEAD", ".github/x.yml", ".gitignore", "bin/built.dll", "binary.cs", "sub/bin/more.dll");
        File.WriteAllText(scratch.Path(".gitignore"), "bin/\n");

        Assert.Equal(["@binary.cs", "@bin/"], await At("@bin"));
        Assert.Equal(["@.git/", "@.github/", "@.gitignore"], await At("@.g"));
        Assert.Equal(["@bin/built.dll"], await At("@bin/"));
    }

    [Fact]
    public async Task Blanks_are_quoted_and_a_directory_goes_on()
    {
        Write("my notes/a b.md", "plain/two words.txt", "quo\"te/x", "line\nend");

        Assert.Equal(["@\"my notes/", "@\"my notes/a b.md\""], await At("@my"));
        Assert.Equal(["@\"my notes/a b.md\""], await At("@\"my notes/a"));
        Assert.Equal(["@\"plain/two words.txt\""], await At("@two"));
        Assert.Equal(["@\"plain/", "@\"plain/two words.txt\""], await At("@\"pla"));
        Assert.Empty(await At("@quo"));
        Assert.Empty(await At("@line"));
    }

    [Fact]
    public async Task Names_of_every_script_are_found()
    {
        Write("日本語/説明.md", "Ünïcode.txt", "naïve café.md");

        Assert.Equal(["@日本語/説明.md"], await At("@説"));
        Assert.Equal(["@日本語/", "@日本語/説明.md"], await At("@日"));
        Assert.Equal(["@Ünïcode.txt"], await At("@ün"));
        Assert.Equal(["@\"naïve café.md\""], await At("@na"));
    }

    [Fact]
    public async Task The_home_the_root_and_the_directory_above_are_listed()
    {
        Write("home/notes.md", "work/x");

        Assert.Equal(["@~/notes.md"], Texts(await completion.AtAsync(scratch.Path("work"), scratch.Path("home"), "@~/no")));
        Assert.Empty(await completion.AtAsync(scratch.Path("work"), null, "@~/no"));
        Assert.Equal(["@../home/"], Texts(await completion.AtAsync(scratch.Path("work"), null, "@../h")));
        Assert.Contains("@/proc/", Texts(await completion.AtAsync(scratch.Path("work"), null, "@/pro")));
        Assert.Empty(await completion.AtAsync(scratch.Path("work"), null, "@no/such/place"));
    }

    [Fact]
    public async Task A_large_directory_gives_what_begins_so_wherever_it_stands()
    {
        Write([.. Enumerable.Range(0, 2_000).Select(i => $"f{i:0000}"), "zebra"]);

        Assert.Equal(["@zebra"], await At("@ze"));
        Assert.Equal(50, (await At("@f")).Count());
    }

    [Fact]
    public async Task What_was_found_is_kept_for_a_moment_while_one_types_on()
    {
        Write("src/first.cs");
        Assert.Equal(["@src/first.cs"], await At("@fi"));
        Write("src/fir.cs");

        Assert.Equal(["@src/first.cs"], await At("@fir"));
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(["@src/fir.cs", "@src/first.cs"], await At("@fir"));
    }

    [Theory]
    [InlineData("@", 0)]
    [InlineData("see @src/a", 4)]
    [InlineData("see @src/a and", -1)]
    [InlineData("me@example.com", -1)]
    [InlineData("看@日", 1)]
    [InlineData("(@a", 1)]
    [InlineData("@\"my no", 0)]
    [InlineData("@\"my notes\" x", -1)]
    [InlineData("@a @\"b c", 3)]
    [InlineData("@\"two\nlines", -1)]
    [InlineData("", -1)]
    public void A_mention_is_written_where_an_at_begins_a_word(string text, int start) =>
        Assert.Equal(start, MentionWord.Start(text, text.Length));

    private async Task<IEnumerable<string>> At(string word) => Texts(await completion.AtAsync(scratch.Root, null, word));

    private static IEnumerable<string> Texts(IEnumerable<Completion> items) => items.Select(item => item.Text);

    private void Write(params IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(scratch.Path(file))!);
            File.WriteAllText(scratch.Path(file), "");
        }
    }
}
