using System.Text;
using Berth.Platform;
using Berth.Protocol;

namespace Berth.Cli;

/// <summary>
/// What is piped into a run, read on a thread of its own while the connection is made. A pipe that stays open and
/// silent (a script's inherited one) must not hold a run that has a prompt, so its first byte is waited for only a
/// short time.
/// </summary>
internal sealed class PipedInput
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly ManualResetEventSlim begun = new();
    private readonly MemoryStream read = new();
    private readonly Thread thread;
    private IOException? failure;

    private PipedInput() => thread = new Thread(ReadAll) { IsBackground = true, Name = "standard input" };

    /// <summary>Begins to read; null when standard input is a terminal, or nothing that could hold a text.</summary>
    public static PipedInput? Begin()
    {
        if (StandardStreams.IsTerminal(StandardStreams.Input) || !HoldsText())
        {
            return null;
        }

        var input = new PipedInput();
        input.thread.Start();
        return input;
    }

    /// <summary>The text, without white space at its end; null when none comes.</summary>
    /// <param name="needed">There is no other prompt: wait for it as long as it takes.</param>
    /// <exception cref="CliFailure">It is too long, or cannot be read.</exception>
    public string? Text(bool needed)
    {
        if (!needed && !begun.Wait(Patience))
        {
            Output.Note($"berth: nothing came from standard input within {Patience.TotalSeconds} seconds; going on without it. To say that there is none: < /dev/null");
            return null;
        }

        thread.Join();
        if (failure is not null)
        {
            throw new CliFailure(new Protocol.Messages.ErrorInfo("Standard input cannot be read.", failure.Message), ExitCodes.Failed);
        }

        if (read.Length > Limits.LineBytes)
        {
            throw CliFailure.Usage($"Standard input is longer than {Limits.LineBytes} bytes.", "Save it in a file and name it in the prompt: @path");
        }

        return Encoding.UTF8.GetString(read.GetBuffer(), 0, (int)read.Length).TrimEnd() is { Length: > 0 } text ? text : null;
    }

    // A closed standard input leaves its number to the first file that the runtime opens.
    private static bool HoldsText() => File.ResolveLinkTarget("/proc/self/fd/0", returnFinalTarget: false) is { } target
        && target.FullName != "/dev/null" && !target.FullName.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal);

    private void ReadAll()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (StandardStreams.Read(StandardStreams.Input, buffer) is > 0 and var count && read.Length <= Limits.LineBytes)
            {
                read.Write(buffer, 0, count);
                begun.Set();
            }
        }
        catch (IOException e)
        {
            failure = e;
        }

        begun.Set();
    }
}
