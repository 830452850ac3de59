namespace Berth.Core.Tools.Editing;

/// <summary>
/// A file's text with every line end as one <c>\n</c>, as the model sees it, and the way back to the text as it is. A
/// change made in the seen text leaves every line end of the file that it does not touch as it was; new lines get
/// the line end of the lines around them.
/// </summary>
internal sealed class LineEnds
{
    private readonly string source;
    private readonly List<int> windows = [];

    /// <param name="source">The text as the file has it.</param>
    public LineEnds(string source)
    {
        this.source = source;
        Text = source.Contains("\r\n") ? source.Replace("\r\n", "\n") : source;
        if (!ReferenceEquals(Text, source))
        {
            for (var at = source.IndexOf("\r\n"); at >= 0; at = source.IndexOf("\r\n", at + 2))
            {
                windows.Add(at - windows.Count);
            }
        }
    }

    /// <summary>A piece of the seen text that is replaced.</summary>
    /// <param name="Start">Place in <see cref="Text"/>.</param>
    public readonly record struct Change(int Start, int Length, string Text);

    /// <summary>The text as the model sees it.</summary>
    public string Text { get; }

    /// <summary>The text of the file after the changes, which are in order and do not overlap.</summary>
    /// <param name="endOfNew">The line end for a file that has none yet.</param>
    public string Apply(IReadOnlyList<Change> changes, string endOfNew)
    {
        var result = new System.Text.StringBuilder(source.Length);
        var done = 0;
        foreach (var change in changes)
        {
            result.Append(source, done, InSource(change.Start) - done);
            AppendNew(result, change, endOfNew);
            done = InSource(change.Start + change.Length);
        }

        return result.Append(source, done, source.Length - done).ToString();
    }

    /// <summary>The number of the line, from 1, at a place of <see cref="Text"/>.</summary>
    public int LineAt(int place) => Text.AsSpan(0, place).Count('\n') + 1;

    private int InSource(int place)
    {
        var before = windows.BinarySearch(place);
        return place + (before < 0 ? ~before : before);
    }

    // A line that takes the place of another one ends as that did; further ones end as the last of these.
    private void AppendNew(System.Text.StringBuilder result, Change change, string endOfNew)
    {
        var end = EndAt(change.Start, endOfNew);
        if (windows.Count == 0)
        {
            result.Append(end == "\n" ? change.Text : change.Text.Replace("\n", end));
            return;
        }

        var (done, replaced, last) = (0, change.Start, change.Start + change.Length);
        for (var at = change.Text.IndexOf('\n'); at >= 0; at = change.Text.IndexOf('\n', at + 1))
        {
            var next = replaced < last ? Text.IndexOf('\n', replaced, last - replaced) : -1;
            if (next >= 0)
            {
                end = EndAt(next, endOfNew);
                replaced = next + 1;
            }

            result.Append(change.Text, done, at - done).Append(end);
            done = at + 1;
        }

        result.Append(change.Text, done, change.Text.Length - done);
    }

    // The end of the line at the place, else of the one before it.
    private string EndAt(int place, string endOfNew)
    {
        var end = Text.IndexOf('\n', place);
        end = end < 0 && place > 0 ? Text.LastIndexOf('\n', place - 1) : end;
        return end < 0 ? endOfNew : windows.BinarySearch(end) >= 0 ? "\r\n" : "\n";
    }
}
