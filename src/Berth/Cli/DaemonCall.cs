using System.Text.Json;
using Berth.Platform;
using Berth.Protocol.Messages;
using Berth.Protocol.Wire;

namespace Berth.Cli;

/// <summary>The one call that a daemon of any version understands: how it is, and whether it shall leave.</summary>
internal static class DaemonCall
{
    // A stop ends tasks first, politely.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(30);

    /// <summary>Makes it on a fresh connection.</summary>
    /// <returns>Null when the daemon does not understand it, or does not answer.</returns>
    public static DaemonStatus? Make(LocalStream socket, string verb, bool now)
    {
        try
        {
            socket.SetPatience(LongestAnswer);
            var client = new DaemonClient(socket);
            var id = client.Send(ClientMethods.Daemon, new DaemonVerb(verb, now), MessageJson.DaemonVerb);
            while (client.Receive() is { } message)
            {
                if (message.Id == id && message.Method is null)
                {
                    return message.Error is null ? message.Read(MessageJson.DaemonStatus) : null;
                }
            }
        }
        catch (Exception e) when (e is IOException or TimeoutException or JsonException)
        {
            // It hangs, is of another version, or left between our connecting and its answer.
        }

        return null;
    }
}
