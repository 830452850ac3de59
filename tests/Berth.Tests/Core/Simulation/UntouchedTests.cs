using Berth.Core.Models;
using Berth.Core.Permissions;
using Berth.Core.Sessions;
using Berth.Tests.Core.Commands;
using Berth.Tests.Core.Sessions;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Core.Simulation;

/// <summary>
/// Background, swap, attach and detach append nothing to a model's context: the same turns, with and without terminals
/// that come, go and swap in between, make the same requests.
/// </summary>
public sealed class UntouchedTests
{
    private const int Sessions = 3;
    private const int Turns = 12;
    private static readonly string[] Kinds = ["talk", "hold", "ask", "run"];
    private static readonly string[] Moves =
        ["/bg", "/bg 1", "/bg 2", "/bg 3", "/bg list", "/bg peek 1", "/new", "/sessions", "/sessions resume 1", "attach", "close", "/status", "/tasks",
            "/fork", "/fork /at 1", "/sessions search talk", "/sessions current", "/models", "/conf", "/permissions"];

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public async Task Requests_are_the_same_with_and_without_what_happens_around_a_session(int seed)
    {
        var alone = await SailAsync(seed, moves: null);
        var around = await SailAsync(seed, new Random(seed * 31));

        Assert.Equal(Turns, alone.Sum(session => session.Count(line => line.StartsWith("user"))));
        Assert.Equal(alone, around);
    }

    // Each session's last request, which holds all that was sent before, as lines.
    private static async Task<List<string[]>> SailAsync(int seed, Random? moves)
    {
        var gates = Enumerable.Range(0, Turns).Select(_ => new ModelGate()).ToArray();
        await using var desk = new Desk();
        desk.Life.Policy.Judge = line => line.StartsWith("echo ask") ? Verdict.Ask : Verdict.Allow;
        desk.Life.Model.HasForks = true;
        desk.Life.Model.Always(r => Answered(r, gates));
        var hands = moves is null ? null : new Hands(desk, moves);
        var sessions = Enumerable.Range(0, Sessions).Select(_ => desk.Life.Begin()).ToArray();
        var random = new Random(seed);
        for (var turn = 0; turn < Turns; turn++)
        {
            var session = sessions[random.Next(Sessions)];
            var kind = Kinds[random.Next(Kinds.Length)];
            await session.SubmitAsync($"{kind} {turn}", desk.Life.Terminal);
            if (kind == "hold")
            {
                await gates[turn].Reached;
            }

            await EngineLife.Is(session, kind switch { "hold" => "running", "ask" => "waiting", _ => "done" });
            await (hands?.MoveAsync(session) ?? Task.CompletedTask);
            gates[turn].Open();
            await (kind == "ask" ? session.AnswerAsync("r" + Asked(session, desk), "yes", null, desk.Life.Terminal) : Task.CompletedTask);
            await EngineLife.Is(session, "done");
            await session.WhenQuietAsync();
            await (hands?.MoveAsync(session) ?? Task.CompletedTask);
        }

        return [.. sessions.Select(s => desk.Life.Model.RequestsOf(s)).Select(r => r.Count == 0 ? [] : Conversation.Lines(r[^1]))];
    }

    private static int Asked(Session session, Desk desk) => desk.Life.Events<Protocol.Events.RequestOpened>(session).Count;

    private static Answer Answered(ModelRequest request, ModelGate[] gates)
    {
        var words = request.Messages[^1] is UserEntry { Text: var text } ? text.Split(' ') : ["result"];
        return words[0] switch
        {
            "hold" => Answer.Of($"holding {words[1]} ").ThenHold(gates[int.Parse(words[1])]).Then("released"),
            "ask" or "run" => Answer.Bash($"echo {words[0]} {words[1]}", $"c{words[1]}"),
            _ => Answer.Of("ok"),
        };
    }

    /// <summary>Two people who cannot keep their hands still.</summary>
    private sealed class Hands(Desk desk, Random random)
    {
        private readonly TestTerminal?[] terminals = new TestTerminal?[2];

        public async Task MoveAsync(Session session)
        {
            var before = await SeenAsync(session);
            for (var moves = random.Next(4); moves > 0; moves--)
            {
                var hand = random.Next(terminals.Length);
                var terminal = terminals[hand] ??= await desk.SitDownAsync();
                switch (Moves[random.Next(Moves.Length)])
                {
                    case "attach":
                        await terminal.LookAsync(session);
                        break;
                    case "close":
                        await terminal.CloseAsync();
                        terminals[hand] = null;
                        break;
                    case var line:
                        await terminal.TypeAsync(line);
                        break;
                }
            }

            Assert.Equal(before, await SeenAsync(session));
        }

        private async Task<string> SeenAsync(Session session)
        {
            var view = await session.ViewAsync(brings: null);
            return $"{view.Model} {view.PermissionMode} {view.Directory} {view.LastSeq} {string.Join(',', view.Requests)} {session.Row!.State}";
        }
    }
}
