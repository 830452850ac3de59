namespace Berth.Core.Settings;

/// <summary>What a key's values are.</summary>
public enum ConfigType
{
    /// <summary>A model's name.</summary>
    Model,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>One of <see cref="ConfigKey.Values"/>.</summary>
    Word,

    /// <summary>A time: <c>120s</c>, <c>2m</c>, <c>1h30m</c>.</summary>
    Duration,

    /// <summary>A whole number from 1, or <c>none</c>.</summary>
    Count,

    /// <summary>A share from 20% to 95%, or <c>none</c>.</summary>
    Share,

    /// <summary>Dollars, or <c>none</c>.</summary>
    Amount,

    /// <summary>Names of environment variables.</summary>
    Variables,

    /// <summary>Names of hosts; <c>*</c> stands for any characters.</summary>
    Hosts,

    /// <summary>Permission rules; those of all files hold together.</summary>
    Rules,

    /// <summary>A key or keys one after another, as <c>ctrl+x b</c>.</summary>
    Binding,
}

/// <summary>One row of the table of keys.</summary>
/// <param name="Name">As people write it; <c>keys.*</c> stands for a key for each action.</param>
/// <param name="Default">As <c>/conf</c> shows it; empty when there is none.</param>
/// <param name="About">One line of documentation.</param>
/// <param name="Values">What can stand there, for completion and errors; empty when that is no closed set.</param>
public sealed record ConfigKey(
    string Name, ConfigType Type, string Default, string About, IReadOnlyList<string> Values)
{
    /// <summary>Whether the values are lists, which the <c>Add</c> and <c>Remove</c> of the store change.</summary>
    public bool IsList => Type is ConfigType.Variables or ConfigType.Hosts or ConfigType.Rules;

    /// <summary>Where the key stands in a file, from the root down.</summary>
    internal IReadOnlyList<string> Path => Name.Split('.');
}

/// <summary>A value that has been checked against its key.</summary>
/// <param name="Text">A single value as it was given; a list as JSON.</param>
/// <param name="Items">The items of a list; empty for the others.</param>
public sealed record ConfigValue(string Text, IReadOnlyList<string> Items);
