using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Berth.Tty;

/// <summary>
/// What the control sequences of a keyboard mean: xterm's and VT220's function keys, xterm's modifyOtherKeys
/// (<c>CSI 27 ; modifiers ; code ~</c>) and kitty's keyboard protocol (<c>CSI code ; modifiers u</c>).
/// </summary>
internal static class KeySequences
{
    private const int ModifierMask = (int)(KeyModifiers.Shift | KeyModifiers.Alt | KeyModifiers.Ctrl);

    // Bits of the modifier parameter that say "caps lock" and "num lock": they change no binding.
    private const int Locks = 64 | 128;

    /// <summary>The key of <c>CSI parameters final</c>; false for everything that is no key.</summary>
    public static bool TryControlSequence(ReadOnlySpan<int> numbers, bool released, char final, [NotNullWhen(true)] out Key? key)
    {
        key = null;
        if (released)
        {
            return false;
        }

        if (final == 'u')
        {
            return numbers.Length > 0 && TryModifiers(numbers, 1, out var held) && TryCodePoint(numbers[0], held, out key);
        }

        if (final == '~' && numbers.Length >= 3 && numbers[0] == 27)
        {
            return TryModifiers(numbers, 1, out var held) && TryCodePoint(numbers[2], held, out key);
        }

        if (!TryModifiers(numbers, 1, out var modifiers))
        {
            return false;
        }

        return final == '~'
            ? numbers.Length > 0 && TryNumbered(numbers[0], modifiers, out key)
            : TryFinal(final, modifiers, out key);
    }

    /// <summary>The key of <c>SS3 final</c>, or of a CSI sequence named by its final character alone.</summary>
    public static bool TryFinal(char final, KeyModifiers modifiers, [NotNullWhen(true)] out Key? key)
    {
        key = final switch
        {
            'A' => new Key(KeyCode.Up, modifiers),
            'B' => new Key(KeyCode.Down, modifiers),
            'C' => new Key(KeyCode.Right, modifiers),
            'D' => new Key(KeyCode.Left, modifiers),
            'F' => new Key(KeyCode.End, modifiers),
            'H' => new Key(KeyCode.Home, modifiers),
            'M' => new Key(KeyCode.Enter, modifiers),
            'P' or 'Q' or 'R' or 'S' => Function(final - 'P' + 1, modifiers),
            'Z' => new Key(KeyCode.Tab, modifiers | KeyModifiers.Shift),
            _ => null,
        };
        return key is not null;
    }

    private static bool TryNumbered(int number, KeyModifiers modifiers, [NotNullWhen(true)] out Key? key)
    {
        key = number switch
        {
            1 or 7 => new Key(KeyCode.Home, modifiers),
            2 => new Key(KeyCode.Insert, modifiers),
            3 => new Key(KeyCode.Delete, modifiers),
            4 or 8 => new Key(KeyCode.End, modifiers),
            5 => new Key(KeyCode.PageUp, modifiers),
            6 => new Key(KeyCode.PageDown, modifiers),
            >= 11 and <= 15 => Function(number - 10, modifiers),
            >= 17 and <= 21 => Function(number - 11, modifiers),
            23 or 24 => Function(number - 12, modifiers),
            _ => null,
        };
        return key is not null;
    }

    // Codes from 57344 on are kitty's own names for keys without a character; the keypad is among them.
    private static bool TryCodePoint(int code, KeyModifiers modifiers, [NotNullWhen(true)] out Key? key)
    {
        key = code switch
        {
            9 => new Key(KeyCode.Tab, modifiers),
            13 or 57414 => new Key(KeyCode.Enter, modifiers),
            27 => new Key(KeyCode.Escape, modifiers),
            8 or 127 => new Key(KeyCode.Backspace, modifiers),
            >= 57399 and <= 57408 => new Key(KeyCode.Text, modifiers, Digit(code - 57399)),
            57417 => new Key(KeyCode.Left, modifiers),
            57418 => new Key(KeyCode.Right, modifiers),
            57419 => new Key(KeyCode.Up, modifiers),
            57420 => new Key(KeyCode.Down, modifiers),
            57421 => new Key(KeyCode.PageUp, modifiers),
            57422 => new Key(KeyCode.PageDown, modifiers),
            57423 => new Key(KeyCode.Home, modifiers),
            57424 => new Key(KeyCode.End, modifiers),
            57425 => new Key(KeyCode.Insert, modifiers),
            57426 => new Key(KeyCode.Delete, modifiers),
            >= 32 and < 0xE000 or > 0xF8FF when System.Text.Rune.IsValid(code) && code is < 0x80 or >= 0xA0 =>
                Character(code, modifiers),
            _ => null,
        };
        return key is not null;
    }

    // A shifted letter without Ctrl or Alt is that letter in upper case; with them the binding names both.
    private static Key Character(int code, KeyModifiers modifiers)
    {
        var text = char.ConvertFromUtf32(code);
        return (modifiers & (KeyModifiers.Ctrl | KeyModifiers.Alt)) != KeyModifiers.None
            ? new Key(KeyCode.Text, modifiers, text)
            : new Key(KeyCode.Text, KeyModifiers.None, modifiers == KeyModifiers.Shift ? text.ToUpperInvariant() : text);
    }

    private static bool TryModifiers(ReadOnlySpan<int> numbers, int index, out KeyModifiers modifiers)
    {
        var bits = index < numbers.Length && numbers[index] > 0 ? (numbers[index] - 1) & ~Locks : 0;
        modifiers = (KeyModifiers)(bits & ModifierMask);
        return (bits & ~ModifierMask) == 0;
    }

    private static Key Function(int number, KeyModifiers modifiers) => new(KeyCode.Function, modifiers, Digit(number));

    private static string Digit(int number) => number.ToString(CultureInfo.InvariantCulture);
}
