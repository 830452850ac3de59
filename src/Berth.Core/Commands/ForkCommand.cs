using System.Globalization;
using Berth.Core.Sessions;
using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary><c>/fork</c>: a complete copy of a session, switched to; the original goes on as if nothing had been.</summary>
internal static class ForkCommand
{
    public static Command Row { get; } = new(
        "fork", "a complete copy of this session; the original is kept and goes on",
        [
            new("/fork", "copy this session and switch to the copy"),
            new("/fork /name \"NAME\"", "the same, with a name"),
            new("/fork /at N", "copy it up to the end of turn N"),
        ],
        RunAsync);

    private sealed record Asked(string? Name, int? Turn);

    private static async Task<Reply> RunAsync(CommandContext context, CommandLine line)
    {
        var (asked, wrong) = Read(line);
        if (asked is null)
        {
            return wrong!;
        }

        if (context.Session is not { } original)
        {
            return Replies.Failed("There is no session to copy.", "Name one: berth fork --session X");
        }

        if (original.Row is not { } row)
        {
            return Empty(original);
        }

        if (asked.Turn > row.Turns)
        {
            return Replies.Failed($"There is no turn {asked.Turn}: session {original.Id} has {row.Turns}.");
        }

        var id = context.Sessions.FreeId();
        var (name, taken) = await SessionNames.ForForkAsync(context, row, id, asked.Name).ConfigureAwait(false);
        if (taken is not null)
        {
            return taken;
        }

        var copy = await context.Sessions.ForkAsync(original, id, name, asked.Turn, context.Environment)
            .ConfigureAwait(false);
        if (copy is null)
        {
            return asked.Turn is { } turn
                ? Replies.Failed($"Turn {turn} has not ended yet.", "/fork copies up to the last finished step.")
                : Empty(original);
        }

        var lines = new List<string> { $"Forked session {original.Id} into [{copy.Id}] '{name}'{Until(asked.Turn)}" };
        if (context.LookAsync is not null)
        {
            await context.LookAsync(copy).ConfigureAwait(false);
            lines.AddRange(Leaving.Lines(context, original));
        }
        else
        {
            // Nobody looks at it: what it holds in memory is let go.
            await copy.ViewAsync(context.Environment).ConfigureAwait(false);
        }

        return new Reply(lines, Data: Replies.Json(w =>
        {
            w.WriteStartObject();
            w.WriteString("session", copy.Id);
            w.WriteString("name", name);
            w.WriteString("parent", original.Id);
            w.WriteEndObject();
        }));
    }

    private static (Asked? Asked, Reply? Wrong) Read(CommandLine line)
    {
        string? name = null;
        int? turn = null;
        for (var i = 0; i < line.Count; i += 2)
        {
            if (line.Is(i, "name"))
            {
                for (name = line[i + 1]; i + 2 < line.Count && line[i + 2] != "/at"; i++)
                {
                    name = $"{name} {line[i + 2]}";
                }
            }
            else if (!line.Is(i, "at"))
            {
                return (null, Row.Wrong($"'{line[i]}' is not understood.", "/fork, /fork /name \"NAME\", /fork /at N"));
            }
            else if (int.TryParse(line[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            {
                turn = number;
            }
            else
            {
                return (null, Row.Wrong($"'{line[i + 1]}' is no turn: they are counted from 1.", "/fork /at N"));
            }
        }

        return (new Asked(name, turn), null);
    }

    private static Reply Empty(Session session) =>
        Replies.Failed($"Session {session.Id} is empty: there is nothing to copy.");

    private static string Until(int? turn) => turn is null ? "" : $", up to the end of turn {turn}";
}
