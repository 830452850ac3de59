namespace Berth.Editor;

/// <summary>Ctrl+R: looks for the newest line that holds what is typed, then for older ones.</summary>
internal sealed class HistorySearch(InputHistory history)
{
    private int place = history.Count;

    /// <summary>What is looked for.</summary>
    public string Query { get; private set; } = "";

    /// <summary>The line that was found; null when none holds the query.</summary>
    public string? Match { get; private set; }

    /// <summary>Looks for more characters.</summary>
    public void Type(string text)
    {
        Query += text;
        Find(Math.Min(place, history.Count - 1));
    }

    /// <summary>Takes the last character of the query back.</summary>
    public void Erase()
    {
        Query = Query[..Words.ClusterLeft(Query, Query.Length)];
        Find(history.Count - 1);
    }

    /// <summary>The next older line.</summary>
    public void Older() => Find(place - 1);

    private void Find(int from)
    {
        if (Query.Length == 0)
        {
            Match = null;
            place = history.Count;
            return;
        }

        for (var i = from; i >= 0; i--)
        {
            // The same line again is no other match.
            if (history[i].Contains(Query, StringComparison.OrdinalIgnoreCase) && (history[i] != Match || i == place))
            {
                Match = history[i];
                place = i;
                return;
            }
        }

        if (Match is { } match && !match.Contains(Query, StringComparison.OrdinalIgnoreCase))
        {
            Match = null;
        }
    }
}
