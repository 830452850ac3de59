using System.Diagnostics;

namespace Berth.Tests.Testing;

/// <summary>
/// The real program in a real terminal: a tmux server of its own, with one window. Keys go in as tmux sends them; the
/// screen comes out as text. Disposing ends that server and what runs in its window, and nothing else.
/// </summary>
internal sealed class TmuxTerminal : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private readonly string server = $"berth-{Guid.NewGuid():N}";

    /// <summary>Starts a shell command in a window of that size.</summary>
    /// <param name="variables">The command's environment, beside the little that tmux needs.</param>
    public TmuxTerminal(
        string command, string directory, IReadOnlyDictionary<string, string> variables, int columns = 80, int rows = 24)
    {
        var assignments = string.Concat(variables.Select(v => $"{v.Key}={Quote(v.Value)} "));
        Tmux("new-session", "-d", "-x", $"{columns}", "-y", $"{rows}", "-c", directory,
            $"env -u NO_COLOR TERM=tmux-256color {assignments}{command}");
        Tmux("set-option", "-g", "escape-time", "0");
    }

    /// <summary>Whether tmux is installed on this machine.</summary>
    public static bool IsThere => Environment.GetEnvironmentVariable("PATH")!.Split(':')
        .Any(directory => File.Exists(Path.Combine(directory, "tmux")));

    /// <summary>What the screen shows, without empty rows at the end.</summary>
    public string Screen => Tmux("capture-pane", "-p").TrimEnd('\n');

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
        }
    }

    public void Dispose() => Try("kill-server");

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''")}'";

    private string Tmux(params string[] arguments)
    {
        var (code, output) = Try(arguments);
        return code == 0 ? output : throw new InvalidOperationException($"tmux {string.Join(' ', arguments)} failed.\n{output}");
    }

    private (int Code, string Output) Try(params string[] arguments)
    {
        var start = new ProcessStartInfo("tmux", ["-L", server, "-f", "/dev/null", .. arguments])
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
