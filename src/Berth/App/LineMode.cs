using Berth.Editor;
using Berth.Protocol.Events;

namespace Berth.App;

/// <summary>What the line is for: usually the session; sometimes words for a "no", or a secret. The draft waits then.</summary>
internal sealed class LineMode(InputLine line)
{
    private Draft stashed = Draft.Empty;

    /// <summary>The request whose "no" is being explained.</summary>
    public RequestOpened? Telling { get; private set; }

    /// <summary>The line that a secret ends; null when none is asked for.</summary>
    public string? SecretFor { get; private set; }

    /// <summary>What the secret is, in words.</summary>
    public string? SecretLabel { get; private set; }

    /// <summary>The line is for something else than the session.</summary>
    public bool IsSpecial => Telling is not null || SecretFor is not null;

    /// <summary>What stands in the line for the session, whatever the line is for now.</summary>
    public Draft Draft => IsSpecial ? stashed : line.Editor.Draft;

    /// <summary>The line becomes the words that go with a "no".</summary>
    public void Tell(RequestOpened request)
    {
        Stash();
        Telling = request;
    }

    /// <summary>The line becomes a secret that is sent behind <paramref name="text"/>.</summary>
    public void Ask(string text, string label)
    {
        Stash();
        SecretFor = text;
        SecretLabel = label;
    }

    /// <summary>The line is for the session again; what was written in it before is there again.</summary>
    public void End()
    {
        if (IsSpecial)
        {
            line.Set(stashed);
            line.Editor.ForgetUndo();
            stashed = Draft.Empty;
            (Telling, SecretFor, SecretLabel) = (null, null, null);
        }
    }

    private void Stash()
    {
        End();
        stashed = line.Editor.Draft;
        line.Set(Draft.Empty);
    }
}
