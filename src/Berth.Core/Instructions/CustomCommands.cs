using System.Text;
using Berth.Core.Settings;

namespace Berth.Core.Instructions;

/// <summary>A text that a person sends by a short name: <c>/name arguments</c>.</summary>
/// <param name="Name">Without the slash; folders stand in it with colons: <c>git:commit</c>.</param>
/// <param name="Description">What it does, one line.</param>
/// <param name="Arguments">What to write behind it, for people; empty: nothing is said.</param>
/// <param name="Text">What the model is told, with <c>$ARGUMENTS</c> and <c>$1</c> to <c>$9</c> in it.</param>
/// <param name="File">Absolute.</param>
/// <param name="Place">Where it was found.</param>
public sealed record CustomCommand(
    string Name, string Description, string Arguments, string Text, string File, DefinitionPlace Place)
{
    private const string All = "$ARGUMENTS";

    /// <summary>The form of a line with it.</summary>
    public string Usage => Arguments.Length == 0 ? $"/{Name}" : $"/{Name} {Arguments}";

    /// <summary>
    /// The text with the arguments in their places; where it has no place for them, they follow it. Nothing else in it
    /// means anything: no command is run and no variable is read.
    /// </summary>
    /// <param name="line">All that follows the name.</param>
    /// <param name="words">The same, word by word.</param>
    public string Expand(string line, IReadOnlyList<string> words)
    {
        var text = new StringBuilder();
        var (at, used) = (0, false);
        while (true)
        {
            var sign = Text.IndexOf('$', at);
            if (sign < 0)
            {
                break;
            }

            var rest = Text.AsSpan(sign);
            var isAll = rest.StartsWith(All) && !(rest.Length > All.Length && (char.IsAsciiLetterOrDigit(rest[All.Length]) || rest[All.Length] == '_'));
            var isOne = rest.Length > 1 && rest[1] is >= '1' and <= '9' && !(rest.Length > 2 && char.IsAsciiDigit(rest[2]));
            text.Append(Text, at, sign - at).Append(
                isAll ? line : !isOne ? "$" : rest[1] - '1' < words.Count ? words[rest[1] - '1'] : "");
            used |= isAll || isOne;
            at = sign + (isAll ? All.Length : isOne ? 2 : 1);
        }

        text.Append(Text, at, Text.Length - at);
        return used || line.Length == 0 ? text.ToString() : text.Append("\n\n").Append(line).ToString();
    }
}

/// <summary>The custom commands in force, by name, and what is wrong with others.</summary>
public sealed record CustomCommandSet(IReadOnlyList<CustomCommand> Found, IReadOnlyList<SettingsWarning> Problems);

/// <summary>Finds custom commands: Markdown files whose name is the command's.</summary>
public static class CustomCommands
{
    private const int LongestDescription = 200;

    /// <summary>The commands of a scope. Of two with the same name the one in the nearer place counts.</summary>
    /// <param name="isTaken">Whether one of our own commands has a name: that one counts.</param>
    public static CustomCommandSet Of(DefinitionScope scope, Func<string, bool> isTaken)
    {
        var set = Definitions.Files(scope.Commands);
        var problems = new List<SettingsWarning>(set.Problems);
        var commands = new List<CustomCommand>();
        foreach (var definition in set.Found)
        {
            if (Wrong(definition, isTaken) is { } wrong)
            {
                problems.Add(definition.Problem(wrong));
            }
            else if (commands.Find(c => c.Name.Equals(definition.Name, StringComparison.OrdinalIgnoreCase)) is { } nearer)
            {
                problems.Add(definition.Problem($"/{definition.Name} is in {nearer.Place.Origin} too, which counts"));
            }
            else
            {
                commands.Add(new CustomCommand(
                    definition.Name, Shown.Line(DescriptionOf(definition), LongestDescription),
                    Shown.Line(definition.Text.Text("argument-hint") ?? "", LongestDescription), definition.Text.Body,
                    definition.Path, definition.Place));
            }
        }

        return new CustomCommandSet([.. commands.OrderBy(c => c.Name, StringComparer.Ordinal)], problems);
    }

    private static string? Wrong(Definition definition, Func<string, bool> isTaken) => definition switch
    {
        _ when definition.Name.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '"' or '\'') =>
            "a name with blanks or quotes cannot be typed as a command",
        { Text.Body.Length: 0 } => "there is no text in it",
        _ when isTaken(definition.Name) => $"/{definition.Name} is one of Berth's own commands, which counts",
        _ => null,
    };

    // Without a description its first line says what it does.
    private static string DescriptionOf(Definition definition) =>
        definition.Text.Text("description") ?? definition.Text.Body.Split('\n')[0].TrimStart('#', ' ');
}
