using System.Globalization;
using System.Text;
using Berth.Core.Log;
using Berth.Core.Permissions;
using Berth.Core.Sessions;
using Berth.Protocol.Events;
using Berth.Tests.Architecture;
using Berth.Tests.Core.Sessions;
using Berth.Tests.Processes;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Core.Log;

/// <summary>
/// The files of every version that was given away, kept in <c>tests/Berth.Tests/Kept</c>. They are never changed: every
/// later build opens them, reads the same, and goes on with them.
/// </summary>
public sealed class KeptLogsTests
{
    private const string EveryKind = "00a11000";

    public static TheoryData<string> Versions => [.. Directory.GetDirectories(Kept).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    private static string Kept => Checkout.Place("tests", "Berth.Tests", "Kept");

    private static string Version => typeof(Session).Assembly.GetName().Version!.ToString(3);

    [Fact]
    public void The_files_of_this_version_are_kept() => Assert.True(
        Versions.Any(v => v == Version), $"Keep them: ./test -explicit only -method '*{nameof(Keep_the_files_of_this_version)}'");

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task What_was_kept_opens_and_says_the_same(string version)
    {
        await using var life = await OpenAsync(version);

        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Kept, version, "says.txt")), Say(life));
        Assert.DoesNotContain((await life.Sessions.VerifyAsync()).Problems, p => !p.StartsWith(EveryKind));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task What_was_kept_goes_on(string version)
    {
        await using var life = await OpenAsync(version);
        foreach (var id in life.Sessions.StoredIds().Where(id => id != EveryKind))
        {
            var session = (await life.Sessions.FindAsync(id))!;
            var messages = life.Events<UserMessage>(session).Select(m => $"user: {m.Text}").ToList();
            while (session.Row!.State == "waiting")
            {
                await session.AnswerAsync(null, "no", null, life.Terminal);
                await session.WhenQuietAsync();
            }

            await session.SubmitAsync("go on", life.Terminal);
            await session.WhenQuietAsync();

            Assert.Equal("done", session.Row.State);
            Assert.Equal([.. messages, "user: go on"], life.Model.LastRequest.Where(line => line.StartsWith("user: ") && !line.StartsWith("user: [")));
        }
    }

    [Fact]
    public async Task Every_kind_of_every_version_is_still_understood()
    {
        foreach (var version in Directory.GetDirectories(Kept))
        {
            var lines = new List<string>();
            SessionLog.ReadLines(Path.Combine(version, "state", "sessions", EveryKind), (_, line) =>
            {
                var stored = EventJson.Read(line);
                Assert.IsNotType<UnknownEvent>(stored.Event);
                lines.Add(EventJson.NameOf(stored.Event));
            });
            Assert.Equal(await File.ReadAllLinesAsync(Path.Combine(version, "kinds.txt")), lines);
        }
    }

    /// <summary>Writes the files of a version that has none yet. Kept ones are never written again.</summary>
    [Fact(Explicit = true)]
    public async Task Keep_the_files_of_this_version()
    {
        var place = Path.Combine(Kept, Version);
        Assert.False(Directory.Exists(place), $"{place} is there already");
        await using var life = new EngineLife();
        life.Model.HasForks = true;
        life.Policy.Judge = line => line.StartsWith("ask") ? Verdict.Ask : Verdict.Allow;
        await LiveAsync(life);

        Copy(life.State, Path.Combine(place, "state"));
        await using var copy = await OpenAsync(Version);
        await File.WriteAllTextAsync(Path.Combine(place, "says.txt"), Say(copy));
        await File.WriteAllLinesAsync(
            Path.Combine(place, "kinds.txt"), Events(life, EveryKind).Select(e => EventJson.NameOf(e.Event)));
    }

    private static async Task LiveAsync(EngineLife life)
    {
        var plain = await TurnAsync(life, null, "hello", Answer.Of("Ahoy, ", "“方案” 🚢."));
        await life.Board.TakeSlotAsync(life.Project, plain.Id);
        await TurnAsync(life, plain, "again", Answer.Of("Yes."));
        var fork = await life.Sessions.ForkAsync(plain, life.Sessions.FreeId(), "copy", null, life.Terminal);
        await TurnAsync(life, fork, "in the copy", Answer.Of("Copied."));
        await life.Sessions.ForkAsync(fork!, life.Sessions.FreeId(), "shorter", 1, life.Terminal);
        var tools = await TurnAsync(life, null, "run it", Answer.Of("I run it.").ThenBash("echo 1; exit 3", "c1"), Answer.Of("It failed."));
        await tools.ChangeAsync(new SessionRenamed("tools \"quoted\""));
        await tools.ChangeAsync(new ModelChosen("scripted"));
        await tools.ChangeAsync(new RuleGranted("bash(ls)", Exact: true));
        await life.Board.TakeSlotAsync(life.Project, tools.Id);
        await TurnAsync(life, null, "in the background", Answer.Bash("sleep 0.3; echo landed", "b1", background: true), Answer.Of("Started."), Answer.Of("It landed."));
        life.Model.Answers(Answer.Of("May I?").ThenBash("ask me", "a1"));
        await EngineLife.Is(await life.BeginAsync("ask first"), "waiting");
        var gate = new ModelGate();
        life.Model.Answers(Answer.Of("Half a").ThenHold(gate));
        var cut = await life.BeginAsync("a story");
        await life.Holds<TextAdded>(cut);
        using var log = SessionLog.Open(Path.Combine(life.State, "sessions", EveryKind), TimeProvider.System, _ => { });
        await log.AppendAsync(0, [.. Kinds().Select(kind => (SessionEvent)Samples.Full(kind)), .. Kinds().Select(kind => (SessionEvent)Samples.Sparse(kind))], durable: true);
    }

    private static IEnumerable<Type> Kinds() => typeof(SessionEvent).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(SessionEvent)) && t != typeof(UnknownEvent)).OrderBy(t => t.Name, StringComparer.Ordinal);

    private static async Task<Session> TurnAsync(EngineLife life, Session? session, string message, params Answer[] answers)
    {
        session ??= life.Begin();
        life.Model.Answers(answers);
        await session.SubmitAsync(message, life.Terminal);
        await Eventually.True(
            () => session.Row is { State: "done", Tasks: 0 } && !life.Model.HasAnswers, $"{message} is done");
        await session.WhenQuietAsync();
        return session;
    }

    private static async Task<EngineLife> OpenAsync(string version)
    {
        var files = new Scratch();
        Copy(Path.Combine(Kept, version, "state"), files.Path("state"));
        var model = new ScriptedModel { ComparesRequests = false };
        model.Always(_ => Answer.Of("Fine."));
        var life = new EngineLife(files, model, policy: null);
        Assert.Empty(await life.Sessions.RecoverAsync());
        return life;
    }

    // What does not change with the words of a version: who is there, and what was said.
    private static string Say(EngineLife life)
    {
        var said = new StringBuilder();
        foreach (var (project, number) in life.Board.Projects.SelectMany(p => life.Board.SlotsOf(p).Keys.Select(n => (p, n))))
        {
            said.AppendLine(CultureInfo.InvariantCulture, $"slot {number}: {life.Board.SlotsOf(project)[number]}");
        }

        foreach (var id in life.Sessions.StoredIds().Where(id => id != EveryKind))
        {
            var row = life.Board.FindAsync(id).GetAwaiter().GetResult()!;
            said.AppendLine(CultureInfo.InvariantCulture,
                $"{row.Id} '{row.Name}' {row.State} turns {row.Turns} tasks {row.Tasks} parent {row.Parent} {row.Kind} tokens {row.Usage.InputTokens}/{row.Usage.OutputTokens}: {row.Summary}");
            var text = "";
            foreach (var stored in Events(life, id))
            {
                text += (stored.Event as TextAdded)?.Text;
                if (stored.Event is not TextAdded && text.Length > 0)
                {
                    said.AppendLine(CultureInfo.InvariantCulture, $"  answer: {text}");
                    text = "";
                }

                var line = stored.Event switch
                {
                    UserMessage m => $"  message: {m.Text}",
                    StepEnded { Calls: [var call, ..] } => $"  call {call.Id}: {call.Tool} {call.Arguments}",
                    ToolEnded { Outcome: "ok" } t => $"  result {t.Call}: {t.Output.TrimEnd()}",
                    _ => null,
                };
                if (line is not null)
                {
                    said.AppendLine(line);
                }
            }
        }

        return said.ToString();
    }

    private static List<StoredEvent> Events(EngineLife life, string id)
    {
        var events = new List<StoredEvent>();
        SessionLog.Read(Path.Combine(life.State, "sessions", id), events.Add);
        return events;
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var directory in Directory.GetDirectories(from))
        {
            Copy(directory, Path.Combine(to, Path.GetFileName(directory)));
        }

        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
