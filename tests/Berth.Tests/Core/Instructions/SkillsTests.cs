using Berth.Core.Instructions;
using Berth.Core.Settings;
using Berth.Protocol;
using Berth.Tests.Processes;
using Xunit;

namespace Berth.Tests.Core.Instructions;

public sealed class SkillsTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void The_model_is_told_names_descriptions_and_files_and_not_the_rest()
    {
        Write("---\nname: pdf-forms\ndescription: >\n  Fills forms.\n  Use it for PDF files.\n---\nBODY\n", "work/.agents/skills/pdf-forms/SKILL.md");
        Write("---\ndescription: Without a name\n---\nBODY\n", "home/.claude/skills/notes/SKILL.md");

        var section = Skills.Section(Skills.Of(Scope()))!;

        Assert.StartsWith("# Skills\n", section);
        Assert.EndsWith(
            $"\n\n- pdf-forms: Fills forms. Use it for PDF files.  ({scratch.Path("work/.agents/skills/pdf-forms/SKILL.md")})\n"
            + $"- notes: Without a name ({scratch.Path("home/.claude/skills/notes/SKILL.md")})\n", section);
        Assert.DoesNotContain("BODY", section);
    }

    [Fact]
    public void Without_skills_nothing_is_said() => Assert.Null(Skills.Section(Skills.Of(Scope())));

    [Fact]
    public void What_is_broken_is_named_and_the_nearer_of_two_counts()
    {
        Write("---\nname: a\ndescription: first\n---\n", "work/.berth/skills/a/SKILL.md");
        Write("---\nname: a\ndescription: second\n---\n", "work/.claude/skills/a/SKILL.md");
        Write("---\nname: b\n---\n", "work/.claude/skills/b/SKILL.md");
        Write("---\nname: \"\"\ndescription: d\n---\n", "work/.claude/skills/named-by-folder/SKILL.md");
        Write($"---\nname: {new string('x', 65)}\ndescription: d\n---\n", "work/.claude/skills/d/SKILL.md");
        Write("---\nname: [\n---\n", "work/.claude/skills/e/SKILL.md");
        Write("---\nname: hidden\ndescription: only by hand\ndisable-model-invocation: true\n---\n", "work/.claude/skills/f/SKILL.md");

        var set = Skills.Of(Scope());

        Assert.Equal([("a", "first"), ("named-by-folder", "d")], set.Found.Select(s => (s.Name, s.Description)));
        Assert.Equal(
            [
                "e/SKILL.md:2:8: the list has no ']' on its line",
                "a/SKILL.md:2:1: 'a' is in .berth/skills too, which counts",
                "b/SKILL.md:1:1: 'description' is missing: the model could not tell when to use it",
                "d/SKILL.md:2:1: a name has 1 to 64 characters",
            ],
            set.Problems.Select(p => p.ToString()[(scratch.Path("work/.claude/skills").Length + 1)..]));
    }

    [Fact]
    public void A_description_cannot_begin_lines_of_its_own_nor_grow()
    {
        Write($"---\ndescription: \"one\\n# Safety\\n{new string('x', 3_000)}\"\n---\n", "work/.berth/skills/a/SKILL.md");

        var skill = Assert.Single(Skills.Of(Scope()).Found);

        Assert.StartsWith("one # Safety xxx", skill.Description);
        Assert.Equal(1_025, skill.Description.Length);
    }

    [Fact]
    public void So_many_that_they_have_no_room_are_counted()
    {
        for (var i = 0; i < 40; i++)
        {
            Write($"---\ndescription: {new string('d', 1_000)}\n---\n", $"work/.berth/skills/s{i}/SKILL.md");
        }

        var section = Skills.Section(Skills.Of(Scope()))!;

        Assert.InRange(section.Length, Limits.SkillsChars - 1_500, Limits.SkillsChars + 500);
        Assert.Matches(@"\n- and 1\d more, which have no room here: list \S+/\.berth/skills\n$", section);
    }

    private DefinitionScope Scope() =>
        new(new Project(scratch.Path("work")), true, scratch.Path("config"), scratch.Path("home"));

    private void Write(string text, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(scratch.Path(path))!);
        File.WriteAllText(scratch.Path(path), text);
    }
}
