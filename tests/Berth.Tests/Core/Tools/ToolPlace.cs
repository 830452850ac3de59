using System.Text;
using System.Text.Json.Nodes;
using Berth.Core.Images;
using Berth.Core.Settings;
using Berth.Core.Tools;
using Berth.Core.Web;
using Berth.Platform;
using Berth.Tests.Processes;

namespace Berth.Tests.Core.Tools;

/// <summary>A directory with files and a session's view of it, in which tools are called as the model calls them.</summary>
internal sealed class ToolPlace : IDisposable
{
    private readonly Scratch scratch = new();
    private readonly Children children = new();

    public ToolPlace() => Root = RealPath.Of(scratch.Root);

    /// <summary>The session's directory.</summary>
    public string Root { get; }

    /// <summary>The session's umask.</summary>
    public int Umask { get; set; } = 0x12; // 0022

    /// <summary>Its PATH: without ripgrep, unless a test sets it.</summary>
    public string SearchPath { get; set; } = "/nowhere";

    /// <summary>Which files a walking tool may look into.</summary>
    public Func<string, bool> MayRead { get; set; } = _ => true;

    /// <summary>How pages are fetched: not at all, unless a test says so.</summary>
    public FetchNeeds Web { get; set; } = new(
        _ => false, (_, _) => throw new InvalidOperationException("no test looks up real names"), TimeProvider.System);

    /// <summary>What this session has read. A new one is what is left after a restart.</summary>
    public FileRegistry Files { get; set; } = new();

    public string Path(string relative) => System.IO.Path.Combine(Root, relative);

    public ToolPlace With(string relative, string text) => With(relative, Encoding.UTF8.GetBytes(text));

    public ToolPlace With(string relative, byte[] bytes)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(relative))!);
        File.WriteAllBytes(Path(relative), bytes);
        return this;
    }

    public string Text(string relative) => File.ReadAllText(Path(relative));

    public byte[] Bytes(string relative) => File.ReadAllBytes(Path(relative));

    /// <summary>Makes a pipe to which nobody writes.</summary>
    public ToolPlace WithPipe(string relative)
    {
        children.Start(Bash.Options(Root, $"mkfifo {relative}")).Exited.GetAwaiter().GetResult();
        return this;
    }

    /// <summary>Sets permission bits, given as people write them.</summary>
    public ToolPlace WithMode(string relative, string mode)
    {
        File.SetUnixFileMode(Path(relative), (UnixFileMode)Convert.ToInt32(mode, 8));
        return this;
    }

    public string Mode(string relative) => Convert.ToString((int)File.GetUnixFileMode(Path(relative)), 8);

    /// <summary>What a person would be shown before the call.</summary>
    public ToolAsk Ask(string tool, params (string Name, object Value)[] arguments) =>
        ToolTable.Find(tool)!.Asks(Input(tool, arguments), Context());

    /// <summary>Calls a tool.</summary>
    public ToolResult Call(string tool, params (string Name, object Value)[] arguments) =>
        CallAsync(tool, default, arguments).GetAwaiter().GetResult();

    public Task<ToolResult> CallAsync(string tool, CancellationToken cancellation, params (string Name, object Value)[] arguments) =>
        ToolTable.Find(tool)!.Run(Input(tool, arguments), Context(), cancellation);

    public void Dispose()
    {
        children.Dispose();
        scratch.Dispose();
    }

    private static ToolInput Input(string tool, (string Name, object Value)[] arguments)
    {
        var json = new JsonObject();
        foreach (var (name, value) in arguments)
        {
            json[name] = value switch
            {
                bool flag => JsonValue.Create(flag),
                int number => JsonValue.Create(number),
                _ => JsonValue.Create((string)value),
            };
        }

        return ToolInput.Parse(tool, json.ToJsonString());
    }

    private ToolContext Context() => new()
    {
        Session = "00000000",
        Directory = Root,
        Project = Root,
        Call = "call",
        Environment = new Dictionary<string, string> { ["PATH"] = SearchPath, ["HOME"] = Root },
        Umask = Umask,
        AutoBackgroundAfter = TimeSpan.FromMinutes(2),
        Time = TimeProvider.System,
        Files = Files,
        RealPath = RealPath.Of,
        WalkFilter = _ => MayRead,
        Web = Web,
        KeepTodosAsync = _ => Task.CompletedTask,
        KeepImage = new ImageStore(Path("session")).Keep,
        Start = children.Start,
        StartAsync = _ => throw new InvalidOperationException("no test of files starts a task"),
        RequireSubagents = _ => throw new InvalidOperationException("no test of files starts a sub-agent"),
        StartSubagentsAsync = _ => throw new InvalidOperationException("no test of files starts a sub-agent"),
        Tasks = () => [],
        Reading = _ => new TaskReading(),
        CollectedAsync = _ => Task.CompletedTask,
    };
}
