namespace Berth.Core.Settings;

/// <summary>Something in a settings file that does not hold; the rest of the file does.</summary>
/// <param name="File">The file's path.</param>
/// <param name="Line">Counted from 1; null when it is about the file as a whole.</param>
/// <param name="Column">In characters, counted from 1.</param>
/// <param name="What">What is wrong, one line, without control bytes and without quoting values that may be keys.</param>
public sealed record SettingsWarning(string File, int? Line, int? Column, string What)
{
    /// <summary>The line people see: <c>FILE:LINE:COLUMN: what</c>, as compilers write it.</summary>
    public override string ToString() => Line is null ? $"{File}: {What}" : $"{File}:{Line}:{Column}: {What}";
}
