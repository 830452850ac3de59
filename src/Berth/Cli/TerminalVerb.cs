using Berth.App;
using Berth.Protocol.Messages;

namespace Berth.Cli;

/// <summary><c>berth</c> without a verb: the terminal, on a new session or one that was there.</summary>
internal static class TerminalVerb
{
    /// <summary>Its row.</summary>
    public static Verb Row => new(
        "terminal", ["berth [--model M] [--name N] [--permission-mode M]", "berth -c", "berth -r #N|ID|NAME"],
        "the terminal: a new session, the newest one here (-c), or one by its row, id or name (-r)", [], Run);

    /// <summary>Starts a terminal that looks at a session.</summary>
    public static int Look(OpenView open) => TerminalApp.Run(TerminalOptions.Here(open));

    private static int Run(Arguments arguments, Output output)
    {
        var latest = arguments.Flag("-c", "--continue");
        var resume = arguments.Value("-r", "--resume");
        if (latest && resume is not null)
        {
            throw CliFailure.Usage("-c and -r exclude each other.", "Right: berth -c, or berth -r X");
        }

        var model = arguments.Value("--model");
        var name = arguments.Value("--name");
        var mode = arguments.Value("--permission-mode");
        if (arguments.Rest("berth [-c | -r X]") is [var word, ..])
        {
            throw CliFailure.Usage($"'{word}' is not understood here.", "Right: berth, berth -c, berth -r X, berth run \"PROMPT\"");
        }

        return Look(latest ? new OpenView("continue")
            : resume is not null ? new OpenView("resume", resume)
            : new OpenView("new", Model: model, PermissionMode: mode, Name: name));
    }
}
