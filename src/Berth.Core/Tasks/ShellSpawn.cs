using Berth.Platform;

namespace Berth.Core.Tasks;

/// <summary>How a shell command is started: which shell, with which variables.</summary>
internal static class ShellSpawn
{
    /// <summary>
    /// Marks every process of a task, wherever it went: its value is the task's output file, which no other task of any
    /// installation on this machine has, and which the log still knows after a restart.
    /// </summary>
    public const string Marker = "BERTH_TASK";

    private const string PlainShell = "/bin/sh";

    // Programs that see these ask for no keys, open no pager and draw no colours.
    private static readonly (string Name, string Value)[] Quiet =
        [("TERM", "dumb"), ("NO_COLOR", "1"), ("PAGER", "cat"), ("GIT_PAGER", "cat")];

    // These would contradict NO_COLOR, or speak of a terminal that the command does not have.
    private static readonly string[] Dropped =
        ["FORCE_COLOR", "CLICOLOR_FORCE", "COLORTERM", "COLUMNS", "LINES", "OLDPWD"];

    /// <summary>The start of <c>bash -c COMMAND</c> (bash from the command's own PATH, else /bin/sh).</summary>
    /// <param name="ownUmask">The umask that a child of this process has by itself.</param>
    public static SpawnOptions Options(ShellCommand command, string outputFile, int ownUmask)
    {
        var variables = new Dictionary<string, string>(command.Environment) { [Marker] = outputFile };
        foreach (var (name, value) in Quiet)
        {
            variables[name] = value;
        }

        foreach (var name in Dropped)
        {
            variables.Remove(name);
        }

        // A directory reached through a symbolic link keeps the name that people use for it.
        variables["PWD"] = command.Directory;

        var bash = Programs.Find("bash", command.Environment.GetValueOrDefault("PATH"));
        var (shell, name0) = bash is null ? (PlainShell, PlainShell) : (bash, "bash");
        return new SpawnOptions(
            shell,
            command.Umask == ownUmask ? ["-c", "--", command.Command] : WithUmask(command, bash),
            command.Directory, variables, outputFile, Name: name0);
    }

    // posix_spawn cannot set an umask. So that the command keeps its own $0, line numbers and quoting, a first shell
    // sets it and becomes the one that runs the command. (-p: start-up files are read once only, by the second.)
    private static string[] WithUmask(ShellCommand command, string? bash)
    {
        var umask = Convert.ToString(command.Umask & 0x1FF, 8).PadLeft(4, '0');
        return bash is null
            ? ["-c", $"umask {umask}; exec {PlainShell} -c -- \"$1\"", "sh", command.Command]
            : ["-p", "-c", $"umask {umask}; exec -a bash \"$1\" -c -- \"$2\"", "bash", bash, command.Command];
    }
}
