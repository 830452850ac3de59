using System.Text;
using Berth.Editor;
using Berth.Protocol;
using Berth.Protocol.Events;
using Berth.Protocol.Messages;
using Berth.Tty;
using Berth.Views;

namespace Berth.App;

/// <summary>The person's side of the desk: every key changes the line, or is a line.</summary>
internal sealed class Keyboard(Desk desk, Exchange exchange)
{
    private static readonly TimeSpan LeaveTwice = TimeSpan.FromSeconds(2);

    private readonly RequestDialog dialog = new(desk.Time);
    private readonly List<string> unstored = [];
    private DateTimeOffset? leaveAskedAt;
    private Action<string>? remember;
    private KeyMap? keys;
    private TerminalSettings? bound;
    private string? prefix;

    /// <summary>Ctrl+Z was pressed and nobody has suspended the program yet.</summary>
    public bool WantsSuspend { get; set; }

    /// <summary>Hands over who stores lines that are new to the history; those sent before are stored now.</summary>
    public void RememberWith(Action<string> store)
    {
        remember = store;
        foreach (var line in unstored)
        {
            store(line);
        }

        unstored.Clear();
    }

    /// <summary>How long until something happens by itself; null when nothing will.</summary>
    public TimeSpan? Wait => dialog.Wait;

    /// <summary>The question as it is to be drawn; null without one.</summary>
    public RequestPrompt? Prompt
    {
        get
        {
            var open = desk.Conversation.Transcript.Requests;
            var request = desk.Mode.Telling ?? desk.Request;
            if (request is null || desk.Mode.SecretFor is not null)
            {
                return null;
            }

            var place = open.Count > 1 ? $"{open.IndexOf(request) + 1} of {open.Count}" : null;
            return new RequestPrompt(
                request, place, dialog.Selected, dialog.HasFocus(desk.Line.Editor.IsEmpty), desk.Mode.Telling is not null);
        }
    }

    /// <summary>The question that is open is drawn now: from now on keys may be meant for it.</summary>
    public void Show()
    {
        if (desk.Mode.Telling is { } telling && !desk.Conversation.Transcript.Requests.Contains(telling))
        {
            // Somebody else answered it.
            desk.Mode.End();
        }

        dialog.Shown(desk.Mode.IsSpecial ? null : desk.Request);
    }

    /// <summary>Time passed.</summary>
    public void Elapse()
    {
        if (desk.Request is { } request)
        {
            React(dialog.Elapse(request), request);
        }
    }

    /// <summary>A key was pressed.</summary>
    public void Press(Key key)
    {
        if (!desk.Mode.IsSpecial && desk.Request is { } request && prefix is null)
        {
            var result = dialog.Press(key, request, desk.Line.Editor.IsEmpty, out var released);
            if (released.Length > 0)
            {
                desk.Line.Type(new Key(KeyCode.Text, KeyModifiers.None, released));
            }

            if (result != DialogResult.NotMine)
            {
                React(result, request);
                return;
            }
        }

        dialog.Typed(key);
        if (TakeBound(key))
        {
            return;
        }

        if (key.IsPlainText || key.Code == KeyCode.Paste)
        {
            desk.Line.Type(key);
        }
        else
        {
            Do(Keys[KeyMap.Name(key)]);
        }

        if (desk.Line.Wanted is { } wanted)
        {
            desk.Line.Asked();
            if (!desk.Mode.IsSpecial)
            {
                exchange.Complete(wanted);
            }
        }
    }

    private KeyMap Keys
    {
        get
        {
            if (keys is null || !ReferenceEquals(bound, desk.Settings))
            {
                bound = desk.Settings;
                keys = bound is null ? new KeyMap() : new KeyMap(bound.Keys);
            }

            return keys;
        }
    }

    // Two keys one after the other. What the second one does not complete, each of them does for itself.
    private bool TakeBound(Key key)
    {
        if (key.Code == KeyCode.Paste || (prefix is null && key.IsPlainText))
        {
            return false;
        }

        var name = KeyMap.Name(key);
        if (prefix is { } first)
        {
            prefix = null;
            if (Keys[$"{first} {name}"] is var both and not Command.None)
            {
                Do(both);
                return true;
            }

            Do(Keys[first]);
        }

        if (key.IsPlainText || !Keys.IsPrefix(name))
        {
            return false;
        }

        prefix = name;
        return true;
    }

    private void Do(Command command)
    {
        var askedAt = leaveAskedAt;
        leaveAskedAt = null;
        if (desk.Mode.IsSpecial && DoInMode(command))
        {
            return;
        }

        if (desk.Line.Do(command, desk.Screen.Columns))
        {
            return;
        }

        switch (command)
        {
            case Command.Send:
                Send();
                break;
            case Command.Interrupt:
                Interrupt();
                break;
            case Command.ClearOrLeave:
                ClearOrLeave(askedAt);
                break;
            case Command.LeaveOrDelete:
                exchange.Leave();
                break;
            case Command.Background:
                Background();
                break;
            case Command.ClearScreen:
                desk.Collect();
                desk.Screen.Clear();
                break;
            case Command.Suspend:
                WantsSuspend = true;
                break;
            case >= Command.Slot1 and <= Command.Slot9:
                exchange.Send($"/bg {command - Command.Slot1 + 1}", shown: null);
                break;
        }
    }

    private bool DoInMode(Command command)
    {
        switch (command)
        {
            case Command.Interrupt or Command.ClearOrLeave:
                desk.Mode.End();
                return true;
            case Command.Send when desk.Mode.Telling is { } request:
                var words = desk.Line.Take().Trim();
                desk.Mode.End();
                Answer(request, "n", words);
                return true;
            case Command.Send when desk.Mode.SecretFor is { } text:
                var secret = desk.Line.Take().Trim();
                desk.Mode.End();
                if (secret.Length > 0)
                {
                    exchange.Send($"{text} {secret}", shown: null);
                }

                return true;
            case Command.Complete or Command.HistorySearch or Command.HistoryOlder or Command.HistoryNewer:
                return true;
            default:
                return false;
        }
    }

    private void Send()
    {
        var bytes = Encoding.UTF8.GetByteCount(desk.Line.Editor.Draft.Expanded);
        if (bytes > Limits.LineBytes)
        {
            desk.Tell(
                $"This line has {bytes:N0} bytes; {Limits.LineBytes:N0} can be sent. Save the text as a file and mention it with @path.",
                Palette.Error);
            return;
        }

        var text = desk.Line.Take();
        if (text.Trim().Length == 0)
        {
            return;
        }

        if (desk.Line.History.Add(text) && Secrets.MayBeStored(text))
        {
            Remember(text);
        }

        exchange.Send(text, text);
    }

    private void Remember(string text)
    {
        if (remember is null)
        {
            unstored.Add(text);
        }
        else
        {
            remember(text);
        }
    }

    private void Interrupt()
    {
        if (desk.Conversation.Transcript.TurnBegan is not null || desk.Conversation.Transcript.HasForegroundWork)
        {
            exchange.Send("/interrupt", shown: null);
        }
    }

    private void ClearOrLeave(DateTimeOffset? askedAt)
    {
        var now = desk.Time.GetUtcNow();
        if (!desk.Line.Editor.IsEmpty)
        {
            desk.Line.Close();
            desk.Line.Editor.Clear();
        }
        else if (desk.Conversation.Transcript.TurnBegan is not null || desk.Conversation.Transcript.HasForegroundWork)
        {
            Interrupt();
        }
        else if (askedAt is { } asked && now - asked <= LeaveTwice)
        {
            exchange.Leave();
        }
        else
        {
            leaveAskedAt = now;
            desk.Tell("Ctrl+C again leaves.");
        }
    }

    private void Background()
    {
        if (desk.Conversation.Transcript.HasForegroundWork)
        {
            exchange.Send(SentLine.ToBackground, shown: null);
        }
        else
        {
            desk.Line.Do(Command.Left, desk.Screen.Columns);
        }
    }

    private void React(DialogResult result, RequestOpened request)
    {
        if (result == DialogResult.ShowAll)
        {
            var rows = new List<Rendering.Row>();
            RequestPrompt.DrawDetail(request, desk.Screen.Columns, rows);
            desk.Print(rows);
        }
        else if (result == DialogResult.Answered && dialog.Choice is { } choice)
        {
            if (choice.WantsText)
            {
                desk.Mode.Tell(request);
            }
            else
            {
                Answer(request, choice.Answer, "");
            }
        }
    }

    private void Answer(RequestOpened request, string answer, string words) => exchange.Send(
        words.Length == 0 ? $"/answer {request.Request} {answer}" : $"/answer {request.Request} {answer} {words}",
        shown: null);
}
