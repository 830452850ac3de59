using Berth.Core.Settings;

namespace Berth.Core.Instructions;

/// <summary>One field of a front matter.</summary>
/// <param name="Name">In lower case.</param>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Text">Its value; of a list, the items with commas between; of a nested mapping, nothing.</param>
/// <param name="Items">The items, when it is written as a list.</param>
public sealed record FrontMatterField(string Name, int Line, string Text, IReadOnlyList<string>? Items = null);

/// <summary>
/// A Markdown file whose head is a front matter: fields between two lines <c>---</c>, in the part of YAML that such
/// files use (https://yaml.org/spec/1.2.2): plain and quoted scalars, block scalars, lists. Mappings within a field are
/// passed over, anchors, aliases and tags are refused: a file from elsewhere cannot grow by them. One thing is taken
/// more lightly than there, because many such files need it: a plain scalar may hold <c>": "</c>.
/// </summary>
/// <param name="Fields">In the file's order; no two have the same name.</param>
/// <param name="Body">The text below, without blank lines around it.</param>
/// <param name="BodyLine">The line of the file below the head, from 1.</param>
public sealed record FrontMatter(IReadOnlyList<FrontMatterField> Fields, string Body, int BodyLine)
{
    private const int MostLines = 1_000;

    /// <summary>Takes a text apart. One without a head is all body.</summary>
    /// <param name="file">For problems.</param>
    /// <param name="problem">What does not hold, with its line; the result is then null.</param>
    public static FrontMatter? Parse(string text, string file, out SettingsWarning? problem)
    {
        problem = null;
        var lines = text.Split('\n');
        if (lines[0].TrimEnd() != "---")
        {
            return new FrontMatter([], text.Trim(), 1);
        }

        var end = Array.FindIndex(
            lines, 1, Math.Min(lines.Length, MostLines) - 1, static line => line.TrimEnd() is "---" or "...");
        if (end < 0)
        {
            problem = new SettingsWarning(file, 1, 1, "the front matter that begins here has no end: a line '---'");
            return null;
        }

        try
        {
            var fields = new FrontMatterReader(lines.AsMemory(0, end)).Fields();
            return new FrontMatter(fields, string.Join('\n', lines.Skip(end + 1)).Trim(), end + 2);
        }
        catch (FrontMatterException e)
        {
            problem = new SettingsWarning(file, e.Line, e.Column, e.Message);
            return null;
        }
    }

    /// <summary>A field's value; null when it is missing or empty.</summary>
    public string? Text(string name) => Field(name)?.Text is { Length: > 0 } text ? text : null;

    /// <summary>A field's values: the items of a list, or what stands between commas; null when the field is missing.</summary>
    public IReadOnlyList<string>? List(string name) => Field(name) is { } field
        ? field.Items ?? field.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : null;

    /// <summary>A field by its name; null when it is missing.</summary>
    public FrontMatterField? Field(string name) => Fields.FirstOrDefault(field => field.Name == name);
}

/// <summary>A front matter does not hold.</summary>
/// <param name="line">From 1.</param>
/// <param name="column">From 1.</param>
internal sealed class FrontMatterException(int line, int column, string what) : Exception(what)
{
    public int Line => line;

    public int Column => column;
}
