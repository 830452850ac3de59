using Berth.Editor;

namespace Berth.App;

/// <summary>Lines that were begun and not sent: one for each session this terminal looked at.</summary>
internal sealed class Drafts
{
    private readonly Dictionary<string, Draft> drafts = [];

    /// <summary>What was begun in a session that is not looked at.</summary>
    public Draft Of(string session) => drafts.GetValueOrDefault(session, Draft.Empty);

    /// <summary>The view moves: the line as it is to stand there.</summary>
    /// <param name="from">The session left; null at the first look.</param>
    /// <param name="to">The session looked at now.</param>
    /// <param name="left">What stood in the line when the move was asked for: it belongs to the session left.</param>
    /// <param name="now">What stands in it now: what was typed since is meant for the session looked at.</param>
    public Draft Move(string? from, string to, Draft left, Draft now)
    {
        if (from is null || from == to)
        {
            return now;
        }

        var since = now.Text.StartsWith(left.Text, StringComparison.Ordinal) ? now.Text[left.Text.Length..] : "";
        drafts[from] = since.Length > 0 || left.Text.Length > 0 ? left : now;
        drafts.Remove(to, out var stored);
        stored ??= Draft.Empty;
        if (since.Length == 0)
        {
            return stored;
        }

        var typed = new Draft(since, since.Length, now.Pastes).Expanded;
        return stored.Text.Length == 0
            ? new Draft(since, since.Length, now.Pastes)
            : stored with { Text = stored.Text + typed, Caret = stored.Text.Length + typed.Length };
    }
}
