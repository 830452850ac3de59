using System.Text;
using Berth.Core.Sessions;
using Berth.Protocol.Events;
using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary>The end of a session's transcript as text: its last lines, its open request, its tasks.</summary>
internal static class Peek
{
    private const int Lines = 12;
    private const int EventsBack = 400;

    /// <summary>Looks at a session in a slot without counting as somebody who looked.</summary>
    public static async Task<Reply> AtAsync(Session session, int slot, TimeProvider time)
    {
        var watcher = new Watcher(() => { }, (_, _) => { }, Person: false);
        var view = await session.WatchAsync(watcher, brings: null).ConfigureAwait(false);
        try
        {
            var lines = new List<string> { Replies.Called(session.Row!, slot) };
            lines.AddRange(LastLines(session, view.LastSeq));
            lines.AddRange(view.Requests.Select(r => $"Open request {r.Request}: {SessionState.Asked(r)} (/bg /answer {slot} y|n|a)"));
            var tasks = await session.TasksAsync().ConfigureAwait(false);
            lines.AddRange(tasks.Where(t => t.IsLive).Select(t => TaskRows.Line(t, time)));

            return new Reply(lines);
        }
        finally
        {
            await session.UnwatchAsync(watcher).ConfigureAwait(false);
        }
    }

    private static IEnumerable<string> LastLines(Session session, long last)
    {
        var text = new StringBuilder();
        foreach (var stored in session.EventsAfter(Math.Max(0, last - EventsBack)))
        {
            Append(text, stored.Event);
        }

        return text.ToString().Split('\n').Where(line => line.Length > 0).TakeLast(Lines);
    }

    private static void Append(StringBuilder text, SessionEvent happened)
    {
        switch (happened)
        {
            case UserMessage e:
                text.Append("\n> ").Append(e.Text).Append('\n');
                break;
            case TextAdded e:
                text.Append(e.Text);
                break;
            case StepEnded e:
                text.Append('\n').AppendJoin('\n', e.Calls.Select(c => $"{c.Tool} {c.Arguments}")).Append('\n');
                break;
            case ToolEnded e:
                text.Append("  ").Append(e.Summary ?? e.Outcome).Append('\n');
                break;
            case NoticeAdded e:
                text.Append('\n').AppendJoin('\n', e.Lines).Append('\n');
                break;
            case TurnEnded { Error: { } error }:
                text.Append('\n').Append(error).Append('\n');
                break;
        }
    }
}
