namespace Berth.Core.Permissions;

/// <summary>What is known about a request before the mode speaks.</summary>
internal sealed record Assessment
{
    /// <summary>The deny rule that means it.</summary>
    internal PlacedRule? Denied { get; init; }

    /// <summary>The ask rule that means it.</summary>
    internal PlacedRule? Asked { get; init; }

    /// <summary>Why it must be asked in every mode: it could not be understood, or a rule may mean it.</summary>
    internal string? Uncertain { get; init; }

    /// <summary>What keeps it from being free; null when nothing does.</summary>
    internal Objection? Objection { get; init; }

    /// <summary>The allow rule without which there would be an objection.</summary>
    internal PlacedRule? Allowed { get; init; }

    /// <summary>What "yes for this session" would store.</summary>
    internal PermissionRule? Grant { get; init; }
}
