using System.Text;

namespace Berth.Core.Web;

/// <summary>Markdown that is being written from a page: white space as browsers collapse it, and line ends where they belong.</summary>
internal sealed class MarkdownText
{
    private readonly StringBuilder text = new();
    private int breaks;
    private int code;
    private bool space;
    private bool isFresh = true;
    private bool hasCell;

    /// <summary>How long it is so far.</summary>
    public int Length => text.Length;

    /// <inheritdoc/>
    public override string ToString() => text.ToString();

    /// <summary>Text of the page.</summary>
    public void Add(string words)
    {
        foreach (var c in words)
        {
            if (code > 0)
            {
                isFresh = false;
                text.Append(c);
            }
            else if (char.IsWhiteSpace(c) && c != '\u00a0')
            {
                space = true;
            }
            else
            {
                Begin();
                isFresh = false;
                text.Append(c == '\u00a0' ? ' ' : c);
            }
        }
    }

    /// <summary>What follows begins a new line, or with 2 a new paragraph. Nothing happens behind a mark without text.</summary>
    public void Break(int lines)
    {
        if (code == 0 && !isFresh)
        {
            breaks = Math.Max(breaks, lines);
            space = false;
            hasCell = false;
        }
    }

    /// <summary>The page's own line end.</summary>
    public void NewLine()
    {
        if (code > 0)
        {
            text.Append('\n');
        }

        Break(1);
    }

    /// <summary>The mark that begins a line: of a heading, an item.</summary>
    public void Mark(string mark)
    {
        if (code == 0)
        {
            Begin();
            text.Append(mark);
            isFresh = true;
        }
    }

    /// <summary>A mark before words.</summary>
    /// <returns>Where it stands.</returns>
    public int Open(string mark)
    {
        if (code == 0)
        {
            var was = isFresh;
            Begin();
            text.Append(mark);
            isFresh = was;
        }

        return text.Length - mark.Length;
    }

    /// <summary>A mark behind words.</summary>
    public void Close(string mark)
    {
        if (code == 0)
        {
            text.Append(mark);
        }
    }

    /// <summary>Takes back a mark behind which no word stands.</summary>
    /// <returns>Whether it did.</returns>
    public bool TakeBack(int at)
    {
        if (code > 0 || at != text.Length - 1)
        {
            return code > 0;
        }

        text.Length = at;
        return true;
    }

    /// <summary>A cell of a table begins.</summary>
    public void Cell()
    {
        if (hasCell && code == 0)
        {
            Begin();
            text.Append(text.Length > 0 && text[^1] == ' ' ? "| " : " | ");
        }

        hasCell = true;
    }

    /// <summary>Text that keeps its white space begins.</summary>
    public void BeginCode()
    {
        if (code++ == 0)
        {
            code = 0;
            Begin();
            code = 1;
            text.Append("```\n");
        }
    }

    /// <summary>It ends.</summary>
    public void EndCode()
    {
        if (code > 0 && --code == 0)
        {
            text.Append(text.Length > 0 && text[^1] == '\n' ? "```" : "\n```");
            isFresh = false;
            Break(2);
        }
    }

    // Writes the line ends and the blank that wait.
    private void Begin()
    {
        if (breaks > 0 && text.Length > 0)
        {
            while (text.Length > 0 && text[^1] is ' ')
            {
                text.Length--;
            }

            text.Append('\n', breaks);
        }
        else if (space && text.Length > 0 && !char.IsWhiteSpace(text[^1]) && !isFresh)
        {
            text.Append(' ');
        }

        (breaks, space) = (0, false);
    }
}
