using Berth.Platform;

namespace Berth.Core.Sessions;

// The part of a session that marks it busy on the disk: a start of the daemon reads the logs of those only.
internal sealed partial class Session
{
    private void MarkBusy(bool busy)
    {
        var marker = host.BusyMarker(Id);
        if (busy)
        {
            PrivateFiles.CreateDirectory(Path.GetDirectoryName(marker)!);
            using var file = PrivateFiles.OpenReadWrite(marker);
            PrivateFiles.SyncDirectory(Path.GetDirectoryName(marker)!);
        }
        else
        {
            Unmark(marker);
        }
    }

    private static void Unmark(string marker)
    {
        try
        {
            File.Delete(marker);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A marker that stays costs the next start a look at this log.
        }
    }
}
