using Berth.Protocol.Events;
using Berth.Protocol.Messages;
using Berth.Protocol.Wire;

namespace Berth.App;

/// <summary>A connection that has said hello. One thread reads, another writes.</summary>
internal interface IDaemonConnection : IDisposable
{
    /// <summary>What the daemon said to our hello.</summary>
    Welcome Welcome { get; }

    /// <summary>Calls a method; its answer is one of the messages to come.</summary>
    /// <returns>The id of that answer.</returns>
    /// <exception cref="IOException">The connection is gone.</exception>
    long Send<T>(string method, T parameters, JsonShape<T> shape)
        where T : class;

    /// <summary>The next message; null when the daemon closed the connection.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    WireMessage? Receive();
}
