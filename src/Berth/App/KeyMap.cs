using Berth.Editor;
using Berth.Tty;

namespace Berth.App;

/// <summary>
/// Which key means what: one table. A key is written as <c>ctrl+a</c>, <c>alt+enter</c>, <c>shift+tab</c>, <c>f5</c>.
/// </summary>
internal sealed class KeyMap
{
    private static readonly (string Keys, Command Command)[] Defaults =
    [
        ("enter", Command.Send),
        ("alt+enter ctrl+j shift+enter ctrl+enter", Command.NewLine),
        ("escape", Command.Interrupt),
        ("ctrl+c", Command.ClearOrLeave),
        ("ctrl+d", Command.LeaveOrDelete),
        ("ctrl+b", Command.Background),
        ("ctrl+x", Command.BackgroundPrefix),
        ("ctrl+l", Command.ClearScreen),
        ("ctrl+z", Command.Suspend),
        ("tab", Command.Complete),
        ("shift+tab", Command.CompleteBack),
        ("ctrl+r", Command.HistorySearch),
        ("up", Command.Up),
        ("down", Command.Down),
        ("ctrl+p", Command.HistoryOlder),
        ("ctrl+n", Command.HistoryNewer),
        ("left", Command.Left),
        ("right ctrl+f", Command.Right),
        ("ctrl+left alt+left alt+b", Command.WordLeft),
        ("ctrl+right alt+right alt+f", Command.WordRight),
        ("home ctrl+a", Command.LineStart),
        ("end ctrl+e", Command.LineEnd),
        ("ctrl+home alt+<", Command.TextStart),
        ("ctrl+end alt+>", Command.TextEnd),
        ("backspace shift+backspace ctrl+h", Command.DeleteLeft),
        ("delete", Command.DeleteRight),
        ("alt+backspace ctrl+backspace", Command.DeleteWordLeft),
        ("alt+d ctrl+delete", Command.DeleteWordRight),
        ("ctrl+w", Command.DeleteBigWordLeft),
        ("ctrl+u", Command.DeleteToLineStart),
        ("ctrl+k", Command.DeleteToLineEnd),
        ("ctrl+y", Command.Yank),
        ("ctrl+t", Command.Transpose),
        ("ctrl+_ ctrl+/", Command.Undo),
        ("alt+1", Command.Slot1),
        ("alt+2", Command.Slot2),
        ("alt+3", Command.Slot3),
        ("alt+4", Command.Slot4),
        ("alt+5", Command.Slot5),
        ("alt+6", Command.Slot6),
        ("alt+7", Command.Slot7),
        ("alt+8", Command.Slot8),
        ("alt+9", Command.Slot9),
    ];

    private readonly Dictionary<string, Command> commands = [];

    /// <summary>The keys as they are without any configuration.</summary>
    public KeyMap()
    {
        foreach (var (keys, command) in Defaults)
        {
            foreach (var key in keys.Split(' '))
            {
                commands[key] = command;
            }
        }
    }

    /// <summary>What a key means; <see cref="Command.None"/> for one that is not bound.</summary>
    public Command this[Key key] => commands.GetValueOrDefault(Name(key));

    /// <summary>The key as it is written in the table.</summary>
    public static string Name(Key key)
    {
        var name = key.Code switch
        {
            KeyCode.Text => key.Text.ToLowerInvariant(),
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
