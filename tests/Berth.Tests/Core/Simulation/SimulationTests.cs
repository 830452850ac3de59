using Xunit;

namespace Berth.Tests.Core.Simulation;

/// <summary>Random voyages from seeds. A seed that failed once becomes a row.</summary>
public sealed class SimulationTests
{
    private const int Length = 60;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(242913746)]
    public async Task The_engine_does_what_the_simple_model_of_it_says(int seed)
    {
        await using var voyage = new Voyage(seed);
        await voyage.SailAsync(Length);
    }

    [Fact]
    public async Task And_on_a_voyage_that_nobody_has_made_before()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        await using var voyage = new Voyage(seed);
        await voyage.SailAsync(Length);
    }
}
