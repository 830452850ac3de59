using System.Text;

namespace Berth.Tty;

/// <summary>
/// Turns a terminal's bytes into keys, whatever way they are cut into reads. A sequence that means no key is dropped
/// whole: none of its characters ends up in the line. Where a byte could begin a sequence or be a key itself (ESC), time
/// decides: the owner calls <see cref="Flush"/> when nothing came for <see cref="Patience"/>.
/// </summary>
internal sealed class KeyParser
{
    private static readonly TimeSpan EscapePatience = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan PastePatience = TimeSpan.FromSeconds(2);
    private const int LongestSequence = 64;

    private enum State : byte
    {
        Ground,
        Escape,
        Csi,
        LinuxFunction,
        Ss3,
        ControlString,
        ControlStringEscape,
        Paste,
    }

    private readonly byte[] sequence = new byte[LongestSequence];
    private readonly byte[] utf8 = new byte[4];
    private readonly StringBuilder text = new();
    private readonly PasteReader paste = new();
    private State state;
    private int sequenceLength;
    private int utf8Length;
    private bool alt;

    /// <summary>How long to wait for the rest of what began; null when nothing is open.</summary>
    public TimeSpan? Patience => state switch
    {
        State.Ground => utf8Length > 0 ? EscapePatience : null,
        State.Paste => PastePatience,
        _ => EscapePatience,
    };

    /// <summary>Reads bytes and adds the keys they complete.</summary>
    public void Feed(ReadOnlySpan<byte> bytes, List<Key> keys)
    {
        foreach (var b in bytes)
        {
            Next(b, keys);
        }

        EndText(keys);
    }

    /// <summary>Nothing came for a while: what is open is complete as it stands, or is dropped.</summary>
    public void Flush(List<Key> keys)
    {
        var open = state;
        state = State.Ground;
        switch (open)
        {
            case State.Escape:
                keys.Add(new Key(KeyCode.Escape, alt ? KeyModifiers.Alt : KeyModifiers.None));
                break;
            case State.Csi when sequenceLength == 0:
                keys.Add(new Key(KeyCode.Text, KeyModifiers.Alt, "["));
                break;
            case State.Ss3:
                keys.Add(new Key(KeyCode.Text, KeyModifiers.Alt, "O"));
                break;
            case State.Paste:
                keys.Add(paste.Take());
                break;
            case State.Ground when utf8Length > 0:
                utf8Length = 0;
                AddCharacter(Rune.ReplacementChar, keys);
                break;
        }

        alt = false;
        EndText(keys);
    }

    private void Next(byte b, List<Key> keys)
    {
        switch (state)
        {
            case State.Ground:
                Ground(b, keys);
                break;
            case State.Escape:
                AfterEscape(b, keys);
                break;
            case State.Csi:
                InControlSequence(b, keys);
                break;
            case State.LinuxFunction:
                // The Linux console's F1…F5 are CSI [ A … E.
                End();
                if (b is >= (byte)'A' and <= (byte)'E')
                {
                    keys.Add(new Key(KeyCode.Function, KeyModifiers.None, ((char)(b - 'A' + '1')).ToString()));
                }

                break;
            case State.Ss3:
                var modifiers = Held();
                End();
                if (KeySequences.TryFinal((char)b, modifiers, out var key))
                {
                    keys.Add(key);
                }

                break;
            case State.ControlString:
                state = b switch { 0x1B => State.ControlStringEscape, 0x07 => State.Ground, _ => state };
                break;
            case State.ControlStringEscape:
                state = b == (byte)'\\' ? State.Ground : b == 0x1B ? State.ControlStringEscape : State.ControlString;
                break;
            case State.Paste:
                if (paste.Ends(b))
                {
                    state = State.Ground;
                    keys.Add(paste.Take());
                }

                break;
        }
    }

    private void Ground(byte b, List<Key> keys)
    {
        if (b >= 0x80 || utf8Length > 0)
        {
            Utf8(b, keys);
            return;
        }

        if (b == 0x1B)
        {
            EndText(keys);
            state = State.Escape;
            return;
        }

        if (b is >= 0x20 and < 0x7F)
        {
            AddCharacter(new Rune(b), keys);
            return;
        }

        var modifiers = Held();
        alt = false;
        EndText(keys);
        keys.Add(b switch
        {
            0x0D => new Key(KeyCode.Enter, modifiers),
            0x09 => new Key(KeyCode.Tab, modifiers),
            0x7F => new Key(KeyCode.Backspace, modifiers),
            0x00 => new Key(KeyCode.Text, modifiers | KeyModifiers.Ctrl, " "),
            <= 26 => new Key(KeyCode.Text, modifiers | KeyModifiers.Ctrl, ((char)(b + 0x60)).ToString()),
            _ => new Key(KeyCode.Text, modifiers | KeyModifiers.Ctrl, ((char)(b + 0x40)).ToString()),
        });
    }

    private void AfterEscape(byte b, List<Key> keys)
    {
        switch (b)
        {
            case (byte)'[':
                sequenceLength = 0;
                state = State.Csi;
                break;
            case (byte)'O':
                state = State.Ss3;
                break;
            case (byte)']' or (byte)'P' or (byte)'_' or (byte)'^' or (byte)'X':
                state = State.ControlString;
                break;
            case 0x1B when alt:
                keys.Add(new Key(KeyCode.Escape));
                break;
            case 0x1B:
                // Two of them: Escape and a new beginning, or Alt with a key that sends a sequence.
                alt = true;
                break;
            default:
                state = State.Ground;
                alt = true;
                Ground(b, keys);
                break;
        }
    }

    private void InControlSequence(byte b, List<Key> keys)
    {
        if (b is < 0x20 or >= 0x7F)
        {
            // No sequence holds such a byte: what began is void, and the byte counts by itself.
            End();
            Next(b, keys);
        }
        else if (b == (byte)'[' && sequenceLength == 0)
        {
            state = State.LinuxFunction;
        }
        else if (b < 0x40)
        {
            // Longer than any key: the rest is read and forgotten.
            sequenceLength = Math.Min(sequenceLength + 1, LongestSequence + 1);
            if (sequenceLength <= LongestSequence)
            {
                sequence[sequenceLength - 1] = b;
            }
        }
        else
        {
            EndControlSequence((char)b, keys);
        }
    }

    private void EndControlSequence(char final, List<Key> keys)
    {
        var modifiers = Held();
        var length = sequenceLength;
        End();
        if (length > LongestSequence)
        {
            return;
        }

        Span<int> numbers = stackalloc int[8];
        if (!TryNumbers(sequence.AsSpan(0, length), numbers, out var count, out var released))
        {
            return;
        }

        if (final == '~' && count == 1 && numbers[0] == 200)
        {
            state = State.Paste;
        }
        else if (KeySequences.TryControlSequence(numbers[..count], released, final, out var key))
        {
            keys.Add(key with { Modifiers = key.Modifiers | modifiers });
        }
    }

    // "13:1;2:3" → 13, 2; the event type of kitty's second parameter (3) says that the key was let go.
    private static bool TryNumbers(ReadOnlySpan<byte> bytes, Span<int> numbers, out int count, out bool released)
    {
        count = 0;
        released = false;
        var value = 0;
        var sub = 0;
        var subValue = 0;
        foreach (var b in bytes)
        {
            if (b is >= (byte)'0' and <= (byte)'9')
            {
                if (sub == 0)
                {
                    value = Math.Min((value * 10) + (b - '0'), 10_000_000);
                }
                else if (sub == 1)
                {
                    subValue = Math.Min((subValue * 10) + (b - '0'), 100);
                }
            }
            else if (b == (byte)':')
            {
                sub++;
            }
            else if (b == (byte)';' && count < numbers.Length - 1)
            {
                numbers[count++] = value;
                released |= count == 2 && subValue == 3;
                value = sub = subValue = 0;
            }
            else
            {
                return false;
            }
        }

        if (bytes.Length > 0)
        {
            numbers[count++] = value;
            released |= count == 2 && subValue == 3;
        }

        return true;
    }

    private void Utf8(byte b, List<Key> keys)
    {
        if (utf8Length > 0 && b is < 0x80 or >= 0xC0)
        {
            // The character before was cut off.
            utf8Length = 0;
            AddCharacter(Rune.ReplacementChar, keys);
            Ground(b, keys);
            return;
        }

        utf8[utf8Length++] = b;
        var status = Rune.DecodeFromUtf8(utf8.AsSpan(0, utf8Length), out var rune, out _);
        if (status == System.Buffers.OperationStatus.NeedMoreData)
        {
            return;
        }

        utf8Length = 0;
        if (status != System.Buffers.OperationStatus.Done)
        {
            AddCharacter(Rune.ReplacementChar, keys);
        }
        else if (rune.Value >= 0xA0)
        {
            AddCharacter(rune, keys);
        }
    }

    private void AddCharacter(Rune rune, List<Key> keys)
    {
        if (alt)
        {
            alt = false;
            EndText(keys);
            keys.Add(new Key(KeyCode.Text, KeyModifiers.Alt, rune.ToString()));
            return;
        }

        text.Append(rune.ToString());
    }

    private void EndText(List<Key> keys)
    {
        if (text.Length > 0)
        {
            keys.Add(new Key(KeyCode.Text, KeyModifiers.None, text.ToString()));
            text.Clear();
        }
    }

    private KeyModifiers Held() => alt ? KeyModifiers.Alt : KeyModifiers.None;

    private void End()
    {
        state = State.Ground;
        alt = false;
    }
}
