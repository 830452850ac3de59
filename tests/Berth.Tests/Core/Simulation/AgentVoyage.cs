using System.Text.Json.Nodes;
using Berth.Core.Permissions;
using Berth.Core.Sessions;
using Berth.Protocol;
using Berth.Protocol.Events;
using Berth.Tests.Core.Sessions;
using Berth.Tests.Processes;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Core.Simulation;

/// <summary>
/// A group of sub-agents whose ends, failures, questions, interrupts and daemon's deaths come in an order made from a
/// seed, on the real engine and on a simple model of it at the same time. After every step both must agree.
/// </summary>
internal sealed class AgentVoyage : IAsyncDisposable
{
    private readonly Random random;
    private readonly EngineLife first = new();
    private readonly List<string> steps = [];
    private readonly Part[] parts;
    private readonly bool isSerial;
    private bool isBackground;
    private bool isOver;
    private EngineLife life;
    private Session parent = null!;

    public AgentVoyage(int seed)
    {
        random = new Random(seed);
        life = first;
        isSerial = random.Next(4) == 0;
        isBackground = random.Next(3) == 0;
        parts = [.. Enumerable.Range(0, random.Next(1, 12)).Select(n => new Part($"part {n}", (Way)random.Next(4)))];
        first.Policy.Judge = line => line.StartsWith("ask") ? Verdict.Ask : Verdict.Allow;
        foreach (var part in parts)
        {
            first.Model.OfTask(part.Task, part.Way switch
            {
                Way.Fails => [Answer.Held(part.Gate).ThenFail($"{part.Task} broke.")],
                Way.Asks => [Answer.Held(part.Gate).ThenBash("ask() { :; }; echo allowed", "c1"), Answer.Of($"{part.Task} asked.")],
                Way.Runs => [Answer.Held(part.Gate).ThenBash("echo ran", "c1"), Answer.Of($"{part.Task} ran.")],
                _ => [Answer.Held(part.Gate).Then($"{part.Task} answered.")],
            });
        }

        var options = new JsonObject { ["mode"] = isSerial ? "serial" : "parallel", ["background"] = isBackground };
        first.Model.OfTask("go", Agents.Call("c1", options, [.. parts.Select(p => new JsonObject { ["task"] = p.Task })]), Answer.Of("So."), Answer.Of("And so."), Answer.Of("At last."));
    }

    private enum Way
    {
        Answers,
        Fails,
        Asks,
        Runs,
    }

    /// <summary>One sub-agent as the simple model knows it.</summary>
    private sealed class Part(string task, Way way)
    {
        public string Task => task;

        public Way Way => way;

        public ModelGate Gate { get; } = new();

        /// <summary>How it ended; "-" while it has not.</summary>
        public string Status { get; set; } = "-";

        public bool IsAsking { get; set; }
    }

    private IEnumerable<Part> Working => parts.Where(p => p.Status == "-").Take(isSerial ? 1 : Limits.SubagentsPerSession);

    /// <summary>Sails until the group is over; throws with all steps when the engine and the model of it part.</summary>
    public async Task SailAsync()
    {
        try
        {
            parent = await life.BeginAsync("go");
            while (!isOver)
            {
                await AgreeAsync();
                await StepAsync();
                isOver |= parts.All(p => p.Status != "-");
            }

            await EndAsync();
        }
        catch (Exception e)
        {
            var kinds = string.Join('\n', (await life.AgentsOf(parent)).Prepend(parent).Select(s => $"{s.Id} {s.Row?.State}: {(s.Row is null ? "" : life.Kinds(s))}"));
            throw new InvalidOperationException($"{e.Message}\nserial {isSerial}, {parts.Length} parts\n{string.Join('\n', steps)}\n{kinds}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in parts)
        {
            part.Gate.Open();
        }

        await first.DisposeAsync();
    }

    private async Task StepAsync()
    {
        var choices = new List<(string Name, Func<Task> Act)>();
        foreach (var part in Working)
        {
            choices.Add(part.IsAsking
                ? ($"{part.Task} is answered", () => AnswerAsync(part))
                : ($"{part.Task} {part.Way}", () => Open(part)));
            choices.Add(part.IsAsking
                ? ($"{part.Task} is answered in its own session", () => AnswerThereAsync(part))
                : ($"{part.Task} {part.Way}", () => Open(part)));
            choices.Add(($"{part.Task} is interrupted", () => InterruptAsync(part)));
        }

        if (random.Next(3) == 0)
        {
            choices.Add(("Esc in the parent", InterruptParentAsync));
            choices.Add(("the parent is dropped", DropAsync));
            choices.Add(("the daemon dies", () => DieAsync(inOrder: false)));
            choices.Add(("the daemon is restarted", () => DieAsync(inOrder: true)));
            choices.Add(("Ctrl+B", KeyAsync));
        }

        var (name, act) = choices[random.Next(choices.Count)];
        steps.Add($"{steps.Count + 1}. {name}");
        await act();
    }

    private Task Open(Part part)
    {
        part.Gate.Open();
        (part.Status, part.IsAsking) = part.Way switch
        {
            Way.Fails => ("failed", false),
            Way.Asks => ("-", true),
            _ => ("done", false),
        };
        return Task.CompletedTask;
    }

    private async Task AnswerAsync(Part part)
    {
        var agent = await AgentAsync(part);
        Assert.NotNull(await parent.AnswerAsync($"{agent.Id}.r1", random.Next(2) == 0 ? "yes" : "no", null, life.Terminal));
        (part.Status, part.IsAsking) = ("done", false);
    }

    private async Task AnswerThereAsync(Part part)
    {
        Assert.NotNull(await (await AgentAsync(part)).AnswerAsync(null, "yes", null, life.Terminal));
        (part.Status, part.IsAsking) = ("done", false);
    }

    private async Task InterruptAsync(Part part)
    {
        Assert.True(await (await AgentAsync(part)).InterruptAsync());
        (part.Status, part.IsAsking) = ("cancelled", false);
    }

    private async Task InterruptParentAsync()
    {
        Assert.Equal(!isBackground, await parent.InterruptAsync());
        if (!isBackground)
        {
            Cancel();
        }
    }

    private async Task DropAsync()
    {
        await parent.DropAsync();
        Cancel();
    }

    private void Cancel()
    {
        foreach (var part in parts.Where(p => p.Status == "-"))
        {
            (part.Status, part.IsAsking) = ("cancelled", false);
        }
    }

    private async Task KeyAsync()
    {
        Assert.Equal(isBackground ? 0 : 1, (await parent.BackgroundAsync(null, "key")).Count);
        isBackground = true;
        await EngineLife.Is(parent, parts.Any(p => p.IsAsking) ? "waiting" : "done");
        await parent.WhenQuietAsync();
    }

    private async Task DieAsync(bool inOrder)
    {
        life = inOrder ? await life.RestartAsync() : await life.DieAsync();
        parent = await life.FindAsync(parent);
        isOver = true;
    }

    // Whatever order it came in, the log, the rows and the requests say what the simple model says.
    private async Task AgreeAsync()
    {
        await Eventually.True(
            () => life.StatusesOf(parent).SequenceEqual(parts.Select(p => p.Status)),
            $"the ends are {string.Join(' ', parts.Select(p => p.Status))}; they are {string.Join(' ', life.StatusesOf(parent))}");
        await Eventually.TrueAsync(WorkOrWaitAsync, "they work or wait");
        await Eventually.TrueAsync(
            async () => (await parent.ViewAsync(null)).Requests.Count == parts.Count(p => p.IsAsking), "every question stands in the parent");
        var expected = parts.Any(p => p.IsAsking) ? "waiting" : isBackground ? "done" : "running";
        await EngineLife.Is(parent, expected);
        if (isBackground)
        {
            await parent.WhenQuietAsync();
        }
    }

    private async Task EndAsync()
    {
        await life.Holds<TaskEnded>(parent);
        await parent.WhenQuietAsync();
        await Eventually.True(() => parent.Row!.State != "running", "the parent is quiet");
        var ended = Assert.Single(life.Events<TaskEnded>(parent));
        var died = parts.Any(p => p.Status == "-");
        if (died && ended.State == "unknown")
        {
            Assert.All(await life.AgentsOf(parent), a => Assert.Contains(a.Row!.State, (string[])["done", "error", "cancelled", "interrupted"]));
        }
        else if (!died)
        {
            Assert.Equal(parts.Select(p => p.Status), life.StatusesOf(parent));
        }

        Assert.Empty((await parent.ViewAsync(null)).Requests);
        Assert.Empty(parent.AgentRows);
        Assert.Equal(0, parent.Row!.Tasks);
        Assert.All(await life.AgentsOf(parent), a => Assert.Equal(0, a.Row!.Tasks));

        // Nothing is sent twice: of each no more than its answers need.
        Assert.All(parts, p => Assert.True(life.Model.Requests.Count(r => Agents.FirstOf(r).Split('\n')[0] == p.Task) <= 2, p.Task));
        await Eventually.True(() => !Directory.EnumerateFiles(Path.Combine(life.State, "busy")).Any(), "nothing is marked as busy");
        await parent.SubmitAsync("and now?", life.Terminal);
        await EngineLife.Is(parent, "done");
    }

    private async Task<bool> WorkOrWaitAsync()
    {
        foreach (var part in Working)
        {
            if (life.Events<AgentsChosen>(parent) is not [var chosen]
                || await life.Sessions.FindAsync(chosen.Agents[Array.IndexOf(parts, part)].Session) is not { } agent
                || agent.Row?.State != (part.IsAsking ? "waiting" : "running"))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<Session> AgentAsync(Part part) =>
        (await life.Sessions.FindAsync(life.Events<AgentsChosen>(parent)[0].Agents[Array.IndexOf(parts, part)].Session))!;
}
