using Berth.Editor;
using Berth.Protocol.Messages;
using Berth.Tty;

namespace Berth.App;

/// <summary>
/// Which key means what: one table. A key is written as <c>ctrl+a</c>, <c>alt+enter</c>, <c>shift+tab</c>, <c>f5</c>.
/// </summary>
internal sealed class KeyMap
{
    /// <summary>
    /// The actions with the keys they have without any configuration: bindings parted by commas, a blank between two keys
    /// that follow each other.
    /// </summary>
    internal static readonly (string Action, string Keys, Command Command)[] Table =
    [
        ("send", "enter", Command.Send),
        ("new_line", "alt+enter, ctrl+j, shift+enter, ctrl+enter", Command.NewLine),
        ("interrupt", "escape", Command.Interrupt),
        ("clear_or_leave", "ctrl+c", Command.ClearOrLeave),
        ("leave_or_delete", "ctrl+d", Command.LeaveOrDelete),
        ("background", "ctrl+b, ctrl+x b, ctrl+x ctrl+b", Command.Background),
        ("clear_screen", "ctrl+l", Command.ClearScreen),
        ("suspend", "ctrl+z", Command.Suspend),
        ("complete", "tab", Command.Complete),
        ("complete_back", "shift+tab", Command.CompleteBack),
        ("history_search", "ctrl+r", Command.HistorySearch),
        ("up", "up", Command.Up),
        ("down", "down", Command.Down),
        ("history_older", "ctrl+p", Command.HistoryOlder),
        ("history_newer", "ctrl+n", Command.HistoryNewer),
        ("left", "left", Command.Left),
        ("right", "right, ctrl+f", Command.Right),
        ("word_left", "ctrl+left, alt+left, alt+b", Command.WordLeft),
        ("word_right", "ctrl+right, alt+right, alt+f", Command.WordRight),
        ("line_start", "home, ctrl+a", Command.LineStart),
        ("line_end", "end, ctrl+e", Command.LineEnd),
        ("text_start", "ctrl+home, alt+<", Command.TextStart),
        ("text_end", "ctrl+end, alt+>", Command.TextEnd),
        ("delete_left", "backspace, shift+backspace, ctrl+h", Command.DeleteLeft),
        ("delete_right", "delete", Command.DeleteRight),
        ("delete_word_left", "alt+backspace, ctrl+backspace", Command.DeleteWordLeft),
        ("delete_word_right", "alt+d, ctrl+delete", Command.DeleteWordRight),
        ("delete_big_word_left", "ctrl+w", Command.DeleteBigWordLeft),
        ("delete_to_line_start", "ctrl+u", Command.DeleteToLineStart),
        ("delete_to_line_end", "ctrl+k", Command.DeleteToLineEnd),
        ("yank", "ctrl+y", Command.Yank),
        ("transpose", "ctrl+t", Command.Transpose),
        ("undo", "ctrl+_, ctrl+/", Command.Undo),
        ("slot1", "alt+1", Command.Slot1),
        ("slot2", "alt+2", Command.Slot2),
        ("slot3", "alt+3", Command.Slot3),
        ("slot4", "alt+4", Command.Slot4),
        ("slot5", "alt+5", Command.Slot5),
        ("slot6", "alt+6", Command.Slot6),
        ("slot7", "alt+7", Command.Slot7),
        ("slot8", "alt+8", Command.Slot8),
        ("slot9", "alt+9", Command.Slot9),
    ];

    private readonly Dictionary<string, Command> commands = [];
    private readonly HashSet<string> prefixes = [];

    /// <summary>The keys as they are without any configuration.</summary>
    public KeyMap()
        : this([])
    {
    }

    /// <summary>The keys with those that the configuration binds; an action that it binds has no others.</summary>
    public KeyMap(IReadOnlyList<BoundKeys> bound)
    {
        foreach (var one in bound)
        {
            Bind(one.Keys, CommandOf(one.Action));
        }

        foreach (var (action, keys, command) in Table)
        {
            if (!IsBound(bound, action))
            {
                Bind(keys, command);
            }
        }
    }

    /// <summary>What keys mean; <see cref="Command.None"/> for those that are not bound.</summary>
    /// <param name="keys">A key by its name, or two with a blank between.</param>
    public Command this[string keys] => commands.GetValueOrDefault(keys);

    /// <summary>Whether a key is the first of two.</summary>
    public bool IsPrefix(string key) => prefixes.Contains(key);

    private static bool IsBound(IReadOnlyList<BoundKeys> bound, string action)
    {
        foreach (var one in bound)
        {
            if (one.Action == action)
            {
                return true;
            }
        }

        return false;
    }

    private static Command CommandOf(string action)
    {
        foreach (var row in Table)
        {
            if (row.Action == action)
            {
                return row.Command;
            }
        }

        return Command.None;
    }

    // What is bound first has a key: the configuration comes before what is built in.
    private void Bind(string bindings, Command command)
    {
        foreach (var keys in bindings.Split(", "))
        {
            commands.TryAdd(keys, command);
            var blank = keys.IndexOf(' ');
            if (blank > 0)
            {
                prefixes.Add(keys[..blank]);
            }
        }
    }

    /// <summary>The key as it is written in the table.</summary>
    public static string Name(Key key)
    {
        var name = key.Code switch
        {
            KeyCode.Text => key.Text == " " ? "space" : key.Text.ToLowerInvariant(),
            KeyCode.Function => "f" + key.Text,
            KeyCode.Enter => "enter",
            KeyCode.Tab => "tab",
            KeyCode.Escape => "escape",
            KeyCode.Backspace => "backspace",
            KeyCode.Delete => "delete",
            KeyCode.Insert => "insert",
            KeyCode.Up => "up",
            KeyCode.Down => "down",
            KeyCode.Left => "left",
            KeyCode.Right => "right",
            KeyCode.Home => "home",
            KeyCode.End => "end",
            KeyCode.PageUp => "pageup",
            KeyCode.PageDown => "pagedown",
            _ => "",
        };
        var shift = Has(KeyModifiers.Shift) && key.Code != KeyCode.Text ? "shift+" : "";
        return (Has(KeyModifiers.Ctrl) ? "ctrl+" : "") + (Has(KeyModifiers.Alt) ? "alt+" : "") + shift + name;

        bool Has(KeyModifiers modifier) => (key.Modifiers & modifier) != KeyModifiers.None;
    }
}
