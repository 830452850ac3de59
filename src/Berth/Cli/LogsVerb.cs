using System.Runtime.InteropServices;
using System.Text;
using Berth.App;
using Berth.Protocol.Messages;
using Berth.Protocol.Wire;

namespace Berth.Cli;

/// <summary><c>berth logs X</c>: a session's transcript as text, or its events as JSON.</summary>
internal static class LogsVerb
{
    private const string Usage = "berth logs X [-f] [--json]";

    /// <summary>Its row.</summary>
    public static Verb Row => new(
        "logs", [Usage], "a session's transcript as text",
        [
            "X       a slot (1, or '#1' in quotes), an id or a name",
            "-f      go on with what comes, until Ctrl+C",
            "--json  its events, one a line",
        ],
        Run);

    private static int Run(Arguments arguments, Output output)
    {
        arguments.Flag("--json");
        var follow = arguments.Flag("-f", "--follow");
        var which = Arguments.Session(arguments.Only(Usage));
        using var connection = DaemonConnection.Open(terminal: false, 80, 24, CancellationToken.None);
        var ended = 0;
        using var interrupt = Ending(PosixSignal.SIGINT, ExitCodes.Cancelled);
        using var terminate = Ending(PosixSignal.SIGTERM, ExitCodes.Terminated);

        // To look from here is not to have read it: the unread mark stays.
        var answer = connection.Call(
            ClientMethods.Open, new OpenView("attach", which, Watch: false), MessageJson.OpenView);
        if (answer.Error is { } error)
        {
            throw CliFailure.Of(error);
        }

        try
        {
            Show(connection, answer.Read(MessageJson.Opened), follow, output);
        }
        catch (Exception e) when (ended != 0 && e is IOException or ObjectDisposedException)
        {
            return ended;
        }

        return ended != 0 ? ended : ExitCodes.Done;

        PosixSignalRegistration Ending(PosixSignal signal, int code) => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            ended = code;
            connection.Dispose();
        });
    }

    private static void Show(DaemonConnection connection, Opened opened, bool follow, Output output)
    {
        var transcript = new TranscriptText();
        var seen = 0L;
        while (follow || seen < opened.Last)
        {
            var message = connection.Receive() ?? throw new IOException("The daemon ended. What is stored is kept: call it again");
            if (message.Method != DaemonMethods.Events)
            {
                continue;
            }

            var text = new StringBuilder();
            foreach (var (stored, json) in EventBatch.Read(message).Lines)
            {
                seen = stored.Seq;
                if (output.Json)
                {
                    Output.Line(json.Span);
                }
                else
                {
                    text.Append(transcript.Of(stored.Event));
                }
            }

            output.Text(text.ToString());
        }

        output.Text(transcript.EndOfAnswer());
    }
}
