using Berth.Protocol.Events;
using Berth.Protocol.Rows;
using Berth.Rendering;

namespace Berth.Views;

/// <summary>
/// A group of sub-agents, a row each: what each is at while it works, and how it ended. Who they are and how they ended is
/// in the parent's log, so it is there whenever the history is drawn; what they are at comes with the board.
/// </summary>
internal sealed class AgentGroupView(AgentsChosen chosen)
{
    private const int MostLive = 10;
    private const int LongestName = 24;
    private readonly Dictionary<string, AgentEnded> ended = [];

    /// <summary>It works no longer.</summary>
    public bool IsOver { get; set; }

    /// <summary>The group's task.</summary>
    public long Task => chosen.Task;

    /// <summary>One of them has its result.</summary>
    public void End(AgentEnded agent) => ended[agent.Session] = agent;

    /// <summary>Adds the rows while the group works: those that do something, and how many others there are.</summary>
    public void Draw(DrawContext context, List<Row> rows)
    {
        var own = new List<Row>();
        var (queued, over, hidden) = (0, 0, 0);
        foreach (var agent in chosen.Agents)
        {
            var row = context.Agents.GetValueOrDefault(agent.Session);
            var isWorking = !ended.ContainsKey(agent.Session) && row is not null;
            if (chosen.Agents.Count <= MostLive || (isWorking && own.Count < MostLive))
            {
                own.Add(Line(agent, row, context));
            }
            else if (ended.ContainsKey(agent.Session))
            {
                over++;
            }
            else if (row is null)
            {
                queued++;
            }
            else
            {
                hidden++;
            }
        }

        if (over + queued + hidden > 0)
        {
            string[] others = [Words(hidden, "working"), Words(queued, "queued"), Words(over, "ended")];
            own.Add(new Row("… " + string.Join(" · ", others.Where(o => o.Length > 0)), Style.Dim));
        }

        Branch(own, context, rows);
    }

    /// <summary>Adds the rows once the group is over: all of them, and where the rest of what they did is.</summary>
    public void DrawEnded(DrawContext context, List<Row> rows)
    {
        var own = new List<Row>();
        foreach (var agent in chosen.Agents)
        {
            own.Add(ended.TryGetValue(agent.Session, out var end)
                ? Line(agent, end)
                : new Row(Name(agent), new Piece("interrupted", Palette.Error), new Piece($"  [{agent.Session}]", Style.Dim)).After(Mark("●", Palette.Error)));
        }

        own.Add(new Row($"/tasks /output {chosen.Task} shows what they did; /sessions /resume ID opens one", Style.Dim));
        Branch(own, context, rows);
    }

    private static string Words(int count, string word) => count == 0 ? "" : $"{count} {word}";

    private static void Branch(List<Row> own, DrawContext context, List<Row> rows)
    {
        for (var i = 0; i < own.Count; i++)
        {
            rows.Add(own[i].After(new Piece(i == own.Count - 1 ? "  └ " : "  ├ ", Style.Dim)).CutTo(context.Columns));
        }
    }

    private Row Line(ChosenAgent agent, SessionRow? row, DrawContext context)
    {
        if (ended.TryGetValue(agent.Session, out var end))
        {
            return Line(agent, end);
        }

        if (row is null)
        {
            return new Row(Name(agent), new Piece("queued  ", Style.Dim), new Piece(agent.Prompt, Style.Dim)).After(Mark("○", Style.Dim));
        }

        var (mark, doing) = row.State switch
        {
            SessionStates.Waiting => (Mark("?", Palette.Of(row.State)), new Piece($"waiting: {row.WaitingFor}", Palette.Of(row.State))),
            _ when row.Doing is { } title => (Mark(context.Spinner, Palette.Of(SessionStates.Running)), new Piece(title)),
            _ => (Mark(context.Spinner, Palette.Of(SessionStates.Running)), new Piece("thinking", Style.Dim)),
        };
        var tokens = row.Usage.InputTokens + row.Usage.OutputTokens;
        string[] facts = [$"step {Math.Max(row.Step ?? 1, 1)}", Figures.Duration(context.Now - row.Created), $"{Figures.Count(tokens)} tokens"];
        return new Row(Name(agent), new Piece(string.Join(" · ", facts) + "  ", Style.Dim), doing).After(mark);
    }

    private Row Line(ChosenAgent agent, AgentEnded end)
    {
        var style = end.Status switch
        {
            "done" => Palette.Of(SessionStates.Done),
            "cancelled" => Style.Dim,
            _ => Palette.Error,
        };
        var tokens = end.Usage.InputTokens + end.Usage.OutputTokens;
        string[] facts = [Figures.Duration(TimeSpan.FromSeconds(end.Seconds)), Figures.Plural(end.Steps, "step"), $"{Figures.Count(tokens)} tokens", $"[{end.Session}]"];
        return new Row(
            Name(agent), new Piece(end.Status.Replace('_', ' '), style), new Piece($" · {string.Join(" · ", facts)}  ", Style.Dim),
            new Piece(end.Summary ?? "")).After(Mark("●", style));
    }

    private static Piece Mark(string mark, Style style) => new(mark + " ", style);

    // Names stand below each other.
    private Piece Name(ChosenAgent agent)
    {
        var width = Math.Min(chosen.Agents.Max(a => Widths.Of(a.Name)), LongestName);
        return new Piece(agent.Name.PadRight(agent.Name.Length + Math.Max(width - Widths.Of(agent.Name), 0)) + "  ", Style.Bold);
    }
}
