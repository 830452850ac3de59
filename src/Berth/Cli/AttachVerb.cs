using Berth.Protocol.Messages;

namespace Berth.Cli;

/// <summary><c>berth attach X</c>: the terminal on a session, which keeps its slot.</summary>
internal static class AttachVerb
{
    private const string Usage = "berth attach X";

    /// <summary>Its row.</summary>
    public static Verb Row => new(
        "attach", [Usage], "the terminal on a background session, which keeps its slot",
        ["X  a slot (1, or '#1' in quotes), an id or a name"], Run);

    private static int Run(Arguments arguments, Output output) =>
        TerminalVerb.Look(new OpenView("attach", Arguments.Session(arguments.Only(Usage))));
}
