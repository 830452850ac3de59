using Berth.Core.Permissions;
using Berth.Core.Sessions;
using Berth.Protocol.Events;
using Berth.Tests.Core.Sessions;

namespace Berth.Tests.Faults;

/// <summary>
/// A working day of several sessions, with answers in pieces, commands, requests, slots, names and a copy. Whatever is
/// acknowledged is told to the camera.
/// </summary>
internal sealed class CrashVoyage(EngineLife life, CrashCamera camera)
{
    private readonly List<string> holders = [];

    /// <summary>What a scripted model says to everything here.</summary>
    public static Answer Says(Berth.Core.Models.ModelRequest request)
    {
        var last = Conversation.Lines(request)[^1];
        var id = $"c{request.Messages.Count}-{Math.Abs(request.Instructions.GetHashCode())}";
        return last switch
        {
            _ when last.StartsWith("user: run") => Answer.Of("I run it. ").ThenBash(Effect(id), id),
            _ when last.StartsWith("user: two") => Answer.Bash(Effect(id), id).ThenBash(Effect($"{id}b"), $"{id}b"),
            _ when last.StartsWith("user: ask") => Answer.Of("May I? ").ThenBash($"{Effect(id)} # ask", id),
            _ when last.StartsWith("user: bg") => Answer.Bash($"sleep 0.05; {Effect(id)}", id, background: true),
            _ => Answer.Of("Once ", "upon ", "a time."),
        };
    }

    /// <summary>Commands that are marked so must be asked for.</summary>
    public static Verdict Judge(string line) => line.EndsWith("# ask") ? Verdict.Ask : Verdict.Allow;

    /// <summary>One day.</summary>
    public async Task SailAsync(int day)
    {
        var (first, second, third) = (life.Begin(), life.Begin(), life.Begin());
        await Task.WhenAll(
            TalkAsync(first, $"tell {day}", $"run {day}", $"two {day}", $"tell again {day}"),
            TalkAsync(second, $"bg {day}", $"run it {day}"),
            AskAsync(third, day));
        await TakeAsync(first);
        await TakeAsync(second);
        await TalkAsync(first, $"run after {day}");
        await first.ChangeAsync(new SessionRenamed($"name {day}"));
        camera.Promised(new Promise.Named(first.Id, $"name {day}"));
        var copy = await life.Sessions.ForkAsync(first, life.Sessions.FreeId(), $"copy {day}", null, life.Terminal);
        camera.Promised(new Promise.Copied(copy!.Id, first.Id));
        await Task.WhenAll(TalkAsync(copy, $"run in the copy {day}"), TalkAsync(first, $"tell on {day}"));
        await FreeAsync(first);
        await TakeAsync(copy);
        await SayAsync(third, $"ask at last {day}");
        await EngineLife.Is(third, "waiting");
        await TakeAsync(third);
    }

    private async Task AskAsync(Session session, int day)
    {
        await SayAsync(session, $"ask {day}");
        await EngineLife.Is(session, "waiting");
        var answered = await session.AnswerAsync(null, "yes", null, life.Terminal);
        camera.Promised(new Promise.Answered(session.Id, answered!.Request));
        await EngineLife.Is(session, "done");
    }

    private async Task TalkAsync(Session session, params string[] messages)
    {
        foreach (var message in messages)
        {
            await SayAsync(session, message);
            await session.WhenQuietAsync();
        }
    }

    private async Task SayAsync(Session session, string text)
    {
        await session.SubmitAsync(text, life.Terminal);
        camera.Promised(new Promise.Message(session.Id, text));
    }

    private async Task TakeAsync(Session session)
    {
        var slot = await life.Board.TakeSlotAsync(life.Project, session.Id);
        while (holders.Count < slot)
        {
            holders.Add("");
        }

        holders[slot!.Value - 1] = session.Id;
        camera.Promised(new Promise.Slots([.. holders]));
    }

    private async Task FreeAsync(Session session)
    {
        await life.Board.FreeAsync(life.Project, session.Id);
        holders[holders.IndexOf(session.Id)] = "";
        camera.Promised(new Promise.Slots([.. holders]));
    }

    private static string Effect(string id) => $"echo done >> effect-{id}";
}
