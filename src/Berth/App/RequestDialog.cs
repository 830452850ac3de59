using Berth.Protocol.Events;
using Berth.Tty;
using Berth.Views;

namespace Berth.App;

/// <summary>What a key did to the question.</summary>
internal enum DialogResult
{
    /// <summary>The key is not for the question.</summary>
    NotMine,

    /// <summary>It was for the question, and nothing is answered yet.</summary>
    Taken,

    /// <summary><see cref="RequestDialog.Choice"/> is the answer.</summary>
    Answered,

    /// <summary>The whole detail is wanted.</summary>
    ShowAll,
}

/// <summary>
/// The question that is open, and the guard against keys that were not meant for it. A key counts only after the question
/// stood on the screen for a moment without any typing: whoever is writing a sentence while it appears goes on writing.
/// One exception serves the quick: a single answer key within that moment, from somebody who was not typing before, counts
/// when the moment is over and nothing followed.
/// </summary>
internal sealed class RequestDialog(TimeProvider time)
{
    private static readonly TimeSpan Guard = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Typing = TimeSpan.FromSeconds(1);

    private string? current;
    private DateTimeOffset? guardedFrom;
    private DateTimeOffset? typedAt;
    private Key? held;
    private bool quick;

    /// <summary>The choice that Enter takes.</summary>
    public int Selected { get; private set; }

    /// <summary>The chosen answer.</summary>
    public RequestChoice? Choice { get; private set; }

    /// <summary>Keys go to the question although something stands in the line.</summary>
    public bool WasChosen { get; private set; }

    /// <summary>How long until something happens by itself; null when nothing will.</summary>
    public TimeSpan? Wait => held is null || guardedFrom is not { } from ? null : from + Guard - time.GetUtcNow();

    /// <summary>The question is on the screen now (or another one, or none).</summary>
    public void Shown(RequestOpened? request)
    {
        if (request?.Request == current)
        {
            return;
        }

        var now = time.GetUtcNow();
        current = request?.Request;
        guardedFrom = request is null ? null : now;
        quick = typedAt is null || now - typedAt >= Typing;
        held = null;
        Selected = 0;
        Choice = null;
        WasChosen = false;
    }

    /// <summary>Whether keys go to the question while the line holds what it holds.</summary>
    public bool HasFocus(bool lineIsEmpty) => current is not null && (lineIsEmpty || WasChosen);

    /// <summary>A key went to the line. Sending it ends the typing.</summary>
    public void Typed(Key key) => typedAt = key.Code == KeyCode.Enter ? null : time.GetUtcNow();

    /// <summary>A key came. What it does to the question; what was held back and belongs to the line after all.</summary>
    public DialogResult Press(Key key, RequestOpened request, bool lineIsEmpty, out string released)
    {
        released = "";
        if (current != request.Request || guardedFrom is not { } from)
        {
            return DialogResult.NotMine;
        }

        var now = time.GetUtcNow();
        if (now - from < Guard)
        {
            guardedFrom = now;
            released = held?.Text ?? "";
            var holds = quick && held is null && lineIsEmpty && Find(key, request) is not null;
            quick &= holds;
            held = holds ? key : null;
            return holds ? DialogResult.Taken : DialogResult.NotMine;
        }

        if (!lineIsEmpty && key is { Code: KeyCode.Tab })
        {
            WasChosen = !WasChosen;
            return DialogResult.Taken;
        }

        return HasFocus(lineIsEmpty) ? Answer(key, request) : DialogResult.NotMine;
    }

    /// <summary>Time passed: a key that was held back counts now.</summary>
    public DialogResult Elapse(RequestOpened request)
    {
        if (held is not { } key || guardedFrom is not { } from || time.GetUtcNow() - from < Guard)
        {
            return DialogResult.NotMine;
        }

        held = null;
        return current == request.Request ? Answer(key, request) : DialogResult.NotMine;
    }

    private DialogResult Answer(Key key, RequestOpened request)
    {
        var choices = RequestChoice.Of(request);
        switch (key.Code)
        {
            case KeyCode.Up:
                Selected = (Selected + choices.Count - 1) % choices.Count;
                return DialogResult.Taken;
            case KeyCode.Down:
                Selected = (Selected + 1) % choices.Count;
                return DialogResult.Taken;
            case KeyCode.Enter when key.Modifiers == KeyModifiers.None:
                Choice = choices[Math.Min(Selected, choices.Count - 1)];
                return DialogResult.Answered;
            case KeyCode.Text when key is { IsPlainText: true, Text: "v" or "V" }:
                return DialogResult.ShowAll;
            default:
                Choice = Find(key, request);
                return Choice is null ? DialogResult.NotMine : DialogResult.Answered;
        }
    }

    private static RequestChoice? Find(Key key, RequestOpened request)
    {
        if (!key.IsPlainText || key.Text.Length != 1)
        {
            return null;
        }

        var choices = RequestChoice.Of(request);
        var c = char.ToLowerInvariant(key.Text[0]);
        for (var i = 0; i < choices.Count; i++)
        {
            if (c == choices[i].Key || c == '1' + i)
            {
                return choices[i];
            }
        }

        return null;
    }
}
