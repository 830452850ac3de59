using Berth.Protocol.Messages;

namespace Berth.Cli;

/// <summary>The call cannot be done. Caught in one place, which says so and ends the program with the code.</summary>
internal sealed class CliFailure(ErrorInfo error, int code) : Exception(error.What)
{
    /// <summary>What happened and what to do.</summary>
    public ErrorInfo Error { get; } = error;

    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int Code { get; } = code;

    /// <summary>The call was wrong; nothing happened.</summary>
    public static CliFailure Usage(string what, string? hint = null) => new(new ErrorInfo(what, hint, Usage: true), ExitCodes.Usage);

    /// <summary>The daemon's own refusal of a call.</summary>
    public static CliFailure Of(ErrorInfo error) => new(error, error.Usage ? ExitCodes.Usage : ExitCodes.Failed);
}
