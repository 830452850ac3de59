using Berth.App;
using Berth.Platform;
using Berth.Protocol.Messages;
using Berth.Rendering;
using Berth.Tty;

namespace Berth.Cli;

/// <summary><c>berth</c>, <c>berth -c</c>, <c>berth -r X</c> and <c>berth attach X</c>: the terminal.</summary>
internal static class TerminalVerb
{
    private const string Usage = "berth [-c | -r #N|ID|NAME] [--model M] [--permission-mode M] [--name N]";
    private const string AttachUsage = "berth attach #N|ID|NAME";

    /// <summary>The row of <c>berth</c> itself.</summary>
    public static Verb Row => new(
        "", [Usage], "a terminal on a new session here", ["-c  the newest session here", "-r X  the session X"], Run);

    /// <summary>The row of <c>berth attach</c>.</summary>
    public static Verb AttachRow => new(
        "attach", [AttachUsage], "a terminal on a session, which keeps its slot", [], Attach);

    private static int Run(Arguments arguments, Output output)
    {
        var again = arguments.Flag("-c", "--continue");
        var which = arguments.Value("-r", "--resume");
        var open = new OpenView(
            again ? "continue" : which is null ? "new" : "resume", which,
            Model: arguments.Value("--model"), PermissionMode: arguments.Value("--permission-mode"), Name: arguments.Value("--name"));
        arguments.None(Usage);
        return again && which is not null
            ? throw CliFailure.Usage("-c and -r do not go together.", $"Right: {Usage}")
            : Run(open);
    }

    private static int Attach(Arguments arguments, Output output) =>
        Run(new OpenView("attach", arguments.Only(AttachUsage)));

    private static int Run(OpenView open)
    {
        var directory = ThisClient.Directory();
        return TerminalApp.Run(new TerminalOptions(
            static (size, cancellation) => DaemonConnection.Open(terminal: true, size.Columns, size.Rows, cancellation),
            static e => e is ConnectFailure failure ? $"{failure.Message} {failure.Hint}" : e.Message,
            open,
            Shortened(directory),
            () => Path.Combine(BerthPaths.From(ThisClient.Variables(), directory).State, "history.jsonl"),
            [new Row(new Piece("Berth", Rendering.Style.Bold), new Piece($" {ThisClient.Version} · /help shows the commands", Rendering.Style.Dim))],
            Colours: string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            Reflows: UnixTerminal.Reflows(
                Environment.GetEnvironmentVariable("TERM"), Environment.GetEnvironmentVariable("XTERM_VERSION"),
                !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("TMUX"))),
            TraceFile: Environment.GetEnvironmentVariable("BERTH_TRACE_START")));
    }

    private static string Shortened(string directory) =>
        Environment.GetEnvironmentVariable("HOME") is { Length: > 1 } home
            && directory.StartsWith(home, StringComparison.Ordinal)
            && (directory.Length == home.Length || directory[home.Length] == '/')
            ? "~" + directory[home.Length..] : directory;
}
