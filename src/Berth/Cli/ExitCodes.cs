namespace Berth.Cli;

/// <summary>What the program's exit code says.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The turn or the command failed.</summary>
    public const int Failed = 1;

    /// <summary>The call itself was wrong; nothing happened.</summary>
    public const int Usage = 2;

    /// <summary>A permission was needed and nobody could be asked.</summary>
    public const int Denied = 3;

    /// <summary>A person ended the turn: 128 + SIGINT.</summary>
    public const int Cancelled = 130;

    /// <summary>This program was told to end: 128 + SIGTERM. The turn goes on.</summary>
    public const int Terminated = 143;
}
