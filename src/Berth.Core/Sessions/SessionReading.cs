using System.Buffers;
using Berth.Core.Log;
using Berth.Protocol.Events;

namespace Berth.Core.Sessions;

// The part of a session that reads its log from the files, whether anybody has it open or not.
internal sealed partial class Session
{
    /// <summary>All events, oldest first, as far as they are stored now.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public void ReadEvents(Action<StoredEvent> each) => SessionLog.Read(host.DirectoryOf(Id), each);

    /// <summary>The same as JSON objects, those of kinds that this version does not know too.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public void ReadJson(Action<ReadOnlySpan<byte>> each)
    {
        var json = new ArrayBufferWriter<byte>(1024);
        SessionLog.ReadLines(host.DirectoryOf(Id), (_, line) => each(LogLine.Unsealed(line, json)));
    }
}
