using System.Globalization;
using Berth.Core.Settings;
using Berth.Protocol;
using Berth.Protocol.Events;

namespace Berth.Core.Agent;

/// <summary>
/// What bounds a turn besides the model itself: what it and its session may use, and a call that repeats itself without
/// end. The model is told before a bound is reached; then the turn ends before its next step, in words.
/// </summary>
internal static class TurnBounds
{
    private const string NoInput = "This is an automatic remark. It is no input of the user.";

    /// <summary>How the turn ends because of a bound; null while it may go on.</summary>
    public static TurnEnded? End(Context context, Budgets budgets)
    {
        if (context.Row is { Count: >= Limits.SameCalls } row)
        {
            return new TurnEnded(
                TurnClose.Failed, $"The model made the same call {row.Count} times in a row, with the same result each time: {row.Call.Tool}.",
                "The turn was stopped. Say how it shall go on differently.", 0);
        }

        return Gauge.All(context, budgets).Find(gauge => gauge.Used >= gauge.Most) is not { } full ? null
            : new TurnEnded(TurnClose.Failed, $"{full.Sentence}.", full.Hint, 0);
    }

    /// <summary>What the model is to be told before its next step; the same is told once.</summary>
    public static IEnumerable<RemarkAdded> Remarks(Context context, Budgets budgets)
    {
        foreach (var gauge in Gauge.All(context, budgets).Where(gauge => gauge.IsNear && !context.Told.Contains(gauge.About)))
        {
            yield return new RemarkAdded(gauge.About, $"{gauge.Sentence}: the model is told.", $"""
                [Limit near] {gauge.Sentence}.
                {NoInput}
                {(gauge.IsOfTurn ? "The turn" : "All work in this session")} ends by itself when the limit is reached, without another answer of yours. Finish what matters most now, and say what is left to do.
                """);
        }

        if (context.Row is { Count: >= Limits.SameCallsTold } row && !context.Told.Contains(row.Call.Id))
        {
            yield return new RemarkAdded(row.Call.Id, $"{row.Count} times the same call with the same result: the model is told.", $"""
                [Repeated call] You called {row.Call.Tool} {row.Count} times in a row with the same arguments, and the result was the same each time.
                {NoInput}
                Doing it again will not change the result. Do something else, or say what keeps you from going on; after {Limits.SameCalls} times the turn is stopped. To wait for a task, use task_output with wait.
                """);
        }
    }

    /// <summary>One limit and what of it is used.</summary>
    private sealed record Gauge(string Key, decimal Used, decimal Most, string Unit, string About)
    {
        // Four fifths.
        private const decimal Near = 0.8m;

        public bool IsOfTurn => Key.StartsWith("max_turn_", StringComparison.Ordinal);

        public bool IsNear => Used >= Most * Near || (Unit == "steps" && Used == Most - 1 && Most > 1);

        public string Sentence =>
            $"This {(IsOfTurn ? "turn" : "session")} has used {Figure(Used)} of its {Figure(Most)}{(Unit == "$" ? "" : $" {Unit}")} ({Key})";

        public string Hint =>
            $"{(IsOfTurn ? "The next message begins a new turn" : "Nothing goes to the model before the limit is raised")}. "
            + $"/conf {Key}:{Plain(Most * 2)} raises the limit, /conf {Key}:none lifts it.";

        public static List<Gauge> All(Context context, Budgets budgets)
        {
            var (turn, session) = (context.SpentInTurn, context.Spent);
            var gauges = new List<Gauge>();
            Add("max_turn_steps", turn.Steps, budgets.TurnSteps, "steps");
            Add("max_turn_tokens", turn.Tokens, budgets.TurnTokens, "tokens");
            Add("max_turn_cost", turn.Usage.Cost ?? 0, budgets.TurnCost, "$");
            Add("max_steps", session.Steps, budgets.Steps, "steps");
            Add("max_tokens", session.Tokens, budgets.Tokens, "tokens");
            Add("max_cost", session.Usage.Cost ?? 0, budgets.Cost, "$");
            return gauges;

            void Add(string key, decimal used, decimal? most, string unit)
            {
                if (most is { } limit)
                {
                    var about = key.StartsWith("max_turn_", StringComparison.Ordinal) ? $"turn {context.Turn} {key}" : key;
                    gauges.Add(new Gauge(key, used, limit, unit, $"{about}:{Plain(limit)}"));
                }
            }
        }

        private string Figure(decimal value) => Unit == "$"
            ? Dollars.Of(value) : value.ToString("N0", CultureInfo.InvariantCulture);

        private static string Plain(decimal value) => value.ToString("0.############", CultureInfo.InvariantCulture);
    }
}
