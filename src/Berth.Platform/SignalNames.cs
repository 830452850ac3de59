
namespace Berth.Platform;

/// <summary>The signals Berth sends. Numbers of Linux on x86-64 and arm64 (signal(7)).</summary>
public static class SignalNumbers
{
    /// <summary>No signal: asks only whether one could be sent.</summary>
    public const int None = 0;

    /// <summary>The terminal went away.</summary>
    public const int Hangup = 1;

    /// <summary>As Ctrl+C.</summary>
    public const int Interrupt = 2;

    /// <summary>Cannot be refused.</summary>
    public const int Kill = 9;

    /// <summary>Asks a process to end.</summary>
    public const int Terminate = 15;

    /// <summary>Lets a stopped process go on, so that it can take note of other signals.</summary>
    public const int Continue = 18;

    internal const int Child = 17;
}

/// <summary>Names of signals.</summary>
public static class SignalNames
{
    private const int FirstRealTime = 34;
    private const int LastRealTime = 64;

    private static readonly string[] Names =
    [
        "0", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1",
        "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP",
        "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR",
        "SIGSYS",
    ];

    /// <summary>The name of a signal's number, for example "SIGKILL"; "SIGRTMIN+3" for real-time ones.</summary>
    public static string Of(int number) => number switch
    {
        > 0 when number < Names.Length => Names[number],
        FirstRealTime => "SIGRTMIN",
        > FirstRealTime and <= LastRealTime =>
            $"SIGRTMIN+{number - FirstRealTime}",
        _ => $"signal {number}",
    };
}
