using Berth.Protocol.Rows;

namespace Berth.Core.Sessions;

/// <summary>One place where a text was found.</summary>
/// <param name="Turn">0 before the first turn.</param>
/// <param name="Where">What it stands in: "message", "answer", "call", "output" …</param>
internal sealed record SearchHit(SessionRow Session, long Seq, int Turn, string Where, string Line);

/// <summary>What a search found.</summary>
/// <param name="Hits">The newest sessions' first, within a session the oldest; no more than were asked for.</param>
/// <param name="Total">All places, those left out too.</param>
/// <param name="Sessions">Sessions in which the text is.</param>
/// <param name="Problems">Sessions that could not be searched, a line each.</param>
internal sealed record SearchFound(
    IReadOnlyList<SearchHit> Hits, long Total, int Sessions, IReadOnlyList<string> Problems);
