namespace Berth.Core.Settings;

/// <summary>What a key can do, with the keys it has without any configuration.</summary>
/// <param name="Name">As <c>keys.NAME</c> has it.</param>
/// <param name="Keys">Bindings, parted by commas; a blank stands between two keys that follow each other.</param>
public sealed record KeyAction(string Name, string Keys, string About);

/// <summary>The actions that keys can be bound to. The terminal's own table has the same; a test compares them.</summary>
public static class KeyActions
{
    /// <summary>The table.</summary>
    public static IReadOnlyList<KeyAction> All { get; } =
    [
        new("send", "enter", "send the line"),
        new("new_line", "alt+enter, ctrl+j, shift+enter, ctrl+enter", "a new line"),
        new("interrupt", "escape", "interrupt the turn; close a menu or a search first"),
        new("clear_or_leave", "ctrl+c", "clear the line, then interrupt; twice on an empty idle line: leave"),
        new("leave_or_delete", "ctrl+d", "leave, on an empty line; else delete to the right"),
        new("background", "ctrl+b, ctrl+x b, ctrl+x ctrl+b", "send the running command to the background"),
        new("clear_screen", "ctrl+l", "clear the screen"),
        new("suspend", "ctrl+z", "suspend the terminal"),
        new("complete", "tab", "complete; the next candidate"),
        new("complete_back", "shift+tab", "the candidate before"),
        new("history_search", "ctrl+r", "search the history"),
        new("up", "up", "the row above; at the first one, the older line"),
        new("down", "down", "the row below; at the last one, the newer line"),
        new("history_older", "ctrl+p", "the older line"),
        new("history_newer", "ctrl+n", "the newer line"),
        new("left", "left", "a character to the left"),
        new("right", "right, ctrl+f", "a character to the right"),
        new("word_left", "ctrl+left, alt+left, alt+b", "a word to the left"),
        new("word_right", "ctrl+right, alt+right, alt+f", "a word to the right"),
        new("line_start", "home, ctrl+a", "the line's beginning"),
        new("line_end", "end, ctrl+e", "the line's end"),
        new("text_start", "ctrl+home, alt+<", "the text's beginning"),
        new("text_end", "ctrl+end, alt+>", "the text's end"),
        new("delete_left", "backspace, shift+backspace, ctrl+h", "delete to the left"),
        new("delete_right", "delete", "delete to the right"),
        new("delete_word_left", "alt+backspace, ctrl+backspace", "delete a word to the left"),
        new("delete_word_right", "alt+d, ctrl+delete", "delete a word to the right"),
        new("delete_big_word_left", "ctrl+w", "delete to the blank on the left"),
        new("delete_to_line_start", "ctrl+u", "delete to the line's beginning"),
        new("delete_to_line_end", "ctrl+k", "delete to the line's end"),
        new("yank", "ctrl+y", "put back what was deleted"),
        new("transpose", "ctrl+t", "swap two characters"),
        new("undo", "ctrl+_, ctrl+/", "undo"),
        .. Enumerable.Range(1, 9).Select(n => new KeyAction($"slot{n}", $"alt+{n}", $"swap with slot {n}")),
    ];

    /// <summary>The action of a name; null when there is none.</summary>
    public static KeyAction? Find(string name) => All.FirstOrDefault(action => action.Name == name);
}
