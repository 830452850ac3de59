namespace Berth.Core.Permissions;

/// <summary>What keeps an action from being free.</summary>
/// <param name="Why">Completes "asks because …".</param>
/// <param name="OnlyReads">It changes nothing as far as can be told, so plan mode asks for it where it denies others.
/// </param>
internal sealed record Objection(string Why, bool OnlyReads)
{
    /// <summary>It may change something.</summary>
    internal static Objection NotReadOnly(string why) => new(why, OnlyReads: false);

    /// <summary>It reads, but what or from where is not covered.</summary>
    internal static Objection Unknown(string why) => new(why, OnlyReads: true);
}
