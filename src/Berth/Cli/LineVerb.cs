using Berth.App;
using Berth.Protocol.Messages;

namespace Berth.Cli;

/// <summary>Every slash command as a verb: <c>berth bg list</c> sends the line <c>/bg list</c> and shows the reply.</summary>
internal static class LineVerb
{
    private const string Usage = "berth COMMAND [WORD ...] [--session X] [--json]";

    /// <summary>Its row; its name is whatever command the daemon knows.</summary>
    public static Verb Row => new(
        "", [Usage], "any slash command of the terminal: berth bg list, berth sessions, berth models, berth conf …",
        [
            "--session X  the session it acts on: #n, id or name (without it the newest of this project)",
            "--json       the same rows as JSON",
            "What stands behind -- is taken as it is.",
        ],
        Run);

    /// <summary>Sends a line and returns the reply, asking for hidden input where the command wants some.</summary>
    /// <exception cref="CliFailure">The line was refused.</exception>
    /// <exception cref="ConnectFailure">There is no daemon to send it to.</exception>
    /// <param name="data">The reply's JSON is wanted.</param>
    public static Reply Send(string line, string? session, bool data = true)
    {
        using var connection = DaemonConnection.Open(terminal: false, 80, 24, CancellationToken.None);
        var reply = Ask(connection, line, session, data);
        return reply.Hidden is { } prompt && reply.Error is null
            ? Ask(connection, $"{line} {HiddenInput.Read(prompt)}", session, data)
            : reply;
    }

    private static int Run(Arguments arguments, Output output)
    {
        arguments.Flag("--json");
        var session = arguments.Value("--session") is { } named ? Arguments.Session(named) : null;
        var command = (arguments.First() ?? "").TrimStart('/');
        if (!IsName(command))
        {
            throw CliFailure.Usage($"'{command}' is no command.", "To ask it: berth run \"…\". All commands: berth help");
        }

        var reply = Send(LineText.Of(command, arguments.RestWithDashes()), session, output.Json);
        ReplyText.Write(reply, output);
        return reply.Failed ? ExitCodes.Failed : ExitCodes.Done;
    }

    private static Reply Ask(DaemonConnection connection, string line, string? session, bool data)
    {
        var answer = connection.Call(ClientMethods.Line, new SendLine(line, session, Data: data), MessageJson.SendLine);
        if ((answer.Error ?? answer.Read(MessageJson.Reply).Error) is { } error)
        {
            throw CliFailure.Of(error);
        }

        return answer.Read(MessageJson.Reply);
    }

    private static bool IsName(string word)
    {
        foreach (var c in word)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('-' or '_' or ':' or '?'))
            {
                return false;
            }
        }

        return word.Length > 0;
    }
}
