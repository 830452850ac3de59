using System.Text;

namespace Berth.Editor;

/// <summary>
/// The text a person writes, and everything that can be done to it without knowing the screen. The caret moves and
/// deletes by grapheme cluster; a collapsed paste is one.
/// </summary>
internal sealed class LineEditor
{
    private const int CollapseLines = 8;
    private const int CollapseCharacters = 1_000;
    private const int UndoSteps = 100;
    private const int UndoCharacters = 4_000_000;

    private readonly List<Draft> undo = [];
    private List<string> pastes = [];
    private string killed = "";
    private bool killing;
    private bool typing;

    /// <summary>The characters, with a placeholder for each collapsed paste.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The caret's place in <see cref="Text"/>.</summary>
    public int Caret { get; private set; }

    /// <summary>Nothing is written.</summary>
    public bool IsEmpty => Text.Length == 0;

    /// <summary>The line as it stands.</summary>
    public Draft Draft => new(Text, Caret, pastes);

    /// <summary>Replaces the line; what was there can be undone.</summary>
    public void Set(Draft draft)
    {
        Remember();
        pastes = [.. draft.Pastes];
        Text = draft.Text;
        Caret = Math.Clamp(draft.Caret, 0, Text.Length);
        killing = typing = false;
    }

    /// <summary>Replaces the line by a text, the caret at its end.</summary>
    public void Set(string text)
    {
        var clean = Clean(text);
        Set(new Draft(clean, clean.Length, []));
    }

    /// <summary>Nothing that stood here before can come back by undo: it was a secret, or another line.</summary>
    public void ForgetUndo() => undo.Clear();

    /// <summary>Empties the line.</summary>
    public void Clear() => Set(Draft.Empty);

    /// <summary>Puts typed text at the caret.</summary>
    public void Insert(string text)
    {
        var clean = Clean(text);
        if (clean.Length == 0)
        {
            return;
        }

        // A run of typing is one step to undo; a blank begins a new one.
        if (!typing || clean.Contains(' ') || clean.Length > 1)
        {
            Remember();
        }

        Splice(Caret, 0, clean);
        Caret += clean.Length;
        typing = true;
        killing = false;
    }

    /// <summary>Puts pasted text at the caret: a large one as a placeholder.</summary>
    public void Paste(string text)
    {
        var clean = Clean(text);
        var lines = clean.AsSpan().Count('\n') + 1;
        if ((lines <= CollapseLines && clean.Length <= CollapseCharacters)
            || pastes.Count > Draft.LastPaste - Draft.FirstPaste)
        {
            Remember();
            Splice(Caret, 0, clean);
            Caret += clean.Length;
        }
        else
        {
            Remember();
            Splice(Caret, 0, ((char)(Draft.FirstPaste + pastes.Count)).ToString());
            pastes = [.. pastes, clean];
            Caret++;
        }

        killing = typing = false;
    }

    /// <summary>Replaces a part of the text; the caret goes behind it.</summary>
    public void Replace(int start, int length, string text)
    {
        start = Math.Clamp(start, 0, Text.Length);
        length = Math.Clamp(length, 0, Text.Length - start);
        var clean = Clean(text);
        Remember();
        Splice(start, length, clean);
        Caret = start + clean.Length;
        killing = typing = false;
    }

    /// <summary>Moves the caret to a place in the text.</summary>
    public void MoveTo(int place)
    {
        Caret = Math.Clamp(place, 0, Text.Length);
        killing = typing = false;
    }

    /// <summary>Does what concerns the text; false for a command that does not.</summary>
    public bool Do(Command command)
    {
        switch (command)
        {
            case Command.NewLine:
                Insert("\n");
                return true;
            case Command.Left:
                MoveTo(Words.ClusterLeft(Text, Caret));
                return true;
            case Command.Right:
                MoveTo(Words.ClusterRight(Text, Caret));
                return true;
            case Command.WordLeft:
                MoveTo(Words.WordLeft(Text, Caret));
                return true;
            case Command.WordRight:
                MoveTo(Words.WordRight(Text, Caret));
                return true;
            case Command.LineStart:
                MoveTo(Words.LineStart(Text, Caret));
                return true;
            case Command.LineEnd:
                MoveTo(Words.LineEnd(Text, Caret));
                return true;
            case Command.TextStart:
                MoveTo(0);
                return true;
            case Command.TextEnd:
                MoveTo(Text.Length);
                return true;
            case Command.DeleteLeft:
                Delete(Words.ClusterLeft(Text, Caret), Caret);
                return true;
            case Command.DeleteRight:
                Delete(Caret, Words.ClusterRight(Text, Caret));
                return true;
            default:
                return DoKill(command);
        }
    }

    private bool DoKill(Command command)
    {
        switch (command)
        {
            case Command.DeleteWordLeft:
                Kill(Words.WordLeft(Text, Caret), Caret);
                return true;
            case Command.DeleteBigWordLeft:
                Kill(Words.BigWordLeft(Text, Caret), Caret);
                return true;
            case Command.DeleteWordRight:
                Kill(Caret, Words.WordRight(Text, Caret));
                return true;
            case Command.DeleteToLineStart:
                Kill(Words.LineStart(Text, Caret), Caret);
                return true;
            case Command.DeleteToLineEnd:
                var end = Words.LineEnd(Text, Caret);
                Kill(Caret, end == Caret ? Words.ClusterRight(Text, Caret) : end);
                return true;
            case Command.Yank:
                Replace(Caret, 0, killed);
                return true;
            case Command.Transpose:
                Transpose();
                return true;
            case Command.Undo:
                Undo();
                return true;
            default:
                return false;
        }
    }

    private void Delete(int from, int to)
    {
        if (from != to)
        {
            Remember();
            Splice(from, to - from, "");
            Caret = from;
        }

        killing = typing = false;
    }

    // Kills in a row are yanked as one, as in readline.
    private void Kill(int from, int to)
    {
        var part = Text[from..to];
        killed = !killing ? part : from < Caret ? part + killed : killed + part;
        Delete(from, to);
        killing = true;
    }

    private void Transpose()
    {
        var right = Caret == Text.Length ? Caret : Words.ClusterRight(Text, Caret);
        var middle = Words.ClusterLeft(Text, right);
        var left = Words.ClusterLeft(Text, middle);
        if (left < middle && middle < right && !Text[left..right].Contains('\n'))
        {
            Replace(left, right - left, Text[middle..right] + Text[left..middle]);
        }
    }

    private void Undo()
    {
        if (undo.Count == 0)
        {
            return;
        }

        var before = undo[^1];
        undo.RemoveAt(undo.Count - 1);
        Text = before.Text;
        Caret = before.Caret;
        pastes = [.. before.Pastes];
        killing = typing = false;
    }

    private void Remember()
    {
        if (undo.Count > 0 && undo[^1].Text == Text)
        {
            return;
        }

        undo.Add(new Draft(Text, Caret, pastes));
        if (undo.Count > UndoSteps || undo.Count * Text.Length > UndoCharacters)
        {
            undo.RemoveRange(0, (undo.Count / 2) + 1);
        }
    }

    private void Splice(int start, int length, string text) =>
        Text = string.Concat(Text.AsSpan(0, start), text, Text.AsSpan(start + length));

    // A line holds text, line ends and tabs. Placeholders come from here alone, so a yanked one is only kept when its
    // paste is known.
    private string Clean(string text)
    {
        foreach (var c in text)
        {
            if (IsDropped(c))
            {
                var clean = new StringBuilder(text.Length);
                foreach (var kept in text)
                {
                    if (!IsDropped(kept))
                    {
                        clean.Append(kept);
                    }
                }

                return clean.ToString();
            }
        }

        return text;
    }

    private bool IsDropped(char c) => c is < ' ' and not '\n' and not '\t' or >= '\x7F' and < '\xA0'
        || (Draft.IsPaste(c) && c - Draft.FirstPaste >= pastes.Count);
}
