using Berth.Platform;
using Berth.Protocol.Rows;

namespace Berth.Core.Sessions;

// The part of a session that ends it as one that can be opened.
internal sealed partial class Session
{
    private bool isTrashed;

    /// <summary>
    /// Moves the session's directory to the trash. One that is busy or looked at stays where it is.
    /// </summary>
    /// <returns>Why nothing was done; null when it was.</returns>
    /// <exception cref="IOException">It could not be moved; it is where it was.</exception>
    public Task<string?> TrashAsync() => mailbox.AskAsync(() => ValueTask.FromResult(Trash()));

    /// <summary>Why the session could not be moved to the trash now; null when it could.</summary>
    public Task<string?> WhyInUseAsync() => mailbox.AskAsync(() => ValueTask.FromResult(WhyInUse()));

    private string? Trash()
    {
        if (WhyInUse() is { } why)
        {
            return why;
        }

        log?.Dispose();
        Volatile.Write(ref log, null);
        var trash = host.TrashOf(Id);
        PrivateFiles.CreateDirectory(Path.GetDirectoryName(trash)!);
        SessionMove.Move(host.DirectoryOf(Id), trash);
        isTrashed = true;
        return null;
    }

    // What keeps the session's files from being moved or rewritten.
    private string? WhyInUse() =>
        !watchers.IsEmpty ? "it is looked at in a terminal"
        : turn is not null || shownRow is { State: SessionStates.Running } ? "it is running"
        : shownRow is { State: SessionStates.Waiting } ? "it waits for an answer"
        : shownRow is { Tasks: > 0 } || state.Busy ? "it has running tasks"
        : null;

    private void RefuseWhenTrashed()
    {
        if (isTrashed)
        {
            throw new IOException($"session {Id} is in the trash; /sessions /restore {Id} brings it back");
        }
    }
}

/// <summary>Moves session directories, all at once and to stay.</summary>
internal static class SessionMove
{
    /// <exception cref="IOException">Nothing was moved.</exception>
    public static void Move(string from, string to)
    {
        Directory.Move(from, to);
        PrivateFiles.SyncDirectory(Path.GetDirectoryName(to)!);
        PrivateFiles.SyncDirectory(Path.GetDirectoryName(from)!);
    }
}
