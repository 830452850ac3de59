using Xunit;

namespace Berth.Tests.Core.Simulation;

/// <summary>Random groups of sub-agents from seeds. A seed that failed once becomes a row.</summary>
public sealed class AgentSimulationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task A_group_ends_as_the_simple_model_of_it_says_in_whatever_order(int seed)
    {
        await using var voyage = new AgentVoyage(seed);
        await voyage.SailAsync();
    }

    [Fact]
    public async Task And_in_one_that_nobody_has_seen_before()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        await using var voyage = new AgentVoyage(seed);
        await voyage.SailAsync();
    }
}
