using Berth.Core.Instructions;
using Berth.Core.Settings;
using Berth.Protocol;
using Berth.Tests.Processes;
using Xunit;

namespace Berth.Tests.Core.Instructions;

public sealed class DefinitionsTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void The_nearest_place_comes_first_and_each_says_where_it_is()
    {
        Write("a", "work/.berth/agents/review.md");
        Write("b", "work/.claude/agents/review.md");
        Write("c", "work/.autocoderagents/old.md");
        Write("d", "home/.config/berth/agents/mine.md");
        Write("e", "home/.claude/agents/theirs.md");

        var set = Definitions.Files(Scope().Agents);

        Assert.Empty(set.Problems);
        Assert.Equal(
            [
                ("review", ".berth/agents", "a"), ("review", ".claude/agents", "b"), ("old", ".autocoderagents", "c"),
                ("mine", "~/.config/berth/agents", "d"), ("theirs", "~/.claude/agents", "e"),
            ],
            set.Found.Select(d => (d.Name, d.Place.Origin, d.Text.Body)));
    }

    [Fact]
    public void Nothing_of_a_project_counts_before_it_is_trusted()
    {
        Write("a", "work/.berth/agents/review.md");
        Write("d", "home/.config/berth/agents/mine.md");

        Assert.Equal(["mine"], Definitions.Files(Scope(isTrusted: false).Agents).Found.Select(d => d.Name));
    }

    [Fact]
    public void The_project_in_the_home_itself_is_a_project_too()
    {
        Write("a", "home/.claude/commands/x.md");
        var scope = new DefinitionScope(new Project(scratch.Path("home")), false, scratch.Path("config"), scratch.Path("home"));

        Assert.Equal(["x"], Definitions.Files((scope with { IsTrusted = true }).Commands).Found.Select(d => d.Name));
    }

    [Fact]
    public void Folders_stand_in_the_names_of_commands()
    {
        Write("a", "work/.berth/commands/git/commit.md");
        Write("a", "work/.berth/commands/git/deep/er.md");
        Write("a", "work/.berth/commands/.hidden.md");
        Write("a", "work/.berth/commands/notes.txt");

        Assert.Equal(["git:commit", "git:deep:er"], Definitions.Files(Scope().Commands).Found.Select(d => d.Name));
    }

    [Fact]
    public void A_skill_is_a_folder_and_what_is_below_it_belongs_to_it()
    {
        Write("---\nname: pdf\ndescription: d\n---\nbody", "work/.agents/skills/pdf/SKILL.md");
        Write("not one", "work/.agents/skills/pdf/parts/SKILL.md");
        Write("not one", "work/.agents/skills/README.md");
        Write("body", "home/.claude/skills/group/docx/SKILL.md");

        Assert.Equal(["pdf", "docx"], Definitions.Skills(Scope().Skills).Found.Select(d => d.Name));
    }

    [Fact]
    public void A_broken_file_is_named_and_hurts_no_other()
    {
        Write("---\nname: [x\n---\n", "work/.berth/agents/broken.md");
        Write(new string('x', Limits.DefinitionBytes + 1), "work/.berth/agents/huge.md");
        Write("fine", "work/.berth/agents/fine.md");
        Directory.CreateDirectory(scratch.Path("work/.berth/agents/folder.md"));

        var set = Definitions.Files(Scope().Agents);

        Assert.Equal(["fine"], set.Found.Select(d => d.Name));
        Assert.Equal(
            [
                $"{scratch.Path("work/.berth/agents/broken.md")}:2:9: the list has no ']' on its line",
                $"{scratch.Path("work/.berth/agents/huge.md")}: is larger than {Limits.DefinitionBytes} bytes",
            ],
            set.Problems.Select(p => p.ToString()));
    }

    [Fact]
    public void A_projects_links_do_not_lead_out_of_it_and_the_users_own_do()
    {
        Write("secret", "elsewhere/key.md");
        Write("a", "work/.berth/agents/real.md");
        File.CreateSymbolicLink(scratch.Path("work/.berth/agents/link.md"), scratch.Path("elsewhere/key.md"));
        Directory.CreateSymbolicLink(scratch.Path("work/.berth/agents/folder"), scratch.Path("elsewhere"));
        Directory.CreateSymbolicLink(scratch.Path("work/.berth/agents/loop"), scratch.Path("work/.berth/agents"));
        Directory.CreateDirectory(scratch.Path("home/.config/berth"));
        Directory.CreateSymbolicLink(scratch.Path("home/.config/berth/agents"), scratch.Path("elsewhere"));

        var set = Definitions.Files(Scope().Agents);

        Assert.DoesNotContain(set.Found, d => d.Place.Within is not null && d.Text.Body == "secret");
        Assert.Contains(set.Found, d => d is { Name: "key", Place.Within: null });
        Assert.Contains(set.Problems, p => p.File.EndsWith("agents/link.md") && p.What.Contains("out of the project"));
        Assert.Contains(set.Problems, p => p.File.EndsWith("agents/folder") && p.What.Contains("out of the project"));
    }

    [Fact]
    public void A_place_with_too_much_in_it_is_cut_and_says_so()
    {
        for (var i = 0; i <= Limits.DefinitionsPerPlace; i++)
        {
            Write("x", $"work/.berth/agents/{i}.md");
        }

        var set = Definitions.Files(Scope().Agents);

        Assert.Equal(Limits.DefinitionsPerPlace, set.Found.Count);
        Assert.StartsWith("too much in it", Assert.Single(set.Problems).What);
    }

    private DefinitionScope Scope(bool isTrusted = true) =>
        new(new Project(scratch.Path("work")), isTrusted, scratch.Path("home", ".config", "berth"), scratch.Path("home"));

    private void Write(string text, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(scratch.Path(path))!);
        File.WriteAllText(scratch.Path(path), text);
    }
}
