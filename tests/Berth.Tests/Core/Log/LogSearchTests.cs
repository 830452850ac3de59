using System.Text;
using Berth.Core.Log;
using Berth.Protocol.Events;
using Berth.Tests.Processes;
using Xunit;

namespace Berth.Tests.Core.Log;

/// <summary>The quick search finds what a slow one finds: every event read, every answer put together.</summary>
public sealed class LogSearchTests : IDisposable
{
    private static readonly string[] Words =
        ["ab", "ba", "a", "b", "\n", "\"", "\\", "é", "方", "🚢", "type", "text", "sum", " ", "abab", "A", "B"];

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData(null)]
    public async Task It_finds_what_a_slow_one_finds(int? known)
    {
        var seed = known ?? Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 40; round++)
        {
            var directory = scratch.Path($"{round:x8}");
            await WriteAsync(directory, random);
            var needle = Text(random, 1 + random.Next(4));
            var hits = new List<(long, int, string)>();

            new LogSearch(new TextNeedle(needle), hit => hits.Add((hit.Seq, hit.Turn, hit.Where))).Run(directory, CancellationToken.None);

            Assert.True(Slow(directory, needle).SequenceEqual(hits), $"seed {seed}, round {round}, {needle}");
        }
    }

    [Fact]
    public async Task A_text_in_an_answer_that_is_larger_than_what_is_read_at_once_is_found()
    {
        var directory = scratch.Path("5e55107e");
        using (var log = SessionLog.Open(directory, TimeProvider.System, _ => { }))
        {
            var pieces = Enumerable.Range(0, 3_000).Select(i => new TextAdded($"piece {i} of a very long answer; ")).ToList<SessionEvent>();
            pieces.Insert(2_000, new TextAdded("the yellow sub"));
            pieces.Insert(2_001, new TextAdded("marine"));
            await log.AppendAsync(0, [new TurnStarted(7, "message"), .. pieces, new StepEnded("stop", new Usage(), [])], durable: false);
        }

        var hits = new List<LogHit>();
        new LogSearch(new TextNeedle("YELLOW submarine"), hits.Add).Run(directory, CancellationToken.None);

        var hit = Assert.Single(hits);
        Assert.Equal((7, "answer"), (hit.Turn, hit.Where));
        Assert.Contains("the yellow submarinepiece 2000", hit.Line);
    }

    private static async Task WriteAsync(string directory, Random random)
    {
        using var log = SessionLog.Open(directory, TimeProvider.System, _ => { });
        var turn = 0;
        for (var i = 0; i < 60; i++)
        {
            SessionEvent e = random.Next(9) switch
            {
                0 => new UserMessage(Text(random, 6)),
                1 => new TurnStarted(++turn, "message"),
                2 => new TurnEnded("failed", Text(random, 3), null, 1),
                3 => new ReasoningAdded(Text(random, 6)),
                4 => new ToolEnded("c1", "ok", Text(random, 8)),
                _ => new TextAdded(Text(random, 3)),
            };
            await log.AppendAsync(log.LastSeq, [e], durable: false);
        }
    }

    private static string Text(Random random, int words) => string.Concat(Enumerable.Range(0, 1 + random.Next(words)).Select(_ => Words[random.Next(Words.Length)]));

    private static List<(long Seq, int Turn, string Where)> Slow(string directory, string needle)
    {
        var found = new List<(long, int, string)>();
        var (turn, isOpen, answer, last) = (0, false, new StringBuilder(), 0L);
        SessionLog.Read(directory, stored =>
        {
            if (stored.Event is TextAdded piece)
            {
                answer.Append(piece.Text);
                last = stored.Seq;
                return;
            }

            if (stored.Event is ReasoningAdded)
            {
                return;
            }

            Judge(last, "answer", answer.ToString());
            answer.Clear();
            switch (stored.Event)
            {
                case UserMessage m:
                    Judge(stored.Seq, "message", m.Text);
                    break;
                case TurnStarted t:
                    (turn, isOpen) = (t.Turn, true);
                    break;
                case TurnEnded t:
                    Judge(stored.Seq, "error", t.Error!);
                    isOpen = false;
                    break;
                case ToolEnded t:
                    Judge(stored.Seq, "output", t.Output);
                    break;
            }
        });
        Judge(last, "answer", answer.ToString());
        return found;

        void Judge(long seq, string where, string text)
        {
            if (text.Contains(needle, StringComparison.OrdinalIgnoreCase) && text.Length > 0)
            {
                found.Add((seq, where == "message" && !isOpen ? turn + 1 : turn, where));
            }
        }
    }
}
