namespace Berth.Platform;

/// <summary>Columns and rows of a terminal's screen.</summary>
public readonly record struct TerminalSize(int Columns, int Rows)
{
    private const int Largest = 2_000;

    /// <summary>Asks the terminal; 80 × 24 where it does not know or says nonsense.</summary>
    public static unsafe TerminalSize Of(int fd)
    {
        TerminalNative.WindowSize size;
        return TerminalNative.Ioctl(fd, TerminalNative.GetWindowSize, &size) == 0 && size.Columns > 0 && size.Rows > 0
            ? new TerminalSize(Math.Min((int)size.Columns, Largest), Math.Min((int)size.Rows, Largest))
            : new TerminalSize(80, 24);
    }
}
