using Berth.Core.Models;
using Berth.Core.Permissions;
using Berth.Core.Sessions;
using Berth.Protocol.Events;
using Berth.Tests.Core.Commands;
using Berth.Tests.Core.Sessions;
using Berth.Tests.Processes;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Core.Simulation;

/// <summary>
/// A random sequence of what people, models, commands and crashes do, made from a seed, on the real engine and on the
/// simple model of it at the same time. After every step both must agree; at every end the logs must be in order.
/// </summary>
internal sealed class Voyage : IAsyncDisposable
{
    private static readonly string[] MessageKinds = ["talk", "hold", "ask", "fg", "task"];

    // Long enough that a summary is shorter.
    private static readonly string Talk = string.Concat(Enumerable.Repeat("and so on ", 300));

    private readonly Random random;
    private readonly Scratch signals = new();
    private readonly Dictionary<int, ModelGate> gates = [];
    private readonly List<(Session Real, ExpectedSession Expected)> sessions = [];
    private readonly ExpectedBoard board = new();
    private readonly Dictionary<int, TestTerminal> terminals = [];
    private readonly List<string> steps = [];
    private readonly Desk firstDesk = new();
    private Desk desk;
    private int last;

    public Voyage(int seed)
    {
        random = new Random(seed);
        desk = firstDesk;
        Life.Policy.Judge = line => line.StartsWith("echo ask") ? Verdict.Ask : Verdict.Allow;
        Life.Model.HasForks = true;
        Life.Model.Always(Answer);
    }

    private EngineLife Life => desk.Life;

    private string Project => firstDesk.Life.Project;

    /// <summary>Sails; throws with all steps when the engine and the model of it part.</summary>
    public async Task SailAsync(int length)
    {
        try
        {
            await SitDownAsync(1);
            await SitDownAsync(2);
            for (var i = 0; i < length; i++)
            {
                await StepAsync();
                await AgreeAsync();
            }

            CheckLogs();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{e.Message}\n{string.Join('\n', steps)}\n{string.Join('\n', sessions.Select(s => $"{s.Real.Id} {s.Expected}: {(s.Real.Row is null ? "" : Life.Kinds(s.Real))}"))}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gate in gates.Values)
        {
            gate.Open();
        }

        await firstDesk.DisposeAsync();
        signals.Dispose();
    }

    private async Task StepAsync()
    {
        var choices = Choices();
        var (name, act) = choices[random.Next(choices.Count)];
        steps.Add($"{steps.Count + 1}. {name}");
        await act();
    }

    private List<(string Name, Func<Task> Act)> Choices()
    {
        var choices = new List<(string, Func<Task>)>();
        foreach (var (terminal, at) in board.Looks.ToList())
        {
            foreach (var kind in MessageKinds)
            {
                choices.Add(($"terminal {terminal} says {kind} to session {at}", () => SayAsync(terminal, $"{kind} {++last}")));
            }

            choices.Add(($"terminal {terminal} runs a command of its own in session {at}", () => RunAsync(terminal, ++last)));
            choices.Add(($"terminal {terminal} types /bg", () => BackgroundAsync(terminal)));
            choices.Add(($"terminal {terminal} types /new", () => NewAsync(terminal)));
            choices.Add(($"terminal {terminal} is closed, and another one opened", () => CloseAsync(terminal)));
            var slot = random.Next(1, 5);
            choices.Add(($"terminal {terminal} types /bg {slot}", () => SwapAsync(terminal, slot)));
            choices.Add(($"terminal {terminal} types /bg /drop {slot}", () => DropAsync(terminal, slot)));
            var other = random.Next(sessions.Count);
            choices.Add(($"terminal {terminal} attaches session {other}", () => AttachAsync(terminal, other)));
            choices.Add(($"terminal {terminal} resumes session {other}", () => ResumeAsync(terminal, other)));
            if (Expected(at) is { HangsOn: null, HasContent: true })
            {
                choices.Add(($"terminal {terminal} types /fork in session {at}", () => ForkAsync(terminal)));
                choices.Add(($"terminal {terminal} types /compact in session {at}", () => CompactAsync(terminal)));
            }
        }

        for (var i = 0; i < sessions.Count; i++)
        {
            var (real, expected) = sessions[i];
            if (expected.HangsOn is { } hangs)
            {
                choices.Add(($"session {i}: {hangs} goes on", () => GoOnAsync(real, expected, hangs)));
                choices.Add(($"session {i}: {hangs} goes on", () => GoOnAsync(real, expected, hangs)));
            }

            if (expected.HasContent)
            {
                choices.Add(($"Esc in session {i}", () => InterruptAsync(real, expected)));
                choices.Add(($"Ctrl+B in session {i}", () => KeyAsync(real, expected)));
            }


            foreach (var number in expected.Endable)
            {
                choices.Add(($"command {number} of session {i} ends", () => EndAsync(expected, number)));
                choices.Add(($"command {number} of session {i} is stopped", () => StopAsync(real, expected, number)));
            }
        }

        var inOrder = random.Next(2) == 0;
        choices.Add(($"the daemon {(inOrder ? "is restarted" : "dies")}", () => RestartAsync(inOrder)));
        return choices;
    }

    private async Task SayAsync(int terminal, string message)
    {
        steps.Add($"   {message}");
        gates[last] = new ModelGate();
        await terminals[terminal].TypeAsync(message);
        Expected(board.Looks[terminal]).Submit(message);
    }

    private async Task RunAsync(int terminal, int number)
    {
        await terminals[terminal].TypeAsync("!" + UntilSignal($"{number}"));
        Expected(board.Looks[terminal]).Run(number);
    }

    private async Task StopAsync(Session real, ExpectedSession expected, int number)
    {
        var command = UntilSignal($"{number}");
        expected.Stop(number);
        await Life.Tasks.Of(real.Id).Single(t => t.IsLive && t.Started.Command == command).StopAsync("user");
    }

    private async Task BackgroundAsync(int terminal)
    {
        var left = board.Looks[terminal];
        await terminals[terminal].TypeAsync("/bg");
        if (Expected(left).HasContent && board.Take(left))
        {
            Look(terminal, terminals[terminal].Session);
        }
    }

    private async Task NewAsync(int terminal)
    {
        await terminals[terminal].TypeAsync("/new");
        Look(terminal, terminals[terminal].Session);
    }

    private async Task CloseAsync(int terminal)
    {
        await terminals[terminal].CloseAsync();
        board.Look(terminal, null, IsBusy);
        await SitDownAsync(terminal);
    }

    private async Task SwapAsync(int terminal, int slot)
    {
        var leaving = board.Looks[terminal];
        await terminals[terminal].TypeAsync($"/bg {slot}");
        if (board.Slots.TryGetValue(slot, out var coming) && coming != leaving)
        {
            board.Swap(slot, leaving);
            Look(terminal, sessions[coming].Real);
        }
    }

    private async Task DropAsync(int terminal, int slot)
    {
        await terminals[terminal].TypeAsync($"/bg /drop {slot}");
        if (board.Slots.Remove(slot, out var dropped))
        {
            Expected(dropped).Drop();
        }
    }

    private async Task AttachAsync(int terminal, int session)
    {
        if (sessions[session].Real.Row is not null && board.Looks[terminal] != session)
        {
            await terminals[terminal].LookAsync(sessions[session].Real);
            board.Look(terminal, session, IsBusy);
        }
    }

    private async Task ResumeAsync(int terminal, int session)
    {
        var leaving = board.Looks[terminal];
        if (sessions[session].Real.Row is null || leaving == session)
        {
            return;
        }

        await terminals[terminal].TypeAsync($"/sessions /resume {sessions[session].Real.Id}");
        if (board.SlotOf(session) is { } slot)
        {
            board.Swap(slot, leaving);
        }

        board.Look(terminal, session, IsBusy);
    }

    private async Task ForkAsync(int terminal)
    {
        var original = Expected(board.Looks[terminal]);
        await terminals[terminal].TypeAsync("/fork");
        sessions.Add((terminals[terminal].Session, original.Copy()));
        Look(terminal, terminals[terminal].Session);
    }

    private async Task CompactAsync(int terminal)
    {
        var session = terminals[terminal].Session;
        var before = Outcomes(session).Count;
        if ((await terminals[terminal].TypeAsync("/compact")).StartsWith("There is nothing"))
        {
            return;
        }

        await Eventually.True(() => Outcomes(session).Count > before, $"the context of {session.Id} is compacted or not");
        var failed = Outcomes(session)[^1] as CompactionFailed;
        steps.Add($"   {failed?.Why ?? "it is compacted"}");
        Expected(board.Looks[terminal]).Compact(failed is not null);
    }

    private List<SessionEvent> Outcomes(Session session) =>
        [.. Life.Events(session).Select(e => e.Event).Where(e => e is ContextCompacted or CompactionFailed)];

    private static async Task InterruptAsync(Session real, ExpectedSession expected)
    {
        await real.InterruptAsync();
        expected.Interrupt();
    }

    private async Task GoOnAsync(Session real, ExpectedSession expected, string hangs)
    {
        switch (hangs.Split(' ')[0])
        {
            case "hold":
                expected.Release();
                gates[int.Parse(hangs.Split(' ')[1])].Open();
                break;
            case "ask":
                expected.Answer();
                await real.AnswerAsync(null, random.Next(2) == 0 ? "yes" : "no", null, Life.Terminal);
                break;
            default:
                await EndAsync(expected, int.Parse(hangs.Split(' ')[1]));
                break;
        }
    }

    private async Task KeyAsync(Session real, ExpectedSession expected)
    {
        await real.BackgroundAsync(null, "key");
        expected.Background();
    }

    private Task EndAsync(ExpectedSession expected, int number)
    {
        expected.End(number);
        return File.WriteAllTextAsync(signals.Path($"{number}"), "");
    }

    private async Task RestartAsync(bool inOrder)
    {
        CheckLogs();
        var life = inOrder ? await Life.RestartAsync() : await Life.DieAsync();
        desk = desk.In(life);
        for (var i = 0; i < sessions.Count; i++)
        {
            var (real, expected) = sessions[i];
            expected.Restart(inOrder);
            if (await life.Sessions.FindAsync(real.Id) is { } again)
            {
                sessions[i] = (again, expected);
            }
        }

        // Terminals come back to what they looked at; what had no event begins again as another session.
        foreach (var (terminal, at) in board.Looks.ToList())
        {
            terminals[terminal] = await desk.SitDownAsync(Project, sessions[at].Real.Row is null ? null : sessions[at].Real);
            Look(terminal, terminals[terminal].Session);
        }
    }

    private async Task SitDownAsync(int terminal)
    {
        terminals[terminal] = await desk.SitDownAsync(Project);
        Look(terminal, terminals[terminal].Session);
    }

    private void Look(int terminal, Session at)
    {
        var number = sessions.FindIndex(s => s.Real.Id == at.Id);
        if (number < 0)
        {
            number = sessions.Count;
            sessions.Add((at, new ExpectedSession()));
        }

        board.Look(terminal, number, IsBusy);
    }

    private ExpectedSession Expected(int session) => sessions[session].Expected;

    private bool IsBusy(int session) => Expected(session).IsBusy;

    // Waits until the engine has come to rest where the model says it does.
    private async Task AgreeAsync()
    {
        foreach (var (real, expected) in sessions)
        {
            await Eventually.True(() => Agrees(real, expected), $"{real.Id}: {expected}, and is {real.Row}");
            if (expected.HangsOn is null && real.Row is not null)
            {
                await real.WhenQuietAsync();
            }
            else if (expected.HangsOn?.StartsWith("hold") == true)
            {
                await gates[int.Parse(expected.HangsOn.Split(' ')[1])].Reached;
            }
        }

        Assert.Equal(board.Slots.Select(s => (s.Key, sessions[s.Value].Real.Id)), Life.Board.SlotsOf(Project).Select(s => (s.Key, s.Value)));
    }

    // The commands that live must be the expected ones: another that is just passing would look the same in numbers.
    private bool Agrees(Session real, ExpectedSession expected) => real.Row is { } row
        ? (row.State, row.Turns, row.Tasks) == (expected.State, expected.Turns, expected.Tasks)
            && Life.Tasks.Of(real.Id).Where(t => t.IsLive).Select(t => t.Started.Command).Order()
                .SequenceEqual(expected.Endable.Select(n => UntilSignal($"{n}")).Order())
        : !expected.HasContent;

    private Answer? Answer(ModelRequest request)
    {
        if (request.IsForSummary)
        {
            return request.Messages.Count % 3 == 0 ? Sessions.Answer.Failing("no summary today") : Sessions.Answer.Of("They talked.");
        }

        var words = request.Messages.Skip(request.Messages.ToList().FindLastIndex(m => m is AssistantEntry) + 1)
            .OfType<UserEntry>().LastOrDefault(m => !m.IsNotice) is { Text: var text } ? text.Split(' ') : ["result"];
        return words[0] switch
        {
            "hold" => Sessions.Answer.Of($"holding {words[1]} ").ThenHold(gates[int.Parse(words[1])]).Then("released"),
            "ask" => Sessions.Answer.Bash($"echo ask {words[1]}", $"c{words[1]}"),
            "fg" => Sessions.Answer.Bash(UntilSignal(words[1]), $"c{words[1]}"),
            "task" => Sessions.Answer.Bash(UntilSignal(words[1]), $"c{words[1]}", background: true),
            _ => Sessions.Answer.Of(Talk),
        };
    }

    private string UntilSignal(string number) => $"until [ -e {signals.Path(number)} ]; do sleep 0.02; done";

    private void CheckLogs()
    {
        foreach (var (real, _) in sessions.Where(s => s.Real.Row is not null))
        {
            VoyageLog.Check(real.Row!, Life.Events(real));
        }
    }
}
