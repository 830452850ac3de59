using Berth.Core.Log;

namespace Berth.Core.Sessions;

// The part of a session that lets its files be mended.
internal sealed partial class Session
{
    /// <summary>Its log is open in this process: the last line may be on its way.</summary>
    internal bool IsOpen => Volatile.Read(ref log) is not null;

    /// <summary>Mends the session's log. One that is in use stays as it is.</summary>
    /// <returns>What was done, or why nothing was.</returns>
    /// <exception cref="IOException">A file could not be mended; it is as it was.</exception>
    public Task<(IReadOnlyList<string> Done, string? Why)> RepairAsync() =>
        mailbox.AskAsync<(IReadOnlyList<string>, string?)>(() =>
        {
            if (WhyInUse() is { } why)
            {
                return ValueTask.FromResult<(IReadOnlyList<string>, string?)>(([], why));
            }

            log?.Dispose();
            Volatile.Write(ref log, null);
            return ValueTask.FromResult((LogCheck.Repair(host.DirectoryOf(Id), host.Time), (string?)null));
        });
}
