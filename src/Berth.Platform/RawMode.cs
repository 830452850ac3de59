namespace Berth.Platform;

/// <summary>
/// A terminal whose keys arrive one by one, without echo and without signals. The settings found at the start come
/// back with <see cref="Restore"/>, which any thread may call any number of times.
/// </summary>
public sealed unsafe class RawMode
{
    // Flags of asm-generic/termbits.h. Output processing stays on: what another program writes into the same terminal
    // keeps its line ends.
    private const uint InputOff = 0x001 | 0x002 | 0x008 | 0x020 | 0x040 | 0x080 | 0x100 | 0x400;
    private const uint LocalOff = 0x0001 | 0x0002 | 0x0008 | 0x0040 | 0x8000;
    private const int MinimumBytes = 6;
    private const int Time = 5;

    private readonly int fd;
    private readonly TerminalNative.Termios found;
    private readonly TerminalNative.Termios raw;

    private RawMode(int fd, TerminalNative.Termios found)
    {
        this.fd = fd;
        this.found = found;
        var attributes = found;
        attributes.InputFlags &= ~InputOff;
        attributes.LocalFlags &= ~LocalOff;
        attributes.ControlCharacters[MinimumBytes] = 1;
        attributes.ControlCharacters[Time] = 0;
        raw = attributes;
    }

    /// <summary>Reads the settings of a terminal and switches it; null when the descriptor is none.</summary>
    public static RawMode? Enter(int fd)
    {
        TerminalNative.Termios attributes;
        if (TerminalNative.GetAttributes(fd, &attributes) != 0)
        {
            return null;
        }

        var mode = new RawMode(fd, attributes);
        mode.Resume();
        return mode;
    }

    /// <summary>Switches to raw mode again, after a suspension.</summary>
    public void Resume() => Set(raw);

    /// <summary>Gives the terminal the settings it had.</summary>
    public void Restore() => Set(found);

    private void Set(TerminalNative.Termios attributes) =>
        _ = TerminalNative.SetAttributes(fd, TerminalNative.SetAttributesNow, &attributes);
}
