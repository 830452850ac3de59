using System.Text;
using Berth.Platform;
using Berth.Protocol;

namespace Berth.Cli;

/// <summary>One line that nobody shall see: typed without echo, or the first line of standard input.</summary>
internal static class HiddenInput
{
    private const byte Interrupt = 3;
    private const byte EndOfInput = 4;

    /// <summary>Asks for it and reads it.</summary>
    /// <exception cref="CliFailure">Nothing came, or it was broken off.</exception>
    public static string Read(string prompt)
    {
        var raw = RawMode.Enter(StandardStreams.Input);
        if (raw is not null)
        {
            StandardStreams.Write(StandardStreams.Error, PlainText.For(prompt, terminal: true) + " ");
        }

        try
        {
            return ReadLine() is { Length: > 0 } line ? line
                : throw CliFailure.Usage("No input came.", "Type it, or give it as one line of standard input.");
        }
        finally
        {
            raw?.Restore();
            if (raw is not null)
            {
                Output.Note("");
            }
        }
    }

    private static string ReadLine()
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (StandardStreams.Read(StandardStreams.Input, one) == 1 && one[0] is not ((byte)'\n' or (byte)'\r' or EndOfInput))
        {
            switch (one[0])
            {
                case Interrupt:
                    throw new CliFailure(new Protocol.Messages.ErrorInfo("Broken off."), ExitCodes.Cancelled);
                case 8 or 127 when line.Count > 0:
                    line.RemoveAt(line.Count - 1);
                    break;
                default:
                    line.Add(one[0]);
                    break;
            }

            if (line.Count > Limits.LineBytes)
            {
                throw CliFailure.Usage("That line is too long.");
            }
        }

        return Encoding.UTF8.GetString([.. line]).Trim();
    }
}
