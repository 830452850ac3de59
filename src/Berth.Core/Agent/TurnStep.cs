namespace Berth.Core.Agent;

/// <summary>What a turn does next.</summary>
internal enum TurnStep
{
    /// <summary>Nothing: no turn is open.</summary>
    None,

    /// <summary>Bring every open call to its result.</summary>
    RunTools,

    /// <summary>Compact the context, as a person asked.</summary>
    Compact,

    /// <summary>Send the conversation to the model.</summary>
    CallModel,

    /// <summary>The model has nothing more to do.</summary>
    End,
}

/// <summary>The next step as a function of the log's fold: open tool calls first, then the model.</summary>
internal static class TurnSteps
{
    public static TurnStep Next(Context context) => context switch
    {
        { TurnOpen: false } => TurnStep.None,
        { Calls.IsEmpty: false } => TurnStep.RunTools,
        { Compaction.Asked: not null } => TurnStep.Compact,
        { HasNews: true } => TurnStep.CallModel,
        { LastStop: null } => TurnStep.CallModel,
        { HasResults: true } => TurnStep.CallModel,
        _ => TurnStep.End,
    };
}
