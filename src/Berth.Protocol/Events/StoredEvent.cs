namespace Berth.Protocol.Events;

/// <summary>An event as it stands in a log.</summary>
/// <param name="Seq">Its place: dense, from 1; the only cursor there is.</param>
/// <param name="At">When it was appended (UTC).</param>
public sealed record StoredEvent(long Seq, DateTimeOffset At, SessionEvent Event);
