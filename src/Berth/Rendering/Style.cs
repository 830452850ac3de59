namespace Berth.Rendering;

/// <summary>
/// The terminal's own sixteen colours: they look right on a dark and on a light background, because the person chose them.
/// The value is the SGR parameter; 0 is the default colour.
/// </summary>
internal enum Color : byte
{
    Default = 0,
    Red = 31,
    Green = 32,
    Yellow = 33,
    Blue = 34,
    Magenta = 35,
    Cyan = 36,
}

/// <summary>How characters stand out, apart from their colour.</summary>
[Flags]
internal enum Emphasis : byte
{
    None = 0,
    Bold = 1,
    Dim = 2,
    Italic = 4,
    Underline = 8,
    Inverse = 16,
    Strike = 32,
}

/// <summary>The look of a piece of text.</summary>
internal readonly record struct Style(Color Color = Color.Default, Emphasis Emphasis = Emphasis.None)
{
    /// <summary>As the terminal writes by itself.</summary>
    public static Style Plain => default;

    /// <summary>For what is beside the point.</summary>
    public static Style Dim => new(Color.Default, Emphasis.Dim);

    /// <summary>For what catches the eye.</summary>
    public static Style Bold => new(Color.Default, Emphasis.Bold);

    /// <summary>Whether both look the same; written out, because it is asked before the first prompt.</summary>
    public bool Equals(Style other) => Color == other.Color && Emphasis == other.Emphasis;

    /// <inheritdoc/>
    public override int GetHashCode() => ((int)Color << 8) | (int)Emphasis;

    /// <summary>The same with one more emphasis.</summary>
    public Style With(Emphasis more) => new(Color, Emphasis | more);
}
