using System.Text.RegularExpressions;
using Berth.Core.Commands;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Architecture;

/// <summary>docs/commands.md against the command table.</summary>
public sealed class CommandsPageTests
{
    private static readonly string Page = File.ReadAllText(Checkout.Place("docs", "commands.md"));

    [Fact]
    public void The_page_has_a_row_for_every_form_of_every_command_and_for_no_other()
    {
        var forms = CommandTable.All.SelectMany(command => command.Forms.Select(form => form.Usage));

        var rows = Regex.Matches(Page, @"(?m)^\| `(/[^`]*)` \|").Select(row => row.Groups[1].Value.Replace(@"\|", "|"));

        Assert.Equal(forms.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_page_names_every_alias() => Assert.All(
        CommandTable.All.SelectMany(command => command.Aliases), alias => Assert.Contains($"`/{alias}` is the same", Page));
}
