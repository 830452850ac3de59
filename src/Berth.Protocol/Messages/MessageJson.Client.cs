using System.Text.Json;
using Berth.Protocol.Events;

namespace Berth.Protocol.Messages;

/// <summary>The messages' JSON shapes: snake_case, nulls left out. Here what clients say.</summary>
public static partial class MessageJson
{
    /// <summary>The shape of <see cref="Messages.Hello"/>.</summary>
    public static JsonShape<Hello> Hello { get; } = new(
        static (w, hello) =>
        {
            w.WriteStartObject();
            w.WriteNumber("protocol"u8, hello.Protocol);
            w.WriteString("version"u8, hello.Version);
            w.WriteString("build"u8, hello.Build);
            w.WriteString("directory"u8, hello.Directory);
            w.WriteStartObject("environment"u8);
            foreach (var (name, value) in hello.Environment)
            {
                w.WriteString(name, value);
            }

            w.WriteEndObject();
            w.WriteNumber("umask"u8, hello.Umask);
            w.WriteBoolean("terminal"u8, hello.Terminal);
            w.WriteNumber("columns"u8, hello.Columns);
            w.WriteNumber("rows"u8, hello.Rows);
            w.WriteEndObject();
        },
        static e => new Hello(
            e.Int("protocol"u8), e.Text("version"u8), e.Text("build"u8), e.Text("directory"u8), Variables(e),
            e.Int("umask"u8), e.Flag("terminal"u8), e.IntOrNull("columns"u8) ?? 80, e.IntOrNull("rows"u8) ?? 24));

    /// <summary>The shape of <see cref="Messages.OpenView"/>.</summary>
    public static JsonShape<OpenView> OpenView { get; } = new(
        static (w, open) =>
        {
            w.WriteStartObject();
            w.WriteString("how"u8, open.How);
            w.Optional("which"u8, open.Which);
            w.WriteNumber("after"u8, open.After);
            w.Optional("model"u8, open.Model);
            w.Optional("permission_mode"u8, open.PermissionMode);
            w.Optional("name"u8, open.Name);
            w.WriteBoolean("watch"u8, open.Watch);
            w.WriteBoolean("again"u8, open.Again);
            w.WriteEndObject();
        },
        static e => new OpenView(
            e.Text("how"u8), e.TextOrNull("which"u8), e.LongOrZero("after"u8), e.TextOrNull("model"u8),
            e.TextOrNull("permission_mode"u8), e.TextOrNull("name"u8), e.FlagOrNull("watch"u8) ?? true, e.Flag("again"u8)));

    /// <summary>The shape of <see cref="Messages.SendLine"/>.</summary>
    public static JsonShape<SendLine> SendLine { get; } = new(
        static (w, line) =>
        {
            w.WriteStartObject();
            w.WriteString("text"u8, line.Text);
            w.Optional("session"u8, line.Session);
            w.WriteBoolean("message"u8, line.Message);
            w.WriteBoolean("data"u8, line.Data);
            w.WriteEndObject();
        },
        static e => new SendLine(
            e.Text("text"u8), e.TextOrNull("session"u8), e.Flag("message"u8), e.FlagOrNull("data"u8) ?? true));

    /// <summary>The shape of <see cref="Messages.StartRun"/>.</summary>
    public static JsonShape<StartRun> StartRun { get; } = new(
        static (w, run) =>
        {
            w.WriteStartObject();
            w.WriteString("prompt"u8, run.Prompt);
            w.WriteBoolean("background"u8, run.Background);
            w.Optional("model"u8, run.Model);
            w.Optional("resume"u8, run.Resume);
            w.Optional("name"u8, run.Name);
            w.Optional("permission_mode"u8, run.PermissionMode);
            w.Optional("allow"u8, run.Allow);
            w.Optional("typed"u8, run.Typed);
            w.WriteEndObject();
        },
        static e => new StartRun(
            e.Text("prompt"u8), e.Flag("background"u8), e.TextOrNull("model"u8), e.TextOrNull("resume"u8),
            e.TextOrNull("name"u8), e.TextOrNull("permission_mode"u8), e.TextsOrNull("allow"u8),
            e.IntOrNull("typed"u8)));

    /// <summary>The shape of <see cref="Messages.CompleteLine"/>.</summary>
    public static JsonShape<CompleteLine> CompleteLine { get; } = new(
        static (w, line) =>
        {
            w.WriteStartObject();
            w.WriteString("text"u8, line.Text);
            w.WriteNumber("caret"u8, line.Caret);
            w.WriteEndObject();
        },
        static e => new CompleteLine(e.Text("text"u8), e.Int("caret"u8)));

    /// <summary>The shape of <see cref="Messages.Resized"/>.</summary>
    public static JsonShape<Resized> Resized { get; } = new(
        static (w, size) =>
        {
            w.WriteStartObject();
            w.WriteNumber("columns"u8, size.Columns);
            w.WriteNumber("rows"u8, size.Rows);
            w.WriteEndObject();
        },
        static e => new Resized(e.Int("columns"u8), e.Int("rows"u8)));

    /// <summary>The shape of <see cref="Messages.DaemonVerb"/>.</summary>
    public static JsonShape<DaemonVerb> DaemonVerb { get; } = new(
        static (w, verb) =>
        {
            w.WriteStartObject();
            w.WriteString("verb"u8, verb.Verb);
            w.WriteBoolean("now"u8, verb.Now);
            w.WriteEndObject();
        },
        static e => new DaemonVerb(e.Text("verb"u8), e.Flag("now"u8)));

    private static Dictionary<string, string> Variables(JsonElement hello)
    {
        var variables = new Dictionary<string, string>();
        foreach (var one in hello.Json("environment"u8)?.EnumerateObject() ?? default)
        {
            variables[one.Name] = one.Value.GetString() ?? "";
        }

        return variables;
    }
}
