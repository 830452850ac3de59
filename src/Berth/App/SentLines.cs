using Berth.Editor;

namespace Berth.App;

/// <summary>A line that is on its way.</summary>
/// <param name="Text">What was sent.</param>
/// <param name="Shown">What the screen repeats above the answer; null for what a key sent.</param>
/// <param name="LeftInLine">What stood in the line after it was sent: it belongs to the session the line was for.</param>
/// <param name="Looks">The view it was sent from, as <see cref="Conversation.Looks"/> counts.</param>
internal sealed record SentLine(string Text, string? Shown, Draft LeftInLine, int Looks)
{
    /// <summary>What Ctrl+B sends.</summary>
    public const string ToBackground = "/tasks /background";

    /// <summary>Done, it stands in the transcript, and its answer would say it again.</summary>
    public bool ShowsItself => Shown is null && Text == ToBackground;

    /// <summary>
    /// A message rather than a command: a first word with a second slash, or two slashes, make a message too.
    /// </summary>
    public bool IsMessage
    {
        get
        {
            if (Text.StartsWith("//", StringComparison.Ordinal) || !(Text.StartsWith('/') || Text.StartsWith('!')))
            {
                return true;
            }

            var end = Text.IndexOfAny([' ', '\n', '\t']);
            return Text.StartsWith('/') && (end < 0 ? Text : Text[..end]).LastIndexOf('/') > 0;
        }
    }
}

/// <summary>The lines that have no answer yet, and those that wait for a connection.</summary>
internal sealed class SentLines
{
    private readonly Dictionary<long, SentLine> sent = [];
    private readonly Queue<SentLine> waiting = new();

    /// <summary>Lines that wait for a connection, oldest first.</summary>
    public IReadOnlyCollection<SentLine> Waiting => waiting;

    /// <summary>The line sent last, while it has no answer.</summary>
    public SentLine? Newest { get; private set; }

    /// <summary>Keeps a line until there is a connection.</summary>
    public void Wait(SentLine line) => waiting.Enqueue(line);

    /// <summary>The next line that waits.</summary>
    public bool TryNext(out SentLine line) => waiting.TryDequeue(out line!);

    /// <summary>The line was sent.</summary>
    public void Sent(long id, SentLine line)
    {
        sent[id] = line;
        Newest = line;
    }

    /// <summary>The line that an answer is for; null when it is for no line.</summary>
    public SentLine? Answered(long id)
    {
        if (!sent.Remove(id, out var line))
        {
            return null;
        }

        Newest = ReferenceEquals(line, Newest) ? null : Newest;
        return line;
    }

    /// <summary>The connection is gone: what was not answered may or may not have arrived.</summary>
    public List<SentLine> Lost()
    {
        var lost = new List<SentLine>(sent.Values);
        sent.Clear();
        Newest = null;
        return lost;
    }
}
