using Berth.Core.Permissions.Shell;

namespace Berth.Core.Permissions.Programs;

/// <summary>What an option takes.</summary>
internal enum OptionValue
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A text, attached or as the next word.</summary>
    Text,

    /// <summary>A path that is read, attached or as the next word.</summary>
    Path,

    /// <summary>A text, attached or left out.</summary>
    Optional,
}

/// <summary>An option as it was given.</summary>
internal sealed record GivenOption(string Name, OptionValue Kind, Argument? Value);

/// <summary>A command's words sorted into options and operands.</summary>
/// <param name="FirstOperand">Index of the first operand among the words; their count when there is none.</param>
/// <param name="Refusal">Why the words could not be sorted; null when they could.</param>
internal sealed record OptionReading(
    IReadOnlyList<GivenOption> Options, IReadOnlyList<Argument> Operands, int FirstOperand, string? Refusal = null)
{
    /// <summary>Whether one of the named options was given.</summary>
    internal bool Has(params ReadOnlySpan<string> names)
    {
        foreach (var option in Options)
        {
            if (names.Contains(option.Name))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>
/// The options of a program that Berth knows, read by the rules of getopt_long. An option that is not in the table refuses
/// the whole command; so an abbreviation of a dangerous option (<c>sort --ou F</c>) never slips through.
/// </summary>
internal sealed class OptionTable
{
    private readonly Dictionary<string, OptionValue> options = [];
    private readonly bool numbers;

    /// <param name="spec">Options by name: <c>-a</c> takes nothing, <c>-n=</c> a text, <c>-f=@</c> a path that is read,
    /// <c>--color[=]</c> perhaps an attached text; <c>-#</c> allows <c>-20</c>.</param>
    internal OptionTable(string spec)
    {
        foreach (var token in spec.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (token == "-#")
            {
                numbers = true;
            }
            else if (token.EndsWith("[=]"))
            {
                options[token[..^3]] = OptionValue.Optional;
            }
            else if (token.EndsWith("=@"))
            {
                options[token[..^2]] = OptionValue.Path;
            }
            else
            {
                options[token.TrimEnd('=')] = token.EndsWith('=') ? OptionValue.Text : OptionValue.None;
            }
        }
    }

    /// <summary>Sorts the words behind the program's name.</summary>
    /// <param name="words">All words, the program first.</param>
    /// <param name="stopAtOperand">What follows the first operand belongs to it, as behind a wrapper.</param>
    /// <param name="globsAreOperands">A glob that could match a name with a leading dash is taken as an operand.</param>
    internal OptionReading Read(IReadOnlyList<Argument> words, bool stopAtOperand = false, bool globsAreOperands = false)
    {
        var given = new List<GivenOption>();
        var operands = new List<Argument>();
        var first = words.Count;
        for (var i = 1; i < words.Count; i++)
        {
            var word = words[i];
            if (word.Is("--"))
            {
                first = Math.Min(first, i + 1);
                operands.AddRange(words.Skip(i + 1));
                break;
            }

            if (word.MayBeOption && !(globsAreOperands && word.IsGlob))
            {
                return Refuse($"a word of {Plain.Short(words[0].Sketch)} may turn out to be an option");
            }

            if (word.Sketch is not ['-', _, ..])
            {
                first = Math.Min(first, i);
                operands.Add(word);
                if (stopAtOperand)
                {
                    break;
                }

                continue;
            }

            var refusal = word.Sketch[1] == '-' ? ReadLong(words, ref i, given) : ReadShort(words, ref i, given);
            if (refusal is not null)
            {
                return Refuse(refusal);
            }
        }

        return new OptionReading(given, operands, first);
    }

    private string? ReadLong(IReadOnlyList<Argument> words, ref int i, List<GivenOption> given)
    {
        var sketch = words[i].Sketch;
        var equals = sketch.IndexOf('=');
        var name = equals < 0 ? sketch : sketch[..equals];
        if (!options.TryGetValue(name, out var kind) || (words[i].Many && equals < 0)
            || (kind == OptionValue.None && equals >= 0))
        {
            return Unknown(words[0], name);
        }

        Argument? value = equals < 0 ? null : words[i] with { Sketch = sketch[(equals + 1)..], Many = false };
        if (words[i].Many)
        {
            // The unknown part may split off more words, and those may be options.
            return Unknown(words[0], name);
        }

        return TakeValue(words, ref i, given, name, kind, value);
    }

    private string? ReadShort(IReadOnlyList<Argument> words, ref int i, List<GivenOption> given)
    {
        var sketch = words[i].Sketch;
        if (words[i].Many)
        {
            return Unknown(words[0], sketch);
        }

        if (numbers && sketch.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0)
        {
            given.Add(new GivenOption("-#", OptionValue.None, null));
            return null;
        }

        for (var c = 1; c < sketch.Length; c++)
        {
            var name = "-" + sketch[c];
            if (!options.TryGetValue(name, out var kind))
            {
                return Unknown(words[0], sketch);
            }

            if (kind == OptionValue.None)
            {
                given.Add(new GivenOption(name, kind, null));
                continue;
            }

            Argument? value = c + 1 < sketch.Length ? words[i] with { Sketch = sketch[(c + 1)..] } : null;
            return TakeValue(words, ref i, given, name, kind, value);
        }

        return null;
    }

    private static string? TakeValue(
        IReadOnlyList<Argument> words, ref int i, List<GivenOption> given, string name, OptionValue kind, Argument? value)
    {
        if (value is null && kind is OptionValue.Text or OptionValue.Path)
        {
            if (++i >= words.Count || words[i].Many)
            {
                return $"the value of {name} is not known";
            }

            value ??= words[i];
        }

        given.Add(new GivenOption(name, kind, value));
        return null;
    }

    private static string Unknown(Argument program, string option) =>
        $"{Plain.Short(program.Sketch)} {Plain.Short(option)} is not on the read-only list";

    private static OptionReading Refuse(string why) => new([], [], 0, why);
}
