using Berth.Core.Settings;
using Xunit;

namespace Berth.Tests.Core.Settings;

/// <summary>What tokens cost.</summary>
public sealed class ModelPricesTests
{
    [Theory]
    [InlineData(1_000_000, 0, 0, "1.25")]
    [InlineData(0, 1_000_000, 0, "10")]
    [InlineData(1_000_000, 0, 1_000_000, "0.125")]
    [InlineData(1_000, 200, 600, "0.002575")]
    [InlineData(10, 0, 9_000, "0.00000125")]
    [InlineData(-5, -5, -5, "0")]
    [InlineData(long.MaxValue, long.MaxValue, 0, "103762935414616.22782875")]
    public void Input_output_and_what_was_cached_have_prices_of_their_own(long input, long output, long cached, string dollars) =>
        Assert.Equal(
            decimal.Parse(dollars, System.Globalization.CultureInfo.InvariantCulture),
            new ModelPrices(1.25m, 10, 0.125m).CostOf(input, output, cached));

    [Fact]
    public void Without_a_price_of_its_own_cached_input_costs_as_much_as_other_input() =>
        Assert.Equal(2, new ModelPrices(2, 0).CostOf(1_000_000, 0, 400_000));

    [Theory]
    [InlineData("0", "$0.00")]
    [InlineData("0.00004", "$0.0000")]
    [InlineData("0.0123", "$0.0123")]
    [InlineData("0.5", "$0.50")]
    [InlineData("1234.5", "$1,234.50")]
    public void Dollars_are_read_at_a_glance(string amount, string shown) =>
        Assert.Equal(shown, Dollars.Of(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture)));
}
