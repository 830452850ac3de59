using Berth.Platform;

namespace Berth.Tty;

/// <summary>
/// The terminal on standard input and output: raw mode and the modes Berth asks for, and their end. Everything that is
/// switched on here is switched off by <see cref="Restore"/>, whoever calls it and however often.
/// </summary>
internal sealed class UnixTerminal
{
    // Bracketed paste; keys told apart: xterm's modifyOtherKeys 1, kitty's "disambiguate" (pushed, so that it can be
    // popped). Terminals that know neither ignore both.
    private const string On = "\x1b[?2004h\x1b[>4;1m\x1b[>1u";
    private const string Off = "\x1b[?2026l\x1b[?7h\x1b[<u\x1b[>4;0m\x1b[?2004l\x1b[0m\x1b[?25h";

    private readonly RawMode mode;
    private int restored;

    private UnixTerminal(RawMode mode) => this.mode = mode;

    /// <summary>Takes the terminal over; null when standard input or output is none.</summary>
    public static UnixTerminal? Open()
    {
        if (!StandardStreams.IsTerminal(StandardStreams.Output))
        {
            return null;
        }

        return RawMode.Enter(StandardStreams.Input) is { } raw ? new UnixTerminal(raw) : null;
    }

    /// <summary>What a first or renewed drawing begins with: the modes Berth needs.</summary>
    public static string Begin => On;

    /// <summary>The screen's size now.</summary>
    public static TerminalSize Size => TerminalSize.Of(StandardStreams.Output);

    /// <summary>Writes to the screen; false when the terminal is gone.</summary>
    public static bool Write(string output)
    {
        try
        {
            StandardStreams.Write(StandardStreams.Output, output);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Reads what was typed; 0 when the terminal is gone.</summary>
    public static int Read(Span<byte> buffer)
    {
        try
        {
            return StandardStreams.Read(StandardStreams.Input, buffer);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>Gives the terminal back as it was.</summary>
    public void Restore()
    {
        if (Interlocked.Exchange(ref restored, 1) == 0)
        {
            Write(Off);
            mode.Restore();
        }
    }

    /// <summary>Takes the terminal over again; the next drawing begins with <see cref="Begin"/>.</summary>
    public void Resume()
    {
        Interlocked.Exchange(ref restored, 0);
        mode.Resume();
    }
}
