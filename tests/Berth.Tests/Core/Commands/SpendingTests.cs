using Berth.Core.Commands;
using Berth.Core.Settings;
using Berth.Protocol.Events;
using Berth.Tests.Core.Sessions;
using Xunit;

namespace Berth.Tests.Core.Commands;

/// <summary>What sessions used, where people look for it.</summary>
public sealed class SpendingTests : IAsyncDisposable
{
    private readonly Desk desk = new();

    public SpendingTests()
    {
        // 3 tokens in and 2 out a step: 1.75 dollars.
        desk.Life.Policy.Prices = new ModelPrices(Input: 250_000, Output: 500_000);
        desk.Life.Model.Always(_ => Answer.Of("Yes."));
    }

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    [Fact]
    public async Task The_status_of_a_session_says_what_it_and_all_of_the_project_used()
    {
        await desk.BackgroundAsync("one");
        var terminal = await desk.SitDownAsync();
        await terminal.TypeAsync("two");
        await EngineLife.Is(terminal.Session, "done");
        await terminal.LineAsync("/conf max_cost:5");

        var reply = await terminal.LineAsync("/status");

        var rows = reply.Table!.Rows.ToDictionary(row => row[0].Text, row => row[1].Text);
        Assert.Equal(
            ("3 in, 2 out", "$1.75", "max_cost:5", "2 sessions of this project: 6 in, 4 out, $3.50"),
            (rows["tokens"], rows["cost"], rows["limits"], rows["together"]));
        Assert.Equal(
            """{"input_tokens":3,"output_tokens":2,"cached_tokens":0,"cost":1.75}{"input_tokens":6,"output_tokens":4,"cached_tokens":0,"cost":3.50}""",
            reply.Data!.Value.GetProperty("usage").GetRawText() + reply.Data!.Value.GetProperty("project_usage").GetRawText());
    }

    [Fact]
    public async Task The_list_of_all_projects_has_tokens_and_cost_of_each_session_and_together()
    {
        await desk.BackgroundAsync("one");
        desk.Life.Policy.Prices = null;
        await desk.BackgroundAsync("two");
        var terminal = await desk.SitDownAsync();

        var reply = await terminal.LineAsync("/bg /list /all");

        Assert.Equal(["#", "ID", "State", "Created", "Summary", "Tokens", "Cost", "Project"], reply.Table!.Columns);
        Assert.Equal(
            ["3 in, 2 out $1.75", "3 in, 2 out –"], reply.Table.Rows.Select(row => $"{row[5].Text} {row[6].Text}"));
        Assert.Equal(["Together: 6 in, 4 out, $1.75"], reply.After);
        Assert.Equal(["1.75", "null"], reply.Data!.Value.EnumerateArray().Select(row => row.GetProperty("usage").GetProperty("cost").GetRawText()));
        Assert.Equal(5, (await terminal.LineAsync("/bg /list")).Table!.Columns.Count);
    }

    [Fact]
    public async Task A_fork_has_used_nothing_yet()
    {
        desk.Life.Model.HasForks = true;
        var terminal = await desk.SitDownAsync();
        await terminal.TypeAsync("one");
        await EngineLife.Is(terminal.Session, "done");
        await terminal.TypeAsync("/fork");
        await terminal.TypeAsync("two");
        await EngineLife.Is(terminal.Session, "done");

        Assert.Equal(5, terminal.Session.Row!.Usage.InputTokens + terminal.Session.Row.Usage.OutputTokens);
        Assert.Equal(1.75m, terminal.Session.Row.Usage.Cost);
    }

    [Theory]
    [InlineData(0, "1,200 in, 30 out")]
    [InlineData(1_000, "1,200 in (1,000 cached), 30 out")]
    public void What_the_provider_had_already_is_named_where_there_is_some(long cached, string words) =>
        Assert.Equal(words, UsageWords.Tokens(new Usage(1_200, 30, cached)));
}
