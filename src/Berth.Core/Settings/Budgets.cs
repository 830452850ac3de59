namespace Berth.Core.Settings;

/// <summary>What a turn and a session may use; null: no limit. A turn that reaches one ends before its next step.</summary>
public sealed record Budgets
{
    /// <summary>No limits.</summary>
    public static Budgets None { get; } = new();

    /// <summary><c>max_turn_steps</c>: answers of the model in one turn.</summary>
    public int? TurnSteps { get; init; }

    /// <summary><c>max_turn_tokens</c>: tokens of one turn, in and out.</summary>
    public int? TurnTokens { get; init; }

    /// <summary><c>max_turn_cost</c>: dollars of one turn.</summary>
    public decimal? TurnCost { get; init; }

    /// <summary><c>max_steps</c>: answers of the model in one session.</summary>
    public int? Steps { get; init; }

    /// <summary><c>max_tokens</c>: tokens of one session, in and out.</summary>
    public int? Tokens { get; init; }

    /// <summary><c>max_cost</c>: dollars of one session.</summary>
    public decimal? Cost { get; init; }
}
