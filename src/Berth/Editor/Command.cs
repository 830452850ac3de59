namespace Berth.Editor;

/// <summary>
/// What a key can mean. The key map says which key means what; the editor does what concerns the text, the terminal the
/// rest.
/// </summary>
internal enum Command
{
    None,

    // The line as a whole.
    Send,
    NewLine,
    Interrupt,
    ClearOrLeave,
    LeaveOrDelete,
    Background,
    ClearScreen,
    Suspend,
    Complete,
    CompleteBack,
    HistorySearch,
    Up,
    Down,
    HistoryOlder,
    HistoryNewer,

    // The caret.
    Left,
    Right,
    WordLeft,
    WordRight,
    LineStart,
    LineEnd,
    TextStart,
    TextEnd,

    // The text.
    DeleteLeft,
    DeleteRight,
    DeleteWordLeft,
    DeleteWordRight,
    DeleteBigWordLeft,
    DeleteToLineStart,
    DeleteToLineEnd,
    Yank,
    Transpose,
    Undo,

    // Slots 1 to 9 follow each other.
    Slot1,
    Slot2,
    Slot3,
    Slot4,
    Slot5,
    Slot6,
    Slot7,
    Slot8,
    Slot9,
}
