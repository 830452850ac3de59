using Berth.Editor;
using Berth.Protocol.Messages;
using Berth.Rendering;

namespace Berth.App;

/// <summary>
/// Sees to it that what stands in the line outlives the terminal: it is kept a moment after the last key and when the
/// terminal leaves, and comes back when somebody looks at the session again.
/// </summary>
internal sealed class DraftKeeping(Desk desk, DraftFiles files)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private string kept = "";
    private string seen = "";
    private DateTimeOffset changedAt;

    /// <summary>How long until something is to be kept; null when all is.</summary>
    public TimeSpan? Wait => ReferenceEquals(seen, kept) ? null : changedAt + Pause - desk.Time.GetUtcNow();

    /// <summary>Time passed, or a key was pressed.</summary>
    public void Elapse()
    {
        var text = desk.Mode.Draft.Text;
        if (!ReferenceEquals(text, seen) && text != seen)
        {
            seen = text;
            changedAt = desk.Time.GetUtcNow();
        }

        // A line that was sent is no draft, at once: nobody shall be offered it again.
        if (seen == kept)
        {
            kept = seen;
        }
        else if (seen.Length == 0 || desk.Time.GetUtcNow() - changedAt >= Pause)
        {
            Keep();
        }
    }

    /// <summary>Keeps what stands in the line now.</summary>
    public void Keep()
    {
        var draft = desk.Mode.Draft;
        if (desk.Conversation.Look is { } look && (draft.Text.Length > 0 || kept.Length > 0))
        {
            Keep(look.Session, DirectoryOf(look), draft);
        }

        seen = kept = draft.Text;
    }

    /// <summary>The view moves from a session to another, and with it the line.</summary>
    /// <param name="left">What stood in the line of the session left.</param>
    public void Moved(Look from, bool fresh, Draft left)
    {
        Keep(from.Session, fresh ? from.Directory : null, left);
        seen = kept = "";
        Elapse();
    }

    /// <summary>The terminal looks at a session: what another one left in its line is there again.</summary>
    /// <param name="isFirst">It is the first look: a session that just begins may go on with what never began here.</param>
    public void Offer(Look look, bool isFirst)
    {
        if ((look.Fresh && !isFirst) || desk.Mode.IsSpecial || !desk.Line.Editor.IsEmpty)
        {
            return;
        }

        if (files.Take(look.Session, look.Fresh ? look.Directory : null) is { } draft)
        {
            desk.Line.Set(draft);
            seen = kept = draft.Text;
            desk.Tell("What you had begun to write is in the line again.", Style.Dim);
        }
    }

    private void Keep(string session, string? directory, Draft draft) =>
        files.Keep(session, directory, Secrets.MayBeStored(draft.Expanded) ? draft : Draft.Empty);

    private string? DirectoryOf(Look look) => desk.Conversation.Transcript.Seq == 0 ? look.Directory : null;
}
