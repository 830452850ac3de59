namespace Berth.Core.Permissions.Programs;

/// <summary>Which shell variables a line may set or read without being asked about.</summary>
internal static class Variables
{
    // Change the language, time zone, colours or size of output, or tell a build that nobody watches.
    private static readonly string[] HarmlessToSet =
    [
        "LANG", "LANGUAGE", "TZ", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "LINES", "TERM", "CI",
        "NODE_ENV", "RUST_BACKTRACE", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "DOTNET_NOLOGO",
        "DOTNET_CLI_TELEMETRY_OPTOUT",
    ];

    private static readonly string[] HarmlessToRead =
    [
        "?", "#", "$", "!", "-", "0", "_", "HOME", "PWD", "OLDPWD", "USER", "LOGNAME", "SHELL", "LANG", "TERM", "TZ", "UID",
        "EUID", "PPID", "RANDOM", "SECONDS", "LINENO", "HOSTNAME", "HOSTTYPE", "OSTYPE", "MACHTYPE", "BASH_VERSION", "BASHPID",
        "SHLVL", "IFS", "PATH", "REPLY", "OPTARG", "OPTIND", "EPOCHSECONDS", "COLUMNS", "LINES", "PIPESTATUS",
    ];

    /// <summary>Whether a program's behaviour stays the same with this variable in its environment, but for the look of
    /// its output.</summary>
    /// <param name="value">Null when it is not known.</param>
    internal static bool IsHarmless(string name, string? value) =>
        (Array.IndexOf(HarmlessToSet, name) >= 0 || (name.StartsWith("LC_") && name.Length <= 20))
        && value is { Length: <= 40 } && IsWord(value);

    /// <summary>Whether the shell's own work stays the same with this variable set and not exported. Names in lower case
    /// have no meaning to bash or to the programs of the read-only list.</summary>
    internal static bool IsPrivate(string name) =>
        name.AsSpan().IndexOfAnyInRange('A', 'Z') < 0 && name != "_" && !name.EndsWith("_proxy");

    /// <summary>Whether a variable's value is no secret.</summary>
    internal static bool IsPublic(string name) =>
        Array.IndexOf(HarmlessToRead, name) >= 0 || name is "@" or "*" || name.All(char.IsAsciiDigit);

    private static bool IsWord(string value)
    {
        foreach (var c in value)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"_.@-+".Contains(c))
            {
                return false;
            }
        }

        return true;
    }
}
