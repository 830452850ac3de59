using Berth.Core.Models;
using Berth.Protocol.Events;
using Berth.Tests.Processes;
using Xunit;

namespace Berth.Tests.Core.Sessions;

/// <summary>What a person names with @ goes to the model with the message, and stays what it was.</summary>
public sealed class MentionTests : IAsyncDisposable
{
    private static readonly byte[] Png =
        [0x89, .. "PNG\r\n"u8, 0x1a, 0x0a, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 2, 128, 0, 0, 1, 224, 8, 6, 1, 2, 3];

    private readonly EngineLife life = new();

    public ValueTask DisposeAsync() => life.DisposeAsync();

    [Fact]
    public async Task The_model_gets_the_file_as_it_was_when_the_message_was_sent()
    {
        Write("a.txt", "one\ntwo\n");
        life.Model.Answers("I see.");
        var session = await SayAsync("explain @a.txt:2 to me");
        Write("a.txt", "changed\n");
        var next = await life.RestartAsync();
        next.Model.Answers("Still the same.");

        var again = await next.FindAsync(session);
        await again.SubmitAsync("again", life.Terminal);
        await Eventually.True(() => again.Row is { State: "done", Turns: 2 }, "the second turn is over");

        var expected = $"explain @a.txt:2 to me\n\n<file path=\"{Path.Combine(life.Project, "a.txt")}\">\n     2→two\n(lines 2–2 of 2.)\n</file>\n";
        Assert.All(next.Model.Requests, request => Assert.Equal(expected, ((UserEntry)request.Messages[0]).Text));
        var message = next.Events<UserMessage>(session)[0];
        Assert.Equal("explain @a.txt:2 to me", message.Text);
        Assert.Equal(("@a.txt", "lines 2–2 of 2"), (Assert.Single(message.Mentions!).Name, message.Mentions![0].What));
        Assert.StartsWith("explain @a.txt", session.Row!.Summary);
    }

    [Fact]
    public async Task A_mentioned_file_counts_as_read()
    {
        Write("a.txt", "one\n");
        Write("b.txt", "one\n");
        life.Model.Answers(
            Answer.Calling("edit", """{"path":"a.txt","old_string":"one","new_string":"1"}""", "e1")
                .ThenCall("edit", """{"path":"b.txt","old_string":"one","new_string":"1"}""", "e2"),
            Answer.Of("Done."));

        var session = await SayAsync("change @a.txt");

        Assert.Equal(["ok", "error"], life.Events<ToolEnded>(session).OrderBy(e => e.Call).Select(e => e.Outcome));
        Assert.Equal(("1\n", "one\n"), (Read("a.txt"), Read("b.txt")));
    }

    [Fact]
    public async Task A_mentioned_file_that_changed_since_is_read_again_before_it_is_edited()
    {
        Write("a.txt", "one\n");
        life.Model.Answers(
            Answer.Calling("bash", """{"command":"echo two >> a.txt"}""", "b"),
            Answer.Calling("edit", """{"path":"a.txt","old_string":"one","new_string":"1"}""", "e"), Answer.Of("Done."));

        var session = await SayAsync("change @a.txt");

        Assert.Equal("error", life.Events<ToolEnded>(session)[^1].Outcome);
        Assert.Equal("one\ntwo\n", Read("a.txt"));
    }

    [Fact]
    public async Task What_a_rule_forbids_is_not_shown_and_the_message_is_sent()
    {
        Write("secret.txt", "SECRET\n");
        life.Policy.NotShown = path => path.EndsWith("secret.txt") ? "the rule read(secret*) forbids it" : null;
        life.Model.Answers("I cannot see it.");

        var session = await SayAsync("look at @secret.txt");

        Assert.DoesNotContain("SECRET", File.ReadAllText(Path.Combine(life.DirectoryOf(session), "log.jsonl")));
        Assert.Contains("not shown: the rule read(secret*) forbids it", ((UserEntry)life.Model.Requests[0].Messages[0]).Text);
    }

    [Fact]
    public async Task A_missing_file_changes_nothing_for_the_model()
    {
        life.Model.Answers("Which file?");

        var session = await SayAsync("look at @gone.txt");

        Assert.Equal("look at @gone.txt", ((UserEntry)life.Model.Requests[0].Messages[0]).Text);
        Assert.Equal("no such file; sent as it stands", life.Events<UserMessage>(session)[0].Mentions![0].What);
    }

    [Fact]
    public async Task Only_what_a_person_typed_is_looked_through()
    {
        Write("a.txt", "one\n");
        life.Model.Answers("Fine.");

        var session = life.Begin();
        await session.SubmitAsync("say hello\n\npiped: @a.txt", life.Terminal, typed: "say hello");
        await EngineLife.Is(session, "done");

        Assert.Equal("say hello\n\npiped: @a.txt", ((UserEntry)life.Model.Requests[0].Messages[0]).Text);
        Assert.Null(life.Events<UserMessage>(session)[0].Mentions);
    }

    [Fact]
    public async Task A_mentioned_image_is_shown_to_the_model()
    {
        File.WriteAllBytes(Path.Combine(life.Project, "shot.png"), Png);
        life.Model.Answers("A ship.");

        var session = await SayAsync("what is on @shot.png?");

        var shown = Assert.Single(((UserEntry)life.Model.Requests[0].Messages[0]).Images!);
        Assert.Equal(Png, life.Model.Requests[0].ImageBytes!(shown.Id)!.Value.ToArray());
        Assert.Equal("a PNG image of 640×480 pixels", life.Events<UserMessage>(session)[0].Mentions![0].What);
    }

    private async Task<Berth.Core.Sessions.Session> SayAsync(string text)
    {
        var session = life.Begin();
        await session.SubmitAsync(text, life.Terminal, typed: text);
        await EngineLife.Is(session, "done");
        return session;
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(life.Project, name), text);

    private string Read(string name) => File.ReadAllText(Path.Combine(life.Project, name));
}
