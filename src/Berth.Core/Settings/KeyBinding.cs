namespace Berth.Core.Settings;

/// <summary>
/// Reads what stands behind <c>keys.ACTION</c>: one or more bindings, parted by commas, each a key or two one after the
/// other (<c>ctrl+x b</c>); or <c>none</c>.
/// </summary>
public static class KeyBinding
{
    /// <summary>The word for: no key at all.</summary>
    public const string None = "none";

    private const int MostKeys = 2;
    private static readonly string[] Modifiers = ["ctrl", "alt", "shift"];

    private static readonly string[] Named =
    [
        "enter", "tab", "escape", "backspace", "delete", "insert", "up", "down", "left", "right", "home", "end", "pageup",
        "pagedown", "space",
        .. Enumerable.Range(1, 12).Select(n => $"f{n}"),
    ];

    /// <summary>The bindings as the terminal has them: in lower case, modifiers in their order.</summary>
    /// <exception cref="SettingsFailure">It is none; says why.</exception>
    public static string Normal(string text)
    {
        if (text.Trim().Equals(None, StringComparison.OrdinalIgnoreCase))
        {
            return None;
        }

        return string.Join(", ", text.Split(", ", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) switch
        {
            [] => throw new SettingsFailure("no key is named"),
            var bindings => bindings.Select(One),
        });
    }

    private static string One(string binding)
    {
        var keys = binding.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (keys.Length > MostKeys)
        {
            throw new SettingsFailure($"'{Shown.Line(binding, 60)}' has more than {MostKeys} keys");
        }

        var named = keys.Select(Key).ToList();
        return IsTyped(named[0])
            ? throw new SettingsFailure($"'{named[0]}' types a character: give it ctrl+ or alt+")
            : string.Join(' ', named);
    }

    private static string Key(string text)
    {
        var rest = text.ToLowerInvariant();
        var held = new HashSet<string>();
        for (var plus = rest.IndexOf('+'); plus > 0 && plus < rest.Length - 1; plus = rest.IndexOf('+'))
        {
            var modifier = rest[..plus] is "control" ? "ctrl" : rest[..plus] is "meta" or "option" ? "alt" : rest[..plus];
            if (!Modifiers.Contains(modifier) || !held.Add(modifier))
            {
                throw new SettingsFailure(
                    $"'{Shown.Line(text, 40)}' is no key{Nearest.Question(rest[..plus], Modifiers)}", "Keys are written as ctrl+x, alt+enter, f5");
            }

            rest = rest[(plus + 1)..];
        }

        var name = rest switch { "esc" => "escape", "return" => "enter", "del" => "delete", _ => rest };
        if (!Named.Contains(name) && new System.Globalization.StringInfo(name).LengthInTextElements != 1)
        {
            throw new SettingsFailure(
                $"'{Shown.Line(text, 40)}' is no key{Nearest.Question(name, Named)}", "Keys are written as ctrl+x, alt+enter, f5");
        }

        if (held.Contains("shift") && !Named.Contains(name))
        {
            throw new SettingsFailure($"'{Shown.Line(text, 40)}': a terminal does not tell shift from a character typed with it");
        }

        return string.Concat(Modifiers.Where(held.Contains).Select(m => m + "+")) + (name == " " ? "space" : name);
    }

    private static bool IsTyped(string key) => !key.Contains("ctrl+") && !key.Contains("alt+")
        && key.Replace("shift+", "") is var name && (name == "space" || !Named.Contains(name));
}
