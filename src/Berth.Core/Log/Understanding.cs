using Berth.Protocol.Events;

namespace Berth.Core.Log;

/// <summary>Whether a whole line need not be read as an event.</summary>
/// <param name="fields">The line from the name of its kind on.</param>
internal delegate bool PassesOver(long seq, ReadOnlySpan<byte> fields);

/// <summary>
/// Reads a log's whole lines as events. One that is not in our language keeps its place and says nothing.
/// </summary>
internal sealed class Understanding(string directory, Action<StoredEvent> fold, PassesOver? passesOver = null)
{
    private DateTimeOffset latest;
    private string? session;
    private long last;
    private bool forkBegins;

    /// <summary>The lines that could not be understood.</summary>
    public List<LogDamage> Failed { get; } = [];

    /// <summary>Takes the next whole line.</summary>
    public void Take(long seq, ReadOnlySpan<byte> line)
    {
        if (passesOver is not null && IsPassedOver(passesOver, seq, LogLine.FieldsFromType(line)))
        {
            last = seq;
            return;
        }

        StoredEvent stored;
        try
        {
            stored = EventJson.Read(line);
            Separate(seq - 1, stored.Event);
            fold(stored);
        }
        catch (Exception e)
        {
            // The line is whole, so a foreign writer made it. Folds are immutable: one that failed did nothing.
            Failed.Add(new LogDamage($"Event {seq} cannot be understood and is skipped: {e.Message}", directory));
            stored = new StoredEvent(seq, latest, new UnknownEvent("unreadable"));
            fold(stored);
        }

        latest = stored.At;
        last = seq;
        session = stored.Event switch
        {
            SessionCreated created => created.Session,
            SessionForked forked => forked.Session,
            _ => session,
        };
    }

    /// <summary>What came so far is the origin's; the session's own lines follow.</summary>
    public void BeginFork() => forkBegins = true;

    /// <summary>Nothing follows.</summary>
    public void End() => Separate(last, happened: null);

    private bool IsPassedOver(PassesOver asked, long seq, ReadOnlySpan<byte> fields)
    {
        if (forkBegins && !fields.StartsWith("session_forked"u8))
        {
            Separate(seq - 1, happened: null);
        }

        return asked(seq, fields);
    }

    // A fork whose first own line is damaged must not be taken for its origin.
    private void Separate(long seq, SessionEvent? happened)
    {
        if (forkBegins && happened is not SessionForked)
        {
            fold(new StoredEvent(seq, latest, new SessionForked(Path.GetFileName(directory), session ?? "", null)));
        }

        forkBegins = false;
    }
}
