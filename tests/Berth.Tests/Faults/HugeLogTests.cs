using System.Buffers;
using System.Globalization;
using System.Text;
using Berth.Core.Log;
using Berth.Core.Sessions;
using Berth.Protocol;
using Berth.Protocol.Events;
using Berth.Tests.Core.Sessions;
using Xunit;

namespace Berth.Tests.Faults;

/// <summary>Logs of a size that nobody plans for: they open, and hurt nobody.</summary>
public sealed class HugeLogTests : IAsyncDisposable
{
    private const string Id = "5e55107e";

    private readonly EngineLife life = new();

    public ValueTask DisposeAsync() => life.DisposeAsync();

    [Fact]
    public async Task A_log_of_a_million_events_opens_and_goes_on()
    {
        const int Events = 1_000_000;
        Directory.CreateDirectory(Path.Combine(life.State, "sessions", Id));
        await using (var file = File.Create(LogFile(Id)))
        {
            var lines = new ArrayBufferWriter<byte>();
            LogLine.Seal(lines, Created(Id, life.Project));
            for (var seq = 2; seq <= Events; seq++)
            {
                LogLine.Seal(lines, Encoding.UTF8.GetBytes(seq switch
                {
                    2 => Line(seq, "turn_started\",\"turn\":1,\"cause\":\"message\""),
                    Events => Line(seq, "turn_ended\",\"reason\":\"completed\",\"seconds\":1"),
                    _ => Line(seq, "text_added\",\"text\":\"a\""),
                }));
                if (lines.WrittenCount > 1_000_000)
                {
                    file.Write(lines.WrittenSpan);
                    lines.ResetWrittenCount();
                }
            }

            file.Write(lines.WrittenSpan);
        }

        var session = await life.Sessions.FindAsync(Id);
        Assert.Equal(("done", 1), (session!.Row!.State, session.Row.Turns));
        var view = await session.WatchAsync(new Watcher(() => { }, (_, _) => { }), life.Terminal);
        Assert.Equal(Events, view.LastSeq);
        await session.ChangeAsync(new SessionRenamed("huge"));

        Assert.Equal("huge", session.Row.Name);
        var after = session.ReadAfter(Events)!;
        Assert.True(after.TryNext(out _));
        Assert.Equal(Events + 1, after.Seq);
    }

    [Fact]
    public async Task An_event_of_fifty_megabytes_is_kept_and_a_larger_one_refused_with_words()
    {
        var output = new string('x', 50_000_000);
        var directory = Path.Combine(life.State, "sessions", Id);
        using (var log = SessionLog.Open(directory, TimeProvider.System, _ => { }))
        {
            SessionEvent[] events =
            [
                new SessionCreated(Id, life.Project, life.Project, "session", null, "1"), new UserMessage("go"), new TurnStarted(1, "message"),
                new StepStarted(1, "m", "s"), new StepEnded("tools", new Usage(), [new ToolCall("c1", "bash", "{}")]), new ToolStarted("c1"),
                new ToolEnded("c1", "ok", output), new StepStarted(2, "m"), new TextAdded("Done."), new StepEnded("stop", new Usage(), []),
                new TurnEnded("completed", null, null, 1),
            ];
            Assert.NotNull(await log.AppendAsync(0, events, durable: true));
            var refused = await Assert.ThrowsAsync<IOException>(async () =>
                await log.AppendAsync(log.LastSeq, [new UserMessage(new string('x', Limits.EventBytes))], durable: true));
            Assert.Contains("too large", refused.Message);
            Assert.Equal(events.Length, log.LastSeq);
        }

        var session = (await life.Sessions.FindAsync(Id))!;
        life.Model.Answers("Still here.");
        await session.SubmitAsync("and now?", life.Terminal);
        await EngineLife.Is(session, "done");

        Assert.Equal(["user: go", "assistant:  → bash(c1)", $"result c1: {output}", "assistant: Done.", "user: and now?"], life.Model.LastRequest);
        Assert.Empty((await life.Sessions.VerifyAsync()).Problems);
    }

    [Fact]
    public async Task Ten_thousand_sessions_are_listed_and_a_damaged_one_hides_none()
    {
        const int Sessions = 10_000;
        for (var i = 0; i < Sessions; i++)
        {
            var id = (0x10000000 + i).ToString("x8", CultureInfo.InvariantCulture);
            Directory.CreateDirectory(Path.Combine(life.State, "sessions", id));
            var lines = new ArrayBufferWriter<byte>();
            LogLine.Seal(lines, Created(id, life.Project));
            LogLine.Seal(lines, Encoding.UTF8.GetBytes(Line(2, $"session_renamed\",\"name\":\"name {i}\"")));
            await File.WriteAllBytesAsync(LogFile(id), lines.WrittenMemory.ToArray());
        }

        await File.WriteAllBytesAsync(LogFile("10000007"), new byte[500]);

        Assert.Equal(Sessions - 1, (await life.Board.AllAsync(life.Project)).Count);
        Assert.Equal("1000270f", Assert.Single(await life.Sessions.MatchAsync(life.Project, "name 9999")).Id);
        var next = await life.RestartAsync();
        Assert.Equal(Sessions - 1, (await next.Board.AllAsync(life.Project)).Count);
        Assert.StartsWith("10000007", Assert.Single((await next.Sessions.VerifyAsync()).Problems.Select(p => p[..8]).Distinct()));
    }

    private string LogFile(string id) => Path.Combine(life.State, "sessions", id, SessionLog.FileName);

    private static byte[] Created(string id, string project) => Encoding.UTF8.GetBytes(Line(
        1, $"session_created\",\"session\":\"{id}\",\"directory\":\"{project}\",\"project\":\"{project}\",\"kind\":\"session\",\"version\":\"1\""));

    // From the name of the kind on.
    private static string Line(int seq, string fields) => $"{{\"seq\":{seq},\"at\":\"2026-05-06T20:14:03.123Z\",\"type\":\"{fields}}}";
}
