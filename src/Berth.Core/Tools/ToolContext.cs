using Berth.Core.Images;
using Berth.Core.Tasks;
using Berth.Core.Tools.Search;
using Berth.Core.Web;
using Berth.Platform;
using Berth.Protocol.Events;

namespace Berth.Core.Tools;

/// <summary>What a session gives to one running tool call.</summary>
internal sealed record ToolContext
{
    /// <summary>The session's id.</summary>
    public required string Session { get; init; }

    /// <summary>The session's directory, absolute; every call starts there.</summary>
    public required string Directory { get; init; }

    /// <summary>Root of the project.</summary>
    public required string Project { get; init; }

    /// <summary>The call's id.</summary>
    public required string Call { get; init; }

    /// <summary>The variables the session's tools may see.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The file mode mask of the session's terminal.</summary>
    public required int Umask { get; init; }

    /// <summary>How long a command is waited for before it goes to the background.</summary>
    public required TimeSpan AutoBackgroundAfter { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Starts a command as a task of this session; it is in the log when this returns.</summary>
    public required Func<ShellCommand, Task<RunningTask>> StartAsync { get; init; }

    /// <summary>Checks what a call asks of sub-agents: their names, their models.</summary>
    /// <exception cref="ToolInputException">One is not known; the known or nearest ones are named.</exception>
    public required Action<SubagentsAsked> RequireSubagents { get; init; }

    /// <summary>Starts sub-agents as a task of this session; it is in the log when this returns.</summary>
    public required Func<SubagentsAsked, Task<RunningSubagents>> StartSubagentsAsync { get; init; }

    /// <summary>The tasks of this session that are known, oldest first.</summary>
    public required Func<IReadOnlyList<ITask>> Tasks { get; init; }

    /// <summary>How far this session has read a task's output.</summary>
    public required Func<long, TaskReading> Reading { get; init; }

    /// <summary>The model has a task's outcome: no notice is needed for it.</summary>
    public required Func<long, Task> CollectedAsync { get; init; }

    /// <summary>Which files this session has read or written, and as what.</summary>
    public required FileRegistry Files { get; init; }

    /// <summary>The name of a session by its id; null without one.</summary>
    public Func<string, string?> NameOf { get; init; } = static _ => null;

    /// <summary>A path with every link on the way resolved; what does not exist stays as it is spelled.</summary>
    public required Func<string, string> RealPath { get; init; }

    /// <summary>For a tool that walks through directories: which files it may look into.</summary>
    public required Func<string, Func<string, bool>> WalkFilter { get; init; }

    /// <summary>What a page of the web is fetched with.</summary>
    public required FetchNeeds Web { get; init; }

    /// <summary>Keeps the session's todo list; it is in the log when this returns.</summary>
    public required Func<IReadOnlyList<TodoItem>, Task> KeepTodosAsync { get; init; }

    /// <summary>Keeps an image for the model, under the name people know it by.</summary>
    public required Func<ImageFile, string, StoredImage> KeepImage { get; init; }

    /// <summary>Starts a program that is no task: one of ours, ended before the call is.</summary>
    public required Func<SpawnOptions, ChildProcess> Start { get; init; }

    /// <summary>An absolute path for one the model gave: <c>~</c> is the user's home, the rest is of the directory.</summary>
    /// <exception cref="ToolInputException">No file can have this path.</exception>
    public string Resolve(string path)
    {
        if (path.Contains('\0'))
        {
            throw new ToolInputException("A path cannot contain a NUL character.");
        }

        if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal))
        {
            path = Environment.GetValueOrDefault("HOME", "/") + path[1..];
        }

        return Path.GetFullPath(path, Directory);
    }

    /// <summary>An absolute path as results name it: relative where it lies below the directory, and always one line.</summary>
    public string Show(string path)
    {
        var below = path.StartsWith(Directory, StringComparison.Ordinal) && path.Length > Directory.Length + 1
            && (path[Directory.Length] == '/' || Directory == "/");
        return ShownPath.Of(below ? path[(Directory == "/" ? 1 : Directory.Length + 1)..] : path);
    }
}
