using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>All slots in use, all of them busy.</summary>
public sealed class SixteenStory : IAsyncDisposable
{
    private readonly Stage stage = new();

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Fact]
    public async Task Sixteen_work_at_once_none_hears_another_and_a_seventeenth_is_refused()
    {
        var gates = Enumerable.Range(0, 17).Select(_ => new ModelGate()).ToArray();
        stage.Model.Answers(r => r.LastUser is ['s', 'a', 'y', ' ', .. var number]
            ? ModelScript.Words(9, $"m{number}x").HoldFor(gates[int.Parse(number)]).ThenText($"m{number}end")
            : ModelScript.Text("In front I answer."));
        var terminal = stage.Open();
        for (var i = 1; i <= 16; i++)
        {
            terminal.Send($"/bg /run say {i}");
        }

        // Each has said its words and waits for its gate: all are under way at the same moment.
        await Task.WhenAll(gates[1..].Select(gate => gate.Reached));
        terminal.WaitFor("bg: 16 running");

        terminal.Send("hello");
        terminal.WaitFor("In front I answer.");
        terminal.WaitFor(" in · ");
        terminal.Send("/bg");
        terminal.WaitFor("All 16 background slots are in use.");
        terminal.Send("/bg /run say 17");
        terminal.WaitFor("❯ /bg /run say 17");
        terminal.WaitFor("bg: 16 running");
        Assert.Contains("In front I answer.", terminal.Screen);
        Assert.Equal(17, stage.Model.Count);

        terminal.Send("/bg 7");
        terminal.WaitFor("Previous active sent to bg [#7]");
        terminal.WaitFor("bg: 15 running · 1 done");
        gates[7].Open();
        terminal.WaitFor("m7end");
        foreach (var gate in gates)
        {
            gate.Open();
        }

        terminal.WaitFor("bg: 16 done");
        foreach (var (slot, mark) in new[] { (1, "m1x"), (16, "m16x") })
        {
            var log = stage.Home.Berth("logs", $"#{slot}").Out;
            Assert.Contains(string.Concat(Enumerable.Range(1, 9).Select(i => $"{mark}{i} ")), log.ReplaceLineEndings(" "));
            Assert.Equal(10, log.Split('m').Length - 1);
        }
    }
}
