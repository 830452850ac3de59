namespace Berth.Tty;

/// <summary>What a key is, apart from its modifiers.</summary>
internal enum KeyCode : byte
{
    /// <summary>One or more printable characters, or one character with Ctrl or Alt.</summary>
    Text,

    /// <summary>A bracketed paste; <see cref="Key.Text"/> is what was pasted, line ends as <c>\n</c>.</summary>
    Paste,
    Enter,
    Tab,
    Escape,
    Backspace,
    Delete,
    Insert,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,

    /// <summary>A function key; <see cref="Key.Text"/> is its number.</summary>
    Function,
}

/// <summary>Keys held down with another. The bits are those of xterm's and kitty's modifier parameter.</summary>
[Flags]
internal enum KeyModifiers : byte
{
    None = 0,
    Shift = 1,
    Alt = 2,
    Ctrl = 4,
}

/// <summary>One thing a person did at the keyboard.</summary>
internal sealed record Key(KeyCode Code, KeyModifiers Modifiers = KeyModifiers.None, string Text = "")
{
    /// <summary>Characters without Ctrl or Alt: something to put into the line.</summary>
    public bool IsPlainText => Code == KeyCode.Text && (Modifiers & (KeyModifiers.Ctrl | KeyModifiers.Alt)) == KeyModifiers.None;
}
