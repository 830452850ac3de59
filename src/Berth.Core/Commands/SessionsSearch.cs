using Berth.Core.Sessions;
using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary><c>/sessions /search</c>: text in all that was said, called and answered.</summary>
internal static class SessionsSearch
{
    private const string Form = "/sessions /search TEXT [/all]";
    private const int Most = 100;

    public static async Task<Reply> RunAsync(CommandContext context, CommandLine line)
    {
        var all = line.Count > 2 && line[line.Count - 1] == "/all";
        var text = all ? TextBefore(line) : line.RestAfter(1);
        if (text.Length == 0)
        {
            return SessionsCommand.Row.Wrong("The text is missing.", Form);
        }

        var rows = await context.Board.AllAsync(all ? null : context.Project).ConfigureAwait(false);
        var found = await context.Sessions.SearchAsync(rows, text, Most, CancellationToken.None).ConfigureAwait(false);
        var data = Replies.JsonRows(found.Hits, (w, hit) =>
        {
            w.WriteString("session", hit.Session.Id);
            w.WriteString("name", hit.Session.Name);
            w.WriteNumber("turn", hit.Turn);
            w.WriteNumber("seq", hit.Seq);
            w.WriteString("where", hit.Where);
            w.WriteString("line", hit.Line);
            w.WriteString("project", hit.Session.Project);
        });
        if (found.Total == 0)
        {
            return new Reply(
                [$"'{text}' is in no session{(all ? "" : " of this project; /all searches the others too")}.", .. found.Problems], Data: data);
        }

        return new Reply(
            Table: new Table(["ID", "Name", "Turn", "In", "Line"], [.. found.Hits.Select(Cells)]),
            After: [Summary(found), .. found.Problems], Data: data);
    }

    private static string Summary(SearchFound found)
    {
        var places = $"{found.Total} {(found.Total == 1 ? "place" : "places")} in {found.Sessions} {(found.Sessions == 1 ? "session" : "sessions")}";
        return found.Total > found.Hits.Count
            ? $"{places}; {found.Total - found.Hits.Count} are not shown. A longer text finds fewer."
            : $"{places}.";
    }

    // "/all" stands behind the text, which may be one quoted word.
    private static string TextBefore(CommandLine line) => line.Count == 3
        ? line[1]
        : line.RestAfter(1)[..^"/all".Length].TrimEnd();

    private static IReadOnlyList<Cell> Cells(SearchHit hit) =>
    [
        new(hit.Session.Id), new(hit.Session.Name ?? "", "bold"), new($"{hit.Turn}"), new(hit.Where, "dim"), new(hit.Line),
    ];
}
