using Berth.Platform;
using Berth.Protocol.Messages;
using Berth.Rendering;
using Berth.Tty;

namespace Berth.App;

/// <summary>What a terminal is started with.</summary>
/// <param name="Connect">
/// Connects to the daemon, starting one if there is none; called on a thread of its own, and again when the daemon was
/// lost. Throws <see cref="IOException"/> or an exception whose message says what to do.
/// </param>
/// <param name="Explain">What an exception of <paramref name="Connect"/> says to a person: what happened, what to do.</param>
/// <param name="Open">The session to look at first.</param>
/// <param name="Directory">The working directory, as the status line shows it.</param>
/// <param name="HistoryFile">Finds the file of the input history, after the first drawing; null keeps none.</param>
/// <param name="FirstLines">Lines above the first prompt.</param>
/// <param name="Resizing">What the terminal does when its window changes its size.</param>
/// <param name="Colours">False where <c>NO_COLOR</c> is set.</param>
/// <param name="TraceFile">
/// A file that gets one line as soon as the prompt was drawn: <c>{"methods":N}</c>, the methods compiled until then. For
/// the guard of the start; null for none.
/// </param>
/// <param name="Drafts">Finds where drafts are kept, when the first is; null keeps none.</param>
internal sealed record TerminalOptions(
    Func<TerminalSize, CancellationToken, IDaemonConnection> Connect, Func<Exception, string> Explain, OpenView Open,
    string Directory, Func<string?> HistoryFile, IReadOnlyList<Row> FirstLines,
    ResizeHabit Resizing, bool Colours = true, string? TraceFile = null, Func<DraftPlace?>? Drafts = null)
{
    /// <summary>
    /// A terminal in this process's directory and environment. Only what the first drawing needs is looked up now.
    /// </summary>
    /// <exception cref="ConnectFailure">The working directory is gone.</exception>
    public static TerminalOptions Here(OpenView open)
    {
        var directory = ThisClient.Directory();
        return new TerminalOptions(
            static (size, cancellation) => DaemonConnection.Open(terminal: true, size.Columns, size.Rows, cancellation),
            static e => e is ConnectFailure failure ? $"{failure.Message} {failure.Hint}" : e.Message,
            open,
            Shortened(directory, Variable("HOME")),
            () => Path.Combine(BerthPaths.From(ThisClient.Variables(), directory).State, "history.jsonl"),
            [new Row(new Piece("Berth", Style.Bold), new Piece($" {ThisClient.Version} · /help shows the commands", Style.Dim))],
            ResizeHabit.Of(Variable),
            Colours: Variable("NO_COLOR") is null,
            TraceFile: Variable("BERTH_TRACE_START"),
            Drafts: () => DraftPlace.In(BerthPaths.From(ThisClient.Variables(), directory).State));
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static string Shortened(string directory, string? home) =>
        home is { Length: > 1 } && directory.StartsWith(home, StringComparison.Ordinal)
            && (directory.Length == home.Length || directory[home.Length] == '/')
            ? "~" + directory[home.Length..] : directory;
}
