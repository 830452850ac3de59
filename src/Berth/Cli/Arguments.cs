namespace Berth.Cli;

/// <summary>
/// The words behind <c>berth</c>. Options may stand anywhere before <c>--</c>; what is behind it is taken as it is.
/// </summary>
internal sealed class Arguments
{
    private readonly List<string> words = [];
    private readonly List<string> literal = [];

    public Arguments(ReadOnlySpan<string> all)
    {
        var end = all.IndexOf("--");
        words.AddRange(end < 0 ? all : all[..end]);
        literal.AddRange(end < 0 ? [] : all[(end + 1)..]);
    }

    /// <summary>Whether an option stands among the words; it stays there.</summary>
    public bool Has(string name) => words.Contains(name);

    /// <summary>Takes the first word; null when there is none.</summary>
    public string? First()
    {
        var from = words.Count > 0 ? words : literal;
        if (from.Count == 0)
        {
            return null;
        }

        var first = from[0];
        from.RemoveAt(0);
        return first;
    }

    /// <summary>Takes an option without a value. True when it was there.</summary>
    public bool Flag(params ReadOnlySpan<string> names)
    {
        var found = false;
        foreach (var name in names)
        {
            while (words.Remove(name))
            {
                found = true;
            }
        }

        return found;
    }

    /// <summary>Takes an option's value, <c>--name V</c> or <c>--name=V</c>; the last one counts. Null: it is not there.</summary>
    /// <exception cref="CliFailure">The value is missing.</exception>
    public string? Value(params ReadOnlySpan<string> names) => Values(names) is { Count: > 0 } values ? values[^1] : null;

    /// <summary>Takes all values of an option that may be repeated.</summary>
    /// <exception cref="CliFailure">A value is missing.</exception>
    public List<string> Values(params ReadOnlySpan<string> names)
    {
        var values = new List<string>();
        for (var i = 0; i < words.Count;)
        {
            if (!IsOption(words[i], names, out var attached))
            {
                i++;
                continue;
            }

            if (attached is null && i + 1 == words.Count)
            {
                throw CliFailure.Usage($"{words[i]} needs a value.");
            }

            values.Add(attached ?? words[i + 1]);
            words.RemoveRange(i, attached is null ? 2 : 1);
        }

        return values;
    }

    /// <summary>Takes what is left, which must not hold an option.</summary>
    /// <exception cref="CliFailure">An option is left that this call does not know.</exception>
    public List<string> Rest(string usage)
    {
        foreach (var word in words)
        {
            if (word.Length > 1 && word[0] == '-')
            {
                throw CliFailure.Usage($"There is no option {word} here.", $"Right: {usage}");
            }
        }

        return RestWithDashes();
    }

    /// <summary>Takes what is left, whatever it begins with.</summary>
    public List<string> RestWithDashes()
    {
        List<string> rest = [.. words, .. literal];
        words.Clear();
        literal.Clear();
        return rest;
    }

    /// <summary>Takes the one word that must be left.</summary>
    /// <exception cref="CliFailure">There is none, or more than one.</exception>
    public string Only(string usage)
    {
        var rest = Rest(usage);
        return rest.Count == 1 ? rest[0]
            : throw CliFailure.Usage(rest.Count == 0 ? "A word is missing." : $"'{rest[1]}' is too much.", $"Right: {usage}");
    }

    /// <summary>Says that nothing may be left.</summary>
    /// <exception cref="CliFailure">Something is.</exception>
    public void None(string usage)
    {
        if (Rest(usage) is [var first, ..])
        {
            throw CliFailure.Usage($"'{first}' is too much.", $"Right: {usage}");
        }
    }

    /// <summary>
    /// A background session as the daemon knows it: a number alone is a slot, because a shell takes <c>#1</c> for a
    /// comment.
    /// </summary>
    public static string Session(string word) =>
        word.Length is 1 or 2 && char.IsAsciiDigit(word[0]) && char.IsAsciiDigit(word[^1]) ? "#" + word : word;

    private static bool IsOption(string word, ReadOnlySpan<string> names, out string? attached)
    {
        attached = null;
        foreach (var name in names)
        {
            if (word == name)
            {
                return true;
            }

            if (word.Length > name.Length && word[name.Length] == '=' && name.StartsWith("--") && word.StartsWith(name))
            {
                attached = word[(name.Length + 1)..];
                return true;
            }
        }

        return false;
    }
}
