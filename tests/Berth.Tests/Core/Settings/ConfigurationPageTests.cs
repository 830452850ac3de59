using Berth.Core.Settings;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Core.Settings;

public sealed class ConfigurationPageTests
{
    private static readonly string Page = File.ReadAllText(Checkout.Place("docs", "configuration.md"));

    [Fact]
    public void The_page_documents_every_key_with_its_values_and_its_meaning() => Assert.All(
        ConfigKeys.All,
        key =>
        {
            var row = Page.Split('\n').First(line => line.StartsWith($"| `{key.Name}` |"));
            Assert.All(key.Values, value => Assert.Contains(value, row));
            Assert.EndsWith($" | {key.About} |", row.Replace("`", ""));
            Assert.Contains(key.Default, row);
        });

    [Fact]
    public void The_page_has_a_row_for_every_action_that_a_key_can_have() => Assert.All(
        KeyActions.All,
        action => Assert.Contains($"| `{action.Name}` | {string.Join(", ", action.Keys.Split(", ").Select(keys => $"`{keys}`"))} | {action.About} |", Page));

    [Fact]
    public void The_page_names_every_known_provider_with_its_address_and_its_variables() => Assert.All(
        KnownProviders.All,
        provider =>
        {
            var row = Page.Split('\n').Single(line => line.StartsWith('|') && line.Contains($"`{provider.Name}`")
                && line.Contains($"`{provider.BaseUrl.OriginalString}`"));
            Assert.All(provider.Variables, variable => Assert.Contains($"`{variable}`", row));
        });

    [Fact]
    public void The_page_names_every_field_of_a_model() => Assert.All(
        ModelFields.All.Select(field => field.Name.Split('.')[^1]).Concat([ModelFile.Parameters, ModelFile.Headers]),
        field => Assert.Contains($"`{field}`", Page));
}
