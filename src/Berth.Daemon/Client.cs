using System.Text;
using System.Text.Json;
using Berth.Core.Commands;
using Berth.Core.Sessions;
using Berth.Core.Settings;
using Berth.Core.Tasks;
using Berth.Platform;
using Berth.Protocol;
using Berth.Protocol.Events;
using Berth.Protocol.Messages;
using Berth.Protocol.Wire;

namespace Berth.Daemon;

/// <summary>What one client says and sees: its environment, the session it looks at, its answers.</summary>
internal sealed partial class Client(Engine engine, Outbox outbox)
{
    private readonly SeenList seen = new();
    private readonly PathCompletion paths = new(engine.Time);
    private Hello? hello;
    private TerminalEnvironment environment = new("/", new Dictionary<string, string>(), 0);
    private string project = "/";
    private View? view;
    private BoardWatcher? boardWatcher;
    private int boardChanged;

    private sealed record View(Session Session, Watcher Watcher, SessionFollower? Follower);

    /// <summary>Does one message. Whatever goes wrong is the answer; the client stays connected.</summary>
    public async Task HandleAsync(WireMessage message)
    {
        try
        {
            if (hello is null && message.Method is not (ClientMethods.Hello or ClientMethods.Daemon))
            {
                throw new ClientError("The first message must be 'hello'.");
            }

            await DispatchAsync(message).ConfigureAwait(false);
        }
        catch (ClientError e)
        {
            Refuse(message.Id, e.Info);
        }
        catch (SettingsFailure e)
        {
            Refuse(message.Id, new ErrorInfo(e.Message, e.Hint, e.IsUsage));
        }
        catch (JsonException e)
        {
            Refuse(message.Id, new ErrorInfo($"The parameters of '{message.Method}' are not understood: {e.Message}", null, true));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Refuse(message.Id, new ErrorInfo($"Nothing was done: {e.Message}", "Free space or mend the disk, then try again."));
        }
        catch (Exception e) when (e is TaskRefused or SpawnFailure)
        {
            Refuse(message.Id, new ErrorInfo(e.Message));
        }
        catch (System.Threading.Channels.ChannelClosedException)
        {
            Refuse(message.Id, new ErrorInfo("The daemon is leaving.", "Try again: a new one starts by itself."));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // One of the three places where failures end: a fault of ours costs one answer, never the daemon.
            engine.Journal($"{message.Method}: {e}");
            Refuse(message.Id, new ErrorInfo($"Berth failed: {e.Message}", "The daemon's log has the details."));
        }
    }

    /// <summary>The client is gone: its views end, nothing else.</summary>
    public async Task LeaveAsync()
    {
        if (boardWatcher is not null)
        {
            await engine.Sessions.Board.UnwatchAsync(boardWatcher).ConfigureAwait(false);
        }

        await LeaveViewAsync(view).ConfigureAwait(false);
    }

    /// <summary>Whether live events of this follower are still wanted.</summary>
    public bool Follows(SessionFollower follower) => view?.Follower == follower;

    private Task DispatchAsync(WireMessage message) => message.Method switch
    {
        ClientMethods.Hello => HelloAsync(message),
        ClientMethods.Open => OpenAsync(message),
        ClientMethods.Line => LineAsync(message),
        ClientMethods.Run => RunAsync(message),
        ClientMethods.Complete => CompleteAsync(message),
        ClientMethods.Resize => Task.CompletedTask,
        ClientMethods.Daemon => DaemonAsync(message),
        _ => throw new ClientError($"There is no method '{message.Method}'."),
    };

    private async Task HelloAsync(WireMessage message)
    {
        if (hello is not null)
        {
            throw new ClientError("This connection has said 'hello' already.");
        }

        var greeting = message.Read(MessageJson.Hello);
        if (greeting.Protocol != ProtocolVersion.Current)
        {
            throw new ClientError(
                $"The running daemon is Berth {engine.Version} (protocol {ProtocolVersion.Current}), this client is "
                + $"{greeting.Version} (protocol {greeting.Protocol}).",
                "Change to this version with: berth daemon restart (running turns finish first)");
        }

        if (greeting is not { Directory: ['/', ..], Environment: not null, Build: not null })
        {
            throw new ClientError("'hello' lacks the directory, the environment or the build.", null, true);
        }

        environment = new TerminalEnvironment(greeting.Directory, greeting.Environment, greeting.Umask);
        project = Project.Of(greeting.Directory).Root;
        engine.Remember(environment);
        hello = greeting;
        if (greeting.Terminal)
        {
            boardWatcher = new BoardWatcher(project, OnBoard);
            await engine.Sessions.Board.WatchAsync(boardWatcher).ConfigureAwait(false);
        }

        var warnings = new List<string>(engine.Policy.Warnings(project, environment));
        warned.UnionWith(warnings);
        if (greeting.Build != engine.Build)
        {
            warnings.Add($"The daemon runs another build ({engine.Build}). Change to this one with: berth daemon restart (running turns finish first)");
        }

        Answer(message.Id, new Welcome(
            ProtocolVersion.Current, engine.Version, engine.Build, Environment.ProcessId, project,
            engine.Policy.DefaultModel(project, environment), warnings, await BoardNewsAsync().ConfigureAwait(false), Settings()),
            MessageJson.Welcome);
    }

    private async Task LineAsync(WireMessage message)
    {
        var line = message.Read(MessageJson.SendLine);
        if (Encoding.UTF8.GetByteCount(line.Text) > Limits.LineBytes)
        {
            throw new ClientError($"A line over {Limits.LineBytes / 1_000_000} MB is refused.", "Put the text into a file and name it.", true);
        }

        var kind = line.Message ? LineKind.Message : LineKinds.Of(line.Text);
        var context = await ContextAsync(line.Session).ConfigureAwait(false) with { WantsData = line.Data };
        var reply = kind switch
        {
            LineKind.Empty => new Reply(),
            LineKind.Command => await CommandTable.RunAsync(context, line.Text.Trim()).ConfigureAwait(false),
            LineKind.Shell => await ShellLine.RunAsync(context, line.Text.Trim()).ConfigureAwait(false),
            _ => await SubmitAsync(context, line.Text).ConfigureAwait(false),
        };
        Answer(message.Id, reply, MessageJson.Reply);
        NewsAfterLine();
    }

    private static async Task<Reply> SubmitAsync(CommandContext context, string text)
    {
        if (context.Session is not { } session)
        {
            return new Reply(Error: new ErrorInfo("There is no session to send this to.", "berth run \"PROMPT\" starts one."));
        }

        await session.SubmitAsync(text, context.Environment, typed: text).ConfigureAwait(false);
        return new Reply();
    }

    private async Task RunAsync(WireMessage message)
    {
        var run = message.Read(MessageJson.StartRun);
        var context = await ContextAsync(null).ConfigureAwait(false);
        var started = await HeadlessRun.StartAsync(context, run).ConfigureAwait(false);
        if (run.Background)
        {
            var sent = await started.SubmitAsync().ConfigureAwait(false);
            Answer(message.Id, new RunStarted(started.Session.Id, started.Slot, sent), MessageJson.RunStarted);
            return;
        }

        var watcher = new Watcher(outbox.Wake, Tell);
        await started.Session.WatchAsync(watcher, environment).ConfigureAwait(false);
        view = new View(started.Session, watcher, Follower: null);
        var after = await started.SubmitAsync().ConfigureAwait(false);
        Answer(message.Id, new RunStarted(started.Session.Id, null, after), MessageJson.RunStarted);
        var follower = new SessionFollower(started.Session, after, joinsPieces: false);
        view = view with { Follower = follower };
        outbox.Add(new OutView(follower, ReadOnlyMemory<byte>.Empty));
    }

    private async Task CompleteAsync(WireMessage message)
    {
        var asked = message.Read(MessageJson.CompleteLine);
        var context = await ContextAsync(null).ConfigureAwait(false);
        Answer(message.Id, await Completer.CompleteAsync(context, asked).ConfigureAwait(false), MessageJson.Completions);
    }

    private async Task DaemonAsync(WireMessage message)
    {
        var (verb, now) = message.Read(MessageJson.DaemonVerb);
        if (verb is "restart" && !now && engine.Running() is { Count: > 0 } running)
        {
            Answer(message.Id, engine.Status(running: true, null) with { Busy = running }, MessageJson.DaemonStatus);
            return;
        }

        if (verb is "stop" or "restart")
        {
            var ended = await engine.EndWorkAsync(stopTasks: verb is "stop").ConfigureAwait(false);
            Answer(message.Id, engine.Status(running: false, ended), MessageJson.DaemonStatus);
            engine.Leave();
            return;
        }

        Answer(message.Id, engine.Status(running: true, null), MessageJson.DaemonStatus);
    }

    private async Task<CommandContext> ContextAsync(string? session)
    {
        var context = new CommandContext
        {
            Sessions = engine.Sessions,
            Settings = engine.Settings,
            Models = engine.Models,
            Project = project,
            Environment = environment,
            Session = view?.Session,
            LookAsync = hello is { Terminal: true } && view is not null ? next => LookAsync(next, 0, clean: true, watched: true) : null,
            Seen = seen,
            Paths = paths,
            Time = engine.Time,
            Daemon = () => engine.Status(running: true, null),
        };
        if (session is not null)
        {
            var (named, error) = await SessionChoice.SlotOrStoredAsync(context, session).ConfigureAwait(false);
            return context with { Session = named ?? throw new ClientError(error!.Error!) };
        }

        if (context.Session is null && hello is { Terminal: false })
        {
            var newest = (await context.Board.AllAsync(project).ConfigureAwait(false)).FirstOrDefault(r => r.Kind == "session");
            return newest is null ? context : context with { Session = await engine.Sessions.FindAsync(newest.Id).ConfigureAwait(false) };
        }

        return context;
    }

    private void Answer<T>(long? id, T result, JsonShape<T> shape)
        where T : class
    {
        if (id is { } known)
        {
            outbox.Add(new OutMessage(WireWriter.Result(known, result, shape)));
        }
    }

    private void Refuse(long? id, ErrorInfo error) => outbox.Add(new OutMessage(WireWriter.Error(id, error)));

    private void Tell(string text, string? style) => Tell(text, style, rings: false);

    private void Tell(string text, string? style, bool rings) => outbox.Add(new OutMessage(
        WireWriter.Notification(DaemonMethods.Notice, new Notice(text, style, rings ? true : null), MessageJson.Notice)));
}

/// <summary>A call that cannot be done, in words for the person who made it.</summary>
internal sealed class ClientError(ErrorInfo info) : Exception(info.What)
{
    public ClientError(string what, string? hint = null, bool usage = false)
        : this(new ErrorInfo(what, hint, usage))
    {
    }

    public ErrorInfo Info { get; } = info;
}
