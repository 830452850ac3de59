using Berth.Editor;
using Berth.Protocol.Messages;
using Berth.Tty;

namespace Berth.App;

/// <summary>
/// The line a person writes in, with its history, its search and its completion menu. It takes the keys that concern it;
/// what is left is the terminal's.
/// </summary>
internal sealed class InputLine
{
    private HistorySearch? search;
    private CompleteLine? asked;
    private bool completionAsked;

    /// <summary>The text and the caret.</summary>
    public LineEditor Editor { get; } = new();

    /// <summary>The lines sent before.</summary>
    public InputHistory History { get; } = new();

    /// <summary>The candidates that are shown; null without any.</summary>
    public CompletionMenu? Menu { get; private set; }

    /// <summary>The text for which candidates should be asked for now.</summary>
    public CompleteLine? Wanted { get; private set; }

    /// <summary>What Ctrl+R looks for; null when it does not look.</summary>
    public string? SearchQuery => search?.Query;

    /// <summary>Puts plain text or a paste into the line.</summary>
    public void Type(Key key)
    {
        if (search is not null && key.Code == KeyCode.Text)
        {
            search.Type(key.Text);
            return;
        }

        EndSearch(accept: true);
        if (key.Code == KeyCode.Paste)
        {
            Editor.Paste(key.Text);
        }
        else
        {
            Editor.Insert(key.Text);
        }

        Changed();
    }

    /// <summary>Does what a command means for the line; false when it means something else.</summary>
    /// <param name="columns">The screen's width: Up and Down move between its rows.</param>
    public bool Do(Command command, int columns)
    {
        if (search is not null && DoInSearch(command))
        {
            return true;
        }

        if (Menu is { IsEntered: true } && DoInMenu(command))
        {
            return true;
        }

        switch (command)
        {
            case Command.Complete or Command.CompleteBack:
                Complete(command == Command.Complete ? 1 : -1);
                return true;
            case Command.HistorySearch:
                search = new HistorySearch(History);
                return true;
            case Command.Up or Command.Down:
                Vertical(command == Command.Up ? -1 : 1, columns);
                return true;
            case Command.HistoryOlder:
                Show(History.Older(Editor.Draft));
                return true;
            case Command.HistoryNewer:
                Show(History.Newer());
                return true;
            case Command.Send when BackslashIsNewLine():
                return true;
            case Command.LeaveOrDelete when !Editor.IsEmpty:
                Editor.Do(Command.DeleteRight);
                Changed();
                return true;
            case Command.Interrupt when Menu is not null:
                Menu = null;
                return true;
        }

        if (!Editor.Do(command))
        {
            return false;
        }

        Changed();
        return true;
    }

    /// <summary>The line as it goes away; it is empty then.</summary>
    public string Take()
    {
        var text = Editor.Draft.Expanded;
        Editor.Clear();
        Menu = null;
        Wanted = null;
        History.Rewind();
        return text;
    }

    /// <summary>Puts a draft into the line.</summary>
    public void Set(Draft draft)
    {
        Editor.Set(draft);
        Menu = null;
        search = null;
        History.Rewind();
    }

    /// <summary>Closes the menu or the search; false when neither was open.</summary>
    public bool Close()
    {
        var was = Menu is not null || search is not null;
        Menu = null;
        search = null;
        return was;
    }

    /// <summary>The text is being asked about.</summary>
    public void Asked()
    {
        asked = Wanted;
        Wanted = null;
    }

    /// <summary>The candidates came, and count while the line is what it was asked about. Asked for with Tab, a single one is taken and what all share is filled in.</summary>
    public void Offer(Completions completions)
    {
        if (asked is null || asked.Text != Editor.Text || asked.Caret != Editor.Caret)
        {
            return;
        }

        var isTab = completionAsked;
        completionAsked = false;
        Menu = completions.Items.Count == 0 ? null : new CompletionMenu(completions);
        if (Menu is null || !isTab)
        {
            return;
        }

        if (completions.Items.Count == 1)
        {
            Accept(completions.Items[0]);
            return;
        }

        var prefix = Menu.CommonPrefix;
        if (prefix.Length > completions.Length && completions.Start + completions.Length <= Editor.Text.Length)
        {
            Editor.Replace(completions.Start, completions.Length, prefix);
            Menu = new CompletionMenu(completions with { Length = prefix.Length });
        }
    }

    private bool DoInSearch(Command command)
    {
        switch (command)
        {
            case Command.HistorySearch:
                search!.Older();
                return true;
            case Command.DeleteLeft:
                search!.Erase();
                return true;
            case Command.Interrupt or Command.ClearOrLeave:
                EndSearch(accept: false);
                return true;
            case Command.Send:
                EndSearch(accept: true);
                return true;
            default:
                EndSearch(accept: true);
                return false;
        }
    }

    private bool DoInMenu(Command command)
    {
        switch (command)
        {
            case Command.Send:
                Accept(Menu!.Choice!);
                return true;
            case Command.Interrupt or Command.ClearOrLeave:
                Menu = null;
                return true;
            case Command.Up:
                Menu!.Move(-1);
                return true;
            case Command.Down:
                Menu!.Move(1);
                return true;
            default:
                return false;
        }
    }

    private void EndSearch(bool accept)
    {
        if (accept && search?.Match is { } match)
        {
            Editor.Set(match);
        }

        search = null;
    }

    /// <summary>The line that the search found; null when it found none or does not look.</summary>
    public string? SearchMatch => search?.Match;

    private void Complete(int direction)
    {
        if (Menu is { Completions.Items.Count: 1 })
        {
            Accept(Menu.Completions.Items[0]);
        }
        else if (Menu is not null)
        {
            Menu.Move(direction);
        }
        else
        {
            completionAsked = true;
            Wanted = new CompleteLine(Editor.Text, Editor.Caret);
        }
    }

    // A candidate that ends here gets a blank behind it; a directory may go on.
    private void Accept(Completion choice)
    {
        var (start, length, _) = Menu!.Completions;
        Menu = null;
        var goesOn = choice.Text.EndsWith('/') || choice.Text.EndsWith(' ') || choice.Text.EndsWith(':');
        var atEnd = start + length >= Editor.Text.Length;
        Editor.Replace(start, length, goesOn || !atEnd ? choice.Text : choice.Text + " ");
        Changed();
    }

    private void Vertical(int rowsDown, int columns)
    {
        var layout = EditorLayout.Of(Editor.Draft, columns);
        if (layout.Vertically(rowsDown) is { } place)
        {
            Editor.MoveTo(place);
        }
        else
        {
            Show(rowsDown < 0 ? History.Older(Editor.Draft) : History.Newer());
        }
    }

    private void Show(Draft? draft)
    {
        if (draft is not null)
        {
            Editor.Set(draft);
            Menu = null;
        }
    }

    private bool BackslashIsNewLine()
    {
        if (Editor.Caret == 0 || Editor.Caret != Editor.Text.Length || Editor.Text[^1] != '\\')
        {
            return false;
        }

        Editor.Replace(Editor.Caret - 1, 1, "\n");
        Changed();
        return true;
    }

    // Under a command or a mention the menu is there without being asked for.
    private void Changed()
    {
        History.Rewind();
        var text = Editor.Text;
        if ((text.StartsWith('/') && !text.Contains('\n')) || MentionWord.Start(text, Editor.Caret) >= 0)
        {
            Wanted = new CompleteLine(text, Editor.Caret);
        }
        else
        {
            Menu = null;
            Wanted = null;
        }
    }
}
