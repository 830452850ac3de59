using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>AGENTS.md, skills and custom commands, from files to what the model's server gets.</summary>
public sealed class InstructionsStory : IAsyncDisposable
{
    private readonly Stage stage = new(permissionMode: "ask");

    public InstructionsStory()
    {
        stage.Model.Answers(r => r.LastUser.StartsWith("scripted:", StringComparison.Ordinal) ? null : ModelScript.Text("Understood."));
        Write("Project rule.", "AGENTS.md");
        WriteOwn("Own rule.", "config", "AGENTS.md");
        Write("---\ndescription: Cleans the tree\n---\nBODY OF TIDY", ".berth/skills/tidy/SKILL.md");
        WriteOwn("---\nname: letters\ndescription: Writes letters\n---\nBODY OF LETTERS", ".claude", "skills", "letters", "SKILL.md");
        Write("---\ndescription: Fixes an issue\nargument-hint: <number>\n---\nFix issue $1 as @notes.txt says.", ".berth/commands/team/fix.md");
        Write("Be brief.\n", "notes.txt");
    }

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Fact]
    public void The_request_holds_the_users_and_the_projects_words_and_a_projects_skills_only_once_it_is_trusted()
    {
        var untrusted = stage.Home.Berth("run", "hello");
        Assert.Equal(0, stage.Home.Berth("trust").Code);
        Assert.Equal(0, stage.Home.Berth("run", "hello").Code);

        var (first, second) = (System(0), System(1));
        Assert.Equal(0, untrusted.Code);
        Assert.Contains(".berth/skills, .berth/commands: not used before this project is trusted: /trust", untrusted.Error);
        Assert.Contains("Own rule.", first);
        Assert.True(first.IndexOf("Own rule.", StringComparison.Ordinal) < first.IndexOf("Project rule.", StringComparison.Ordinal));
        Assert.Contains("- letters: Writes letters (", first);
        Assert.DoesNotContain("tidy", first);
        Assert.Contains("- tidy: Cleans the tree (", second);
        Assert.DoesNotContain("BODY OF", first + second);
    }

    [Fact]
    public void The_users_skills_are_read_without_a_question_and_nothing_beside_them_is()
    {
        var skill = Path.Combine(stage.Home.Home, ".claude", "skills", "letters", "SKILL.md");
        WriteOwn("SECRET", ".claude", "secret.txt");
        File.CreateSymbolicLink(Path.Combine(Path.GetDirectoryName(skill)!, "way-out"), Path.Combine(stage.Home.Home, ".claude", "secret.txt"));
        Answer(
            ModelScript.Call("read", $$"""{"path":"{{skill}}"}"""), ModelScript.Text("Read."),
            ModelScript.Call("read", $$"""{"path":"{{Path.GetDirectoryName(skill)}}/way-out"}"""), ModelScript.Text("Refused."));

        Assert.Equal(0, stage.Home.Berth("run", "scripted: write a letter").Code);
        Assert.Contains("BODY OF LETTERS", stage.Model.Requests[1].LastResult);
        Assert.Equal(3, stage.Home.Berth("run", "scripted: look beside").Code);
        Assert.DoesNotContain("SECRET", stage.Model.Requests[3].LastResult);
    }

    [Fact]
    public void A_custom_command_is_a_line_in_the_transcript_and_its_text_for_the_model()
    {
        Assert.Equal(0, stage.Home.Berth("trust").Code);
        var terminal = stage.Open(rows: 60);
        terminal.Send("/help");
        terminal.WaitFor("/team:fix <number>");
        terminal.Type("/team");
        terminal.WaitFor("Fixes an issue");
        terminal.Type(":fix 12");
        terminal.Keys("Enter");
        terminal.WaitFor("Understood.");
        Assert.Contains("❯ /team:fix 12\n  ⎿ /team:fix (1 line, .berth/commands)\n  ⎿ @notes.txt (1 line)", terminal.Screen);
        var said = stage.Model.Requests[0].LastUser;
        Assert.StartsWith("/team:fix 12\n\n(/team:fix is a command of the person's own. It stands for this:)\n\nFix issue 12 as @notes.txt says.\n", said);
        Assert.Contains("1→Be brief.", said);
    }

    [Fact]
    public void A_run_knows_custom_commands_and_an_untrusted_project_has_none()
    {
        Assert.Equal(0, stage.Home.Berth("run", "/team:fix 12").Code);
        Assert.Equal(0, stage.Home.Berth("trust").Code);
        Assert.Equal(0, stage.Home.BerthReading("/team:fix 14 is piped", "run", "/team:fix 13").Code);
        Assert.Equal(0, stage.Home.BerthReading("/team:fix 14 is piped", "run").Code);

        Assert.Equal("/team:fix 12", stage.Model.Requests[0].LastUser);
        Assert.Contains("Fix issue 13 as", stage.Model.Requests[1].LastUser);
        Assert.Equal("/team:fix 14 is piped", stage.Model.Requests[2].LastUser);
    }

    [Fact]
    public void What_is_broken_is_shown_with_its_place()
    {
        Write("---\nname: [\n---\n", ".berth/skills/broken/SKILL.md");
        Write("x", ".berth/commands/help.md");
        Assert.Equal(0, stage.Home.Berth("trust").Code);

        Assert.Contains("broken/SKILL.md:2:8: the list has no ']' on its line", stage.Home.Berth("skills").Out);
        Assert.Contains("tidy", stage.Home.Berth("skills").Out);
        Assert.Contains("help.md:1:1: /help is one of Berth's own commands, which counts", stage.Home.Berth("/help").Out);
    }

    private void Answer(params ModelScript[] scripts)
    {
        foreach (var script in scripts)
        {
            stage.Model.Answers(script);
        }
    }

    private string System(int request)
    {
        var message = stage.Model.Requests[request].Messages.First();
        Assert.Equal("system", message.GetProperty("role").GetString());
        return message.GetProperty("content").ToString();
    }

    private void Write(string text, string path) => WriteAt(text, Path.Combine(stage.Home.Project, path));

    private void WriteOwn(string text, params string[] path) => WriteAt(text, Path.Combine([stage.Home.Home, .. path]));

    private static void WriteAt(string text, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
