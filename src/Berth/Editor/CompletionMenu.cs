using Berth.Protocol.Messages;
using Berth.Rendering;

namespace Berth.Editor;

/// <summary>
/// The candidates for what stands at the caret. It opens by itself under a command that is being typed, and then only
/// informs; Tab enters it. Nothing is replaced before that, so Enter always sends what was typed.
/// </summary>
internal sealed class CompletionMenu(Completions completions)
{
    private const int MostRows = 8;
    private const int Unselected = -1;

    /// <summary>The row that is chosen, when the menu was entered.</summary>
    public int Selected { get; private set; } = Unselected;

    /// <summary>Whether Tab was pressed in it.</summary>
    public bool IsEntered => Selected != Unselected;

    /// <summary>The part of the line the candidates replace, and the candidates.</summary>
    public Completions Completions => completions;

    /// <summary>The chosen candidate.</summary>
    public Completion? Choice => IsEntered ? completions.Items[Selected] : null;

    /// <summary>Moves the choice, round and round.</summary>
    public void Move(int rows)
    {
        var count = completions.Items.Count;
        Selected = IsEntered ? (Selected + rows + count) % count : rows > 0 ? 0 : count - 1;
    }

    /// <summary>What all candidates begin with.</summary>
    public string CommonPrefix
    {
        get
        {
            var prefix = completions.Items[0].Text;
            foreach (var item in completions.Items)
            {
                prefix = prefix[..prefix.AsSpan().CommonPrefixLength(item.Text)];
            }

            return prefix;
        }
    }

    /// <summary>The rows around the choice, with what each candidate is.</summary>
    public void Draw(int columns, int room, List<Row> rows)
    {
        var count = Math.Min(Math.Min(MostRows, room), completions.Items.Count);
        var first = Math.Clamp(Selected - (count / 2), 0, Math.Max(completions.Items.Count - count, 0));
        var widest = 0;
        for (var i = first; i < first + count; i++)
        {
            widest = Math.Max(widest, Widths.Of(SafeText.Clean(completions.Items[i].Text)));
        }

        widest = Math.Min(widest, Math.Max(columns / 2, 10));
        for (var i = first; i < first + count; i++)
        {
            var item = completions.Items[i];
            var name = new Row(item.Text, i == Selected ? new Style(Color.Cyan, Emphasis.Bold) : Style.Plain).CutTo(widest);
            var row = name.After(new Piece(i == Selected ? "❯ " : "  ", new Style(Color.Cyan)));
            if (item.Note is { Length: > 0 } note)
            {
                var gap = new string(' ', widest - name.Width + 2);
                row = new Row(new Piece(gap), new Piece(note, Style.Dim)).After(row.Pieces);
            }

            rows.Add(row.CutTo(columns));
        }
    }
}
