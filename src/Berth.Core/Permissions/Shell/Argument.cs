namespace Berth.Core.Permissions.Shell;

/// <summary>One word after expansion, as far as it is known before the line runs.</summary>
/// <param name="Sketch">The text, with <see cref="Wildcard"/>'s marks where it is not known.</param>
/// <param name="Many">It may turn out to be several words, or none.</param>
/// <param name="IsPipe">The path of a process substitution.</param>
internal sealed record Argument(string Sketch, bool Many = false, bool IsPipe = false)
{
    /// <summary>A word of which nothing is known, not even how many it will be.</summary>
    internal static Argument Anything { get; } = new(Wildcard.Unknown.ToString(), Many: true);

    /// <summary>The text if all of it is known, else null.</summary>
    internal string? Text => Wildcard.FirstOpen(Sketch) < 0 && !Many && !IsPipe ? Sketch : null;

    /// <summary>Whether it is known and one of the given texts.</summary>
    internal bool Is(params ReadOnlySpan<string> texts) => Text is { } text && texts.Contains(text);

    /// <summary>Whether its unknown places are the shell's globs only.</summary>
    internal bool IsGlob => Wildcard.FirstOpen(Sketch) >= 0 && !Sketch.Contains(Wildcard.Unknown) && !IsPipe;

    /// <summary>Whether it may turn out to begin with a dash, and so to be an option.</summary>
    internal bool MayBeOption => !IsPipe && (Sketch.Length == 0 ? Many : Wildcard.IsOpen(Sketch[0]));
}
