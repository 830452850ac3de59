using Berth.Core.Log;
using Berth.Core.Sessions;
using Berth.Protocol.Events;
using Berth.Tests.Core.Sessions;
using Berth.Tests.Processes;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Core.Commands;

/// <summary>The rules of background slots, as people meet them.</summary>
public sealed class SlotTests : IAsyncDisposable
{
    private readonly Desk desk = new();
    private readonly ModelGate gate = new();

    public SlotTests() => desk.Life.Model.Always(r =>
        Conversation.Lines(r)[^1] switch
        {
            var line when line.Contains("long") => Answer.Of("Thinking.").ThenHold(gate),
            var line when line.Contains("serve") => Answer.Bash("sleep 100", $"c{r.Messages.Count}", background: true),
            _ => Answer.Of("Yes."),
        });

    public async ValueTask DisposeAsync()
    {
        gate.Open();
        await desk.DisposeAsync();
    }

    [Fact]
    public async Task The_session_in_front_gets_the_lowest_number_and_a_clean_one_comes_up()
    {
        var terminal = await desk.SitDownAsync();
        await terminal.TypeAsync("a long one");
        var sent = terminal.Session;

        var said = await terminal.TypeAsync("/bg");

        Assert.NotEqual(sent.Id, terminal.Session.Id);
        Assert.True(terminal.Session.IsEmpty);
        Assert.Equal($"New foreground session [{terminal.Session.Id}]\nBackground: [#1] {sent.Id} (state: running)", said);
        Assert.Equal([(1, sent.Id)], Slots());
    }

    [Fact]
    public async Task An_empty_session_is_not_sent()
    {
        var terminal = await desk.SitDownAsync();

        Assert.Equal("This session is empty: there is nothing to send to the background.", await terminal.TypeAsync("/bg"));
        await terminal.TypeAsync("/sessions /rename \"a name makes it no fuller\"");
        Assert.Equal("This session is empty: there is nothing to send to the background.", await terminal.TypeAsync("/bg"));
        Assert.Empty(Slots());
    }

    [Fact]
    public async Task A_number_that_was_freed_is_the_next_to_be_given()
    {
        var sessions = new List<Session>();
        for (var i = 1; i <= 4; i++)
        {
            sessions.Add(await desk.BackgroundAsync($"m{i}"));
        }

        var terminal = await desk.SitDownAsync();
        await terminal.TypeAsync("/bg /drop 3");
        await terminal.TypeAsync("/bg /drop 2");
        await terminal.TypeAsync("hello");
        var sent = terminal.Session;
        await terminal.TypeAsync("/bg");

        Assert.Equal([(1, sessions[0].Id), (2, sent.Id), (4, sessions[3].Id)], Slots());
    }

    [Fact]
    public async Task A_swap_gives_the_number_to_the_session_that_leaves()
    {
        var coming = await desk.BackgroundAsync("first");
        var terminal = await desk.SitDownAsync();
        await terminal.TypeAsync("a long one");
        var leaving = terminal.Session;

        var said = await terminal.TypeAsync("/bg 1");

        Assert.Equal(coming.Id, terminal.Session.Id);
        Assert.Equal([(1, leaving.Id)], Slots());
        Assert.Equal(
            $"Resumed session [#1] {coming.Id} (state: done)\nPrevious active sent to bg [#1] {leaving.Id} (state: running)\nSummary: first",
            said);
    }

    [Fact]
    public async Task A_swap_sends_an_empty_session_too()
    {
        await desk.BackgroundAsync("first");
        var terminal = await desk.SitDownAsync();
        var empty = terminal.Session;

        var said = await terminal.TypeAsync("/bg #1");

        Assert.Contains($"Previous active sent to bg [#1] {empty.Id} (state: idle)", said);
        Assert.Equal([(1, empty.Id)], Slots());
    }

    [Fact]
    public async Task An_attached_session_keeps_its_slot_and_a_swap_then_frees_the_others()
    {
        var one = await desk.BackgroundAsync("one");
        var two = await desk.BackgroundAsync("two");
        var terminal = await desk.SitDownAsync();
        await terminal.LookAsync(one);
        Assert.Equal([(1, one.Id), (2, two.Id)], Slots());

        Assert.Equal($"[#1] {one.Id} is the session in front of you.", await terminal.TypeAsync("/bg 1"));
        var said = await terminal.TypeAsync("/bg 2");

        Assert.Contains($"Previous active sent to bg [#1] {one.Id} (state: done)", said);
        Assert.Equal([(1, one.Id)], Slots());
    }

    [Fact]
    public async Task Sent_away_again_an_attached_session_has_the_slot_it_had()
    {
        await desk.BackgroundAsync("one");
        var two = await desk.BackgroundAsync("two");
        var terminal = await desk.SitDownAsync();
        await terminal.TypeAsync("/bg /drop 1");
        await terminal.LookAsync(two);

        Assert.Contains($"Background: [#2] {two.Id}", await terminal.TypeAsync("/bg"));
        Assert.Equal([(2, two.Id)], Slots());
    }

    [Theory]
    [InlineData("/new")]
    [InlineData("/clear")]
    [InlineData("/sessions /resume older")]
    [InlineData(null)]
    public async Task Left_while_it_runs_a_session_takes_a_slot_and_left_idle_it_does_not(string? leave)
    {
        var older = await desk.Life.BeginAsync("first");
        await EngineLife.Is(older, "done");
        await older.ChangeAsync(new SessionRenamed("older"));
        foreach (var message in (string[])["a long one", "a short one"])
        {
            var terminal = await desk.SitDownAsync();
            await terminal.TypeAsync(message);
            var left = terminal.Session;
            await EngineLife.Is(left, message.Contains("long") ? "running" : "done");

            var said = leave is null ? "" : await terminal.TypeAsync(leave);
            await (leave is null ? terminal.CloseAsync() : Task.CompletedTask);

            Assert.Equal(message.Contains("long"), Slots().Contains((1, left.Id)));
            Assert.Equal(leave is not null && message.Contains("long"), said.Contains($"Background: [#1] {left.Id} (state: running)"));
        }
    }

    [Fact]
    public async Task Left_with_a_command_in_its_background_it_takes_one_too()
    {
        var terminal = await desk.SitDownAsync();
        await terminal.TypeAsync("serve");
        await EngineLife.Is(terminal.Session, "done");
        var left = terminal.Session;

        await terminal.TypeAsync("/new");

        Assert.Equal([(1, left.Id)], Slots());
    }

    [Fact]
    public async Task Only_the_last_terminal_that_leaves_sends_it_to_a_slot()
    {
        var (one, two) = (await desk.SitDownAsync(), await desk.SitDownAsync());
        await one.TypeAsync("a long one");
        var shared = one.Session;
        await two.LookAsync(shared);

        await one.CloseAsync();
        Assert.Empty(Slots());
        await two.CloseAsync();
        Assert.Equal([(1, shared.Id)], Slots());
    }

    [Fact]
    public async Task The_seventeenth_is_refused_and_a_swap_still_works()
    {
        var sessions = new List<Session>();
        for (var i = 1; i <= 16; i++)
        {
            sessions.Add(await desk.BackgroundAsync($"m{i}"));
        }

        var terminal = await desk.SitDownAsync();
        await terminal.TypeAsync("a long one");
        var seventeenth = terminal.Session;
        var before = Slots();

        foreach (var line in (string[])["/bg", "/bg /run another"])
        {
            Assert.StartsWith("All 16 background slots are in use.", await terminal.TypeAsync(line));
            Assert.Equal(before, Slots());
            Assert.Equal(seventeenth.Id, terminal.Session.Id);
        }

        await terminal.TypeAsync("/bg 7");
        Assert.Equal(sessions[6].Id, terminal.Session.Id);
        Assert.Contains((7, seventeenth.Id), Slots());
    }

    [Fact]
    public async Task Left_with_all_slots_taken_it_goes_on_and_the_list_has_it_first()
    {
        for (var i = 1; i <= 16; i++)
        {
            await desk.BackgroundAsync($"m{i}");
        }

        var terminal = await desk.SitDownAsync();
        await terminal.TypeAsync("a long one");
        var left = terminal.Session;
        await EngineLife.Is(left, "running");

        var said = await terminal.TypeAsync("/new");
        await terminal.TypeAsync("newer");
        await EngineLife.Is(terminal.Session, "done");

        Assert.Contains($"All slots are in use; {left.Id} (state: running) goes on without one.", said);
        Assert.StartsWith($"1 | {left.Id} ", await terminal.TypeAsync("/sessions"));
    }

    [Fact]
    public async Task A_running_one_that_is_dropped_is_cancelled_and_kept()
    {
        var terminal = await desk.SitDownAsync();
        await terminal.TypeAsync("a long one");
        var dropped = terminal.Session;
        await terminal.TypeAsync("/bg");

        var said = await terminal.TypeAsync("/bg /drop 1");

        Assert.Equal($"Dropped [#1] {dropped.Id} (turn cancelled). It is kept under /sessions.", said);
        Assert.Equal("cancelled", dropped.Row!.State);
        Assert.Empty(Slots());
        Assert.Contains(dropped.Id, await terminal.TypeAsync("/sessions"));
    }

    [Fact]
    public async Task Dropped_with_a_message_queued_nothing_begins_after_it()
    {
        var terminal = await desk.SitDownAsync();
        await terminal.TypeAsync("a long one");
        var dropped = terminal.Session;
        await desk.Life.Holds<TextAdded>(dropped);
        await terminal.TypeAsync("and another thing");
        await terminal.TypeAsync("/bg");

        await terminal.TypeAsync("/bg /drop 1");

        await dropped.WhenQuietAsync();
        Assert.Equal("cancelled", dropped.Row!.State);
        Assert.Single(desk.Life.Model.RequestsOf(dropped));
    }

    [Fact]
    public async Task Dropped_it_ends_the_commands_of_its_background()
    {
        var session = await desk.BackgroundAsync("serve");
        var terminal = await desk.SitDownAsync();

        var said = await terminal.TypeAsync("/bg /drop 1");

        Assert.Contains("task #1 stopped (sleep 100)", said);
        Assert.Empty(desk.Life.Tasks.Live());
        Assert.Equal("stopped_by_user", Assert.Single(desk.Life.Events<TaskEnded>(session)).State);
    }

    [Fact]
    public async Task Every_project_counts_for_itself()
    {
        var other = Path.Combine(desk.Life.Project, "other");
        Directory.CreateDirectory(other);
        await desk.BackgroundAsync("here");
        var there = await desk.SitDownAsync(other);
        await there.TypeAsync("there");

        Assert.Contains("Background: [#1]", await there.TypeAsync("/bg"));
        Assert.Single(Slots());
        Assert.Single(desk.Life.Board.SlotsOf(other));
        Assert.Equal("There is no background session #2. /bg /list shows them.", await there.TypeAsync("/bg 2"));
    }

    [Fact]
    public async Task A_swap_that_fails_changes_nothing()
    {
        var coming = await desk.BackgroundAsync("first");
        var terminal = await desk.SitDownAsync();
        await terminal.TypeAsync("hello");
        var leaving = terminal.Session;
        await EngineLife.Is(leaving, "done");
        await coming.WhenQuietAsync();
        var log = Path.Combine(desk.Life.State, "sessions", coming.Id, SessionLog.FileName);
        File.Move(log, log + ".moved");
        Directory.CreateDirectory(log);
        var before = desk.Files();

        await Assert.ThrowsAnyAsync<IOException>(() => terminal.TypeAsync("/bg 1"));

        Assert.Equal(leaving.Id, terminal.Session.Id);
        Assert.Equal([(1, coming.Id)], Slots());
        Assert.Equal(before, desk.Files());
    }

    [Fact]
    public async Task What_was_sent_away_is_reached_without_looking_at_it()
    {
        desk.Life.Policy.Judge = _ => Berth.Core.Permissions.Verdict.Ask;
        var terminal = await desk.SitDownAsync();
        await terminal.TypeAsync("/bg /run serve");
        var session = (await desk.Life.Sessions.FindAsync(desk.Slots[1]))!;
        await EngineLife.Is(session, "waiting");

        Assert.Contains("Open request r1: sleep 100 (/bg /answer 1 y|n|a)", await terminal.TypeAsync("/bg /peek 1"));
        Assert.True(session.Row!.Unread);
        Assert.Equal("Answered no: sleep 100", await terminal.TypeAsync("/bg /answer 1 n not now"));
        await EngineLife.Is(session, "done");
        Assert.EndsWith("The user says: not now", Conversation.Lines(desk.Life.Model.RequestsOf(session)[^1])[^1]);
        Assert.StartsWith($"Sent to [#1] {session.Id}", await terminal.TypeAsync("/bg /send 1  two  words "));
        await Eventually.True(() => desk.Life.Events<UserMessage>(session).Any(m => m.Text == "two  words"), "it got the message");
    }

    private IEnumerable<(int Slot, string Session)> Slots() => desk.Slots.Select(s => (s.Key, s.Value)).ToList();
}
