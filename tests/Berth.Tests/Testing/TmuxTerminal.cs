using System.Diagnostics;

namespace Berth.Tests.Testing;

/// <summary>
/// The real program in a real terminal: a tmux server of its own, with one window. Keys go in as tmux sends them; the
/// screen comes out as text. Disposing ends that server and what runs in its window, and nothing else.
/// </summary>
internal sealed class TmuxTerminal : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    // Between two looks the processor belongs to what is being waited for.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    private readonly ManualResetEventSlim pause = new();
    private readonly string server = $"berth-{Guid.NewGuid():N}";

    /// <summary>Starts a shell command in a window of that size.</summary>
    /// <param name="variables">The command's environment, beside the little that tmux needs.</param>
    public TmuxTerminal(
        string command, string directory, IReadOnlyDictionary<string, string> variables, int columns = 80, int rows = 24)
    {
        var assignments = string.Concat(variables.Select(v => $"{v.Key}={Quote(v.Value)} "));
        Tmux("start-server", ";", "set-option", "-g", "history-limit", "20000", ";", "set-option", "-g", "set-clipboard", "on",
            ";", "set-option", "-g", "escape-time", "0", ";", "new-session", "-d", "-x", $"{columns}", "-y", $"{rows}", "-c", directory,
            $"env -i TERM=tmux-256color {assignments}{command}");
    }

    /// <summary>Whether tmux is installed on this machine.</summary>
    public static bool IsThere => Environment.GetEnvironmentVariable("PATH")!.Split(':')
        .Any(directory => File.Exists(Path.Combine(directory, "tmux")));

    /// <summary>What the screen shows, without empty rows at the end.</summary>
    public string Screen => Tmux("capture-pane", "-p").TrimEnd('\n');

    /// <summary>The rows of the screen, without empty ones at the end.</summary>
    public string[] Rows => Screen.Split('\n');

    /// <summary>What scrolled off the screen.</summary>
    public string Scrollback => int.Parse(Tmux("display-message", "-p", "#{history_size}").Trim()) == 0
        ? "" : Tmux("capture-pane", "-p", "-S", "-", "-E", "-1").TrimEnd('\n');

    /// <summary>Scrollback and screen; rows that tmux wrapped are joined.</summary>
    public string Everything => Tmux("capture-pane", "-p", "-J", "-S", "-").TrimEnd('\n');

    /// <summary>What the screen shows with its escape codes.</summary>
    public string Coloured => Tmux("capture-pane", "-p", "-e").TrimEnd('\n');

    /// <summary>The caret: column and row, counted from 0.</summary>
    public (int Column, int Row) Caret
    {
        get
        {
            var parts = Tmux("display-message", "-p", "#{cursor_x} #{cursor_y}").Trim().Split(' ');
            return (int.Parse(parts[0]), int.Parse(parts[1]));
        }
    }

    /// <summary>One of tmux's words about its window, for example <c>cursor_flag</c>.</summary>
    public string Flag(string name) => Tmux("display-message", "-p", $"#{{{name}}}").Trim();

    /// <summary>Whether the caret is to be seen.</summary>
    public bool ShowsCaret => Tmux("display-message", "-p", "#{cursor_flag}").Trim() == "1";

    /// <summary>Whether a program switched to the screen without scrollback.</summary>
    public bool ShowsOtherScreen => Tmux("display-message", "-p", "#{alternate_on}").Trim() == "1";

    /// <summary>The window's title as programs set it.</summary>
    public string Title => Tmux("display-message", "-p", "#{pane_title}").Trim();

    /// <summary>What was copied last.</summary>
    /// <exception cref="InvalidOperationException">Nothing was.</exception>
    public string Buffer => Tmux("show-buffer");

    /// <summary>Whether the command still runs.</summary>
    public bool IsAlive => Try("has-session").Code == 0;

    /// <summary>The process id of what runs in the window.</summary>
    public int Pid => int.Parse(Tmux("display-message", "-p", "#{pane_pid}").Trim());

    /// <summary>Sends keys by tmux's names: <c>Enter</c>, <c>Escape</c>, <c>C-b</c>, <c>M-1</c>.</summary>
    public void Keys(params string[] names) => Tmux(["send-keys", .. names]);

    /// <summary>Types text as it is.</summary>
    public void Type(string text) => Tmux("send-keys", "-l", text);

    /// <summary>Types text and presses Enter.</summary>
    public void Send(string text)
    {
        Type(text);
        Keys("Enter");
    }

    /// <summary>Pastes text with the marks of bracketed paste.</summary>
    public void Paste(string text)
    {
        Tmux("set-buffer", text);
        Tmux("paste-buffer", "-p");
    }

    /// <summary>Gives the window another size.</summary>
    public void Resize(int columns, int rows) => Tmux("resize-window", "-x", $"{columns}", "-y", $"{rows}");

    /// <summary>Waits, within a bound, until the screen holds a text.</summary>
    public void WaitFor(string text) => Until(() => Screen.Contains(text), $"'{text}' on the screen");

    /// <summary>Waits, within a bound, until something is so.</summary>
    public void Until(Func<bool> isSo, string what)
    {
        var began = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (Stopwatch.GetElapsedTime(began) > Longest)
            {
                throw new TimeoutException($"Waited in vain for {what}. The screen:\n{(IsAlive ? Screen : "(gone)")}");
            }

            pause.Wait(BetweenLooks);
        }
    }

    /// <summary>Waits, within a bound, until the screen does not hold a text any more.</summary>
    public void WaitForNo(string text) => Until(() => !Screen.Contains(text), $"no '{text}' on the screen");

    /// <summary>Closes the window, as a person does who clicks it away: what runs in it gets a hang-up.</summary>
    public void Close() => Tmux("kill-pane");

    public void Dispose()
    {
        Try("kill-server");
        pause.Dispose();
    }

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''")}'";

    private string Tmux(params string[] arguments)
    {
        var (code, output) = Try(arguments);
        return code == 0 ? output : throw new InvalidOperationException($"tmux {string.Join(' ', arguments)} failed.\n{output}");
    }

    private (int Code, string Output) Try(params string[] arguments)
    {
        var start = new ProcessStartInfo("tmux", ["-u", "-L", server, "-f", "/dev/null", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("TMUX");
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
