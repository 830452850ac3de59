using Berth.Core.Log;
using Berth.Core.Sessions;
using Berth.Protocol.Events;
using Berth.Tests.Processes;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Core.Sessions;

/// <summary>What can be done with sessions that are stored: names, the trash, search, verify and repair.</summary>
public sealed class StoredSessionsTests : IAsyncDisposable
{
    private readonly EngineLife life = new();

    public StoredSessionsTests() => life.Model.HasForks = true;

    public ValueTask DisposeAsync() => life.DisposeAsync();

    [Fact]
    public async Task Sessions_name_themselves_each_with_another_name()
    {
        var names = new List<string?>();
        foreach (var message in new[] { "fix the  bug", "fix the bug", "\n# Fix the bug", "修复解析器 🚢" })
        {
            names.Add((await DoneAsync(message, "Yes.")).Row!.Name);
        }

        Assert.Equal(["fix the bug", "fix the bug (2)", "Fix the bug (3)", "修复解析器 🚢"], names);
    }

    [Fact]
    public async Task A_name_that_a_person_gave_stays()
    {
        var session = life.Begin();
        await session.ChangeAsync(new SessionRenamed("“Mine”"));

        life.Model.Answers("Yes.");
        await session.SubmitAsync("hello", life.Terminal);

        await EngineLife.Is(session, "done");
        Assert.Equal("“Mine”", session.Row!.Name);
    }

    [Theory]
    [InlineData("/etc/hosts is broken.", "etc/hosts is broken")]
    [InlineData("\u001b]0;evil\u0007 title", "]0;evil title")]
    [InlineData("one two three four five six seven eight nine ten", "one two three four five six seven eight")]
    [InlineData(" \n\t", "")]
    public void A_name_is_one_short_line(string message, string name) => Assert.Equal(name, SessionName.From(message));

    [Fact]
    public async Task A_deleted_session_comes_back_from_the_trash_with_everything()
    {
        var session = await DoneAsync("hello", "Ahoy.");
        await life.Board.TakeSlotAsync(session.Project, session.Id);
        var log = await File.ReadAllBytesAsync(Path.Combine(life.DirectoryOf(session), SessionLog.FileName));

        Assert.Null(await life.Sessions.TrashAsync(session));

        Assert.Null(await life.Sessions.FindAsync(session.Id));
        Assert.Empty(life.Board.SlotsOf(session.Project));
        Assert.Empty(await life.Board.AllAsync(null));
        await Assert.ThrowsAsync<IOException>(() => session.SubmitAsync("too late", life.Terminal));
        var next = await life.RestartAsync();
        Assert.Null(await next.Sessions.FindAsync(session.Id));
        await next.Sessions.RestoreAsync(Assert.Single(next.Sessions.Trashed(), r => r.Id == session.Id && r.Summary == "hello"));
        Assert.Equal(log, await File.ReadAllBytesAsync(Path.Combine(next.DirectoryOf(session), SessionLog.FileName)));
        next.Model.Answers("Still.");
        var again = await next.FindAsync(session);
        await again.SubmitAsync("there?", life.Terminal);
        await Eventually.True(() => again.Row!.Turns == 2, "it goes on");
        await EngineLife.Is(again, "done");
        Assert.Equal(["user: hello", "assistant: Ahoy.", "user: there?"], next.Model.LastRequest);
    }

    [Fact]
    public async Task A_session_that_runs_or_is_looked_at_is_not_deleted()
    {
        var gate = new ModelGate();
        life.Model.Answers(Answer.Held(gate).Then("Done."));
        var running = await life.BeginAsync("go");
        await gate.Reached;
        Assert.NotNull(await life.Sessions.TrashAsync(running));
        gate.Open();
        await EngineLife.Is(running, "done");
        var watcher = new Watcher(() => { }, (_, _) => { });
        await running.WatchAsync(watcher, life.Terminal);
        Assert.NotNull(await life.Sessions.TrashAsync(running));

        await running.UnwatchAsync(watcher);
        await running.WhenQuietAsync();

        Assert.Null(await life.Sessions.TrashAsync(running));
    }

    [Fact]
    public async Task A_fork_outlives_its_deleted_origin_and_the_other_way_round()
    {
        var original = await DoneAsync("one", "1");
        var copy = await life.Sessions.ForkAsync(original, life.Sessions.FreeId(), "copy", null, life.Terminal);
        await copy!.ViewAsync(life.Terminal);

        Assert.Null(await life.Sessions.TrashAsync(original));
        Assert.Equal(["one"], life.Events<UserMessage>(copy).Select(m => m.Text));
        await life.Sessions.RestoreAsync(Assert.Single(life.Sessions.Trashed()));
        Assert.Null(await life.Sessions.TrashAsync(copy));

        Assert.Equal(["one"], life.Events<UserMessage>(original).Select(m => m.Text));
    }

    [Fact]
    public async Task A_text_is_found_wherever_it_was_said_even_in_two_pieces()
    {
        life.Model.Answers(Answer.Of("The par", "ser is \"br", "oken\".\nOther line."));
        var session = await life.BeginAsync("look at the lexer");
        await EngineLife.Is(session, "done");
        await DoneAsync("nothing here", "type text seq");

        Assert.Equal([(1, "answer", "The parser is \"broken\".")], await SearchAsync("PARSER IS \"broken"));
        Assert.Equal([(1, "message", "look at the lexer")], await SearchAsync("Lexer"));
        Assert.Empty(await SearchAsync("text_added"));
        Assert.Empty(await SearchAsync("nOther"));
        Assert.Equal([(1, "answer", "type text seq")], await SearchAsync("text seq"));
    }

    [Fact]
    public async Task A_search_counts_exactly_what_it_does_not_show()
    {
        for (var i = 0; i < 5; i++)
        {
            await DoneAsync($"find me {i}", "me too");
        }

        var found = await life.Sessions.SearchAsync(await life.Board.AllAsync(null), "me", 3, CancellationToken.None);

        Assert.Equal((3, 10, 5), (found.Hits.Count, (int)found.Total, found.Sessions));
        Assert.Equal("find me 4", found.Hits[0].Line);
    }

    [Fact]
    public void A_needle_is_found_at_every_place_of_a_line_of_every_length()
    {
        foreach (var text in new[] { "x", "ab", "Näh", "needle with \"quotes\" and more than thirty-two bytes" })
        {
            var needle = new TextNeedle(text);
            var bytes = System.Text.Json.JsonEncodedText.Encode(
                text.ToUpperInvariant().Replace('Ä', 'ä'), System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.ToArray();
            for (var length = bytes.Length; length < 130; length++)
            {
                var line = new byte[length];
                Assert.False(needle.MayBeIn(line));
                for (var at = 0; at + bytes.Length <= length; at++)
                {
                    line.AsSpan().Clear();
                    bytes.CopyTo(line, at);
                    Assert.True(needle.MayBeIn(line), $"{text} at {at} of {length}");
                }
            }
        }
    }

    [Fact]
    public async Task A_damaged_log_is_found_and_mended_and_the_others_go_on()
    {
        var damaged = await DoneAsync("one", "1");
        var copy = await life.Sessions.ForkAsync(damaged, life.Sessions.FreeId(), "copy", null, life.Terminal);
        await copy!.ViewAsync(life.Terminal);
        Assert.Empty((await life.Sessions.VerifyAsync()).Problems);
        var file = Path.Combine(life.DirectoryOf(damaged), SessionLog.FileName);
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.AsSpan().IndexOf("\"text\":\"1\""u8)] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);

        // The two share the file until one of them is mended.
        var (sessions, problems) = await life.Sessions.VerifyAsync();
        Assert.Equal((2, 2), (sessions, problems.Count));
        Assert.Contains(problems, p => p.StartsWith(damaged.Id));
        Assert.Single(await life.Sessions.RepairAsync(damaged.Id));

        Assert.Equal(["one"], life.Events<UserMessage>(damaged).Select(m => m.Text));
        Assert.StartsWith(copy.Id, Assert.Single((await life.Sessions.VerifyAsync()).Problems));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(life.DirectoryOf(copy), "base-1.jsonl")));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Directory.GetFiles(life.DirectoryOf(damaged), "*before-repair*").Single()));
        Assert.Single(await life.Sessions.RepairAllAsync());
        Assert.Empty((await life.Sessions.VerifyAsync()).Problems);
        Assert.Equal((damaged.Id, "copy"), ((await life.Board.FindAsync(copy.Id))!.Parent, (await life.Board.FindAsync(copy.Id))!.Name));
    }

    [Fact]
    public async Task A_log_that_cannot_be_read_hurts_no_other()
    {
        var whole = await DoneAsync("one", "1");
        Directory.CreateDirectory(Path.Combine(life.State, "sessions", "deadbeef", SessionLog.FileName));
        Directory.CreateDirectory(Path.Combine(life.State, "sessions", "deadbee0"));
        await File.WriteAllTextAsync(Path.Combine(life.State, "sessions", "deadbee0", SessionLog.FileName), "garbage\0\n{}\n");

        var problems = (await life.Sessions.VerifyAsync()).Problems;

        Assert.All(problems, p => Assert.StartsWith("deadbee", p));
        Assert.Contains(problems, p => p.StartsWith("deadbeef"));
        Assert.Contains(problems, p => p.StartsWith("deadbee0"));
        Assert.Equal(whole.Id, Assert.Single(await life.Board.AllAsync(null)).Id);
        Assert.Contains(await life.Sessions.RepairAllAsync(), line => line.StartsWith("deadbeef cannot be mended"));
    }

    private async Task<Session> DoneAsync(string message, string answer)
    {
        life.Model.Answers(answer);
        var session = await life.BeginAsync(message);
        await EngineLife.Is(session, "done");
        await session.WhenQuietAsync();
        return session;
    }

    private async Task<IEnumerable<(int, string, string)>> SearchAsync(string text) =>
        (await life.Sessions.SearchAsync(await life.Board.AllAsync(null), text, 10, CancellationToken.None))
        .Hits.Select(h => (h.Turn, h.Where, h.Line));
}
