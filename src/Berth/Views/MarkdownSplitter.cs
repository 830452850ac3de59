using System.Text;

namespace Berth.Views;

/// <summary>A piece of a Markdown text that is drawn by itself.</summary>
/// <param name="BlankBefore">A blank line stands before it in the text.</param>
internal abstract record Segment(bool BlankBefore)
{
    /// <summary>A heading, paragraph, list item, quote or table: a block whose end is known.</summary>
    internal sealed record Prose(string Text, bool BlankBefore) : Segment(BlankBefore);

    /// <summary>A fenced code block begins.</summary>
    internal sealed record CodeStart(string Language, bool BlankBefore) : Segment(BlankBefore);

    /// <summary>A line of the open code block.</summary>
    internal sealed record CodeLine(string Text) : Segment(false);
}

/// <summary>
/// Cuts a Markdown text into segments, line by line, each decided by what stands before it alone. So a text that comes in
/// pieces and the same text as a whole have the same segments, whatever the pieces; and a segment that is cut off is
/// final.
/// </summary>
internal sealed class MarkdownSplitter
{
    /// <summary>A block that grows beyond this many characters is cut there.</summary>
    public const int LongestSegment = 16_000;

    private readonly StringBuilder partial = new();
    private readonly StringBuilder open = new();
    private Segment.Prose? openNow;
    private bool blankBeforeOpen;
    private bool blankAfterOpen;
    private bool openIsList;
    private bool openIsHeading;
    private char fence;
    private int fenceLength;
    private int fenceIndent;

    /// <summary>Inside a fenced code block.</summary>
    public bool InCode => fence != '\0';

    /// <summary>The line that has no end yet.</summary>
    public string PartialLine => partial.ToString();

    /// <summary>What is open: the block so far with its unfinished line, drawn anew until it is cut off.</summary>
    public Segment.Prose? Open
    {
        get
        {
            if (InCode || (open.Length == 0 && partial.Length == 0))
            {
                return null;
            }

            // An unfinished line that would begin a block of its own is shown as if it belonged to the open one; only
            // the blank between them is known already.
            return openNow ??= new Segment.Prose(
                open.ToString() + (blankAfterOpen && open.Length > 0 ? "\n" : "") + partial, blankBeforeOpen);
        }
    }

    /// <summary>Takes the next piece of the text; adds what it finishes.</summary>
    public void Add(string text, List<Segment> finished)
    {
        openNow = null;
        var start = 0;
        for (var end = text.IndexOf('\n'); end >= 0; end = text.IndexOf('\n', start))
        {
            partial.Append(text, start, end - start);
            EndLine(finished);
            start = end + 1;
        }

        partial.Append(text, start, text.Length - start);
    }

    /// <summary>The text is over; adds the rest.</summary>
    public void End(List<Segment> finished)
    {
        openNow = null;
        if (partial.Length > 0)
        {
            EndLine(finished);
        }

        CloseOpen(finished);
        fence = '\0';
    }

    private void EndLine(List<Segment> finished)
    {
        var line = partial.ToString();
        partial.Clear();
        if (line.EndsWith('\r'))
        {
            line = line[..^1];
        }

        if (InCode)
        {
            AddCode(line, finished);
        }
        else if (string.IsNullOrWhiteSpace(line))
        {
            EndBlock(finished);
        }
        else
        {
            AddProse(line, finished);
        }
    }

    // Only a list may go on behind a blank line.
    private void EndBlock(List<Segment> finished)
    {
        if (open.Length > 0 && openIsList)
        {
            blankAfterOpen = true;
            return;
        }

        CloseOpen(finished);
        blankBeforeOpen = true;
    }

    private void AddCode(string line, List<Segment> finished)
    {
        var trimmed = line.AsSpan().TrimStart(' ');
        if (line.Length - trimmed.Length <= 3 && RunLength(trimmed, fence) >= fenceLength
            && trimmed.TrimStart(fence).Trim().IsEmpty)
        {
            fence = '\0';
            return;
        }

        var indent = 0;
        while (indent < fenceIndent && indent < line.Length && line[indent] == ' ')
        {
            indent++;
        }

        finished.Add(new Segment.CodeLine(line[indent..]));
    }

    private void AddProse(string line, List<Segment> finished)
    {
        var trimmed = line.AsSpan().TrimStart(' ');
        var indent = line.Length - trimmed.Length;
        var isContinuation = openIsList && indent >= 2;
        var isHeading = indent <= 3 && IsHeading(trimmed);
        var isFence = indent <= 3 && IsFence(trimmed);
        var isItem = indent < 2 && IsListItem(trimmed, interrupts: open.Length > 0 && !openIsList && !blankAfterOpen);
        var begins = blankAfterOpen || openIsHeading || isHeading || isFence || isItem;
        if (open.Length > LongestSegment || (open.Length > 0 && begins && !isContinuation))
        {
            CloseOpen(finished);
        }

        if (isFence && !isContinuation)
        {
            fence = trimmed[0];
            fenceLength = RunLength(trimmed, fence);
            fenceIndent = indent;
            finished.Add(new Segment.CodeStart(trimmed[fenceLength..].Trim().ToString(), blankBeforeOpen));
            blankBeforeOpen = false;
            return;
        }

        if (open.Length == 0)
        {
            openIsList = isItem;
            openIsHeading = isHeading;
        }
        else if (blankAfterOpen)
        {
            open.Append('\n');
        }

        blankAfterOpen = false;
        open.Append(line).Append('\n');
    }

    private void CloseOpen(List<Segment> finished)
    {
        if (open.Length > 0)
        {
            finished.Add(new Segment.Prose(open.ToString(), blankBeforeOpen));
            open.Clear();
            blankBeforeOpen = blankAfterOpen;
        }

        blankAfterOpen = openIsList = openIsHeading = false;
    }

    private static bool IsHeading(ReadOnlySpan<char> line)
    {
        var level = RunLength(line, '#');
        return level is >= 1 and <= 6 && (level == line.Length || line[level] == ' ');
    }

    private static bool IsFence(ReadOnlySpan<char> line) =>
        RunLength(line, '~') >= 3 || (RunLength(line, '`') is >= 3 and var length && !line[length..].Contains('`'));

    // An ordered list begins in the middle of a paragraph only with 1, as CommonMark has it.
    private static bool IsListItem(ReadOnlySpan<char> line, bool interrupts)
    {
        if (line[0] is '-' or '*' or '+')
        {
            return line.Length > 1 && line[1] is ' ' or '\t';
        }

        var digits = 0;
        while (digits < line.Length && char.IsAsciiDigit(line[digits]))
        {
            digits++;
        }

        return digits is >= 1 and <= 9 && digits + 1 < line.Length && line[digits] is '.' or ')' && line[digits + 1] == ' '
            && (!interrupts || (digits == 1 && line[0] == '1'));
    }

    private static int RunLength(ReadOnlySpan<char> line, char c)
    {
        var length = line.IndexOfAnyExcept(c);
        return length < 0 ? line.Length : length;
    }
}
