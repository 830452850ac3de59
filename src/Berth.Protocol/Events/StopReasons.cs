namespace Berth.Protocol.Events;

/// <summary>How answers stop (<see cref="StepEnded.Stop"/>), in words for people.</summary>
public static class StopReasons
{
    /// <summary>What a person must know about an answer that did not come to its own end; null when it did.</summary>
    public static string? Remark(string stop) => stop switch
    {
        "length" => "The answer is cut: it reached the model's longest length.",
        "refusal" => "The model, or a filter of its provider, refused to go on.",
        _ => null,
    };
}
