using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Berth.Platform;

/// <summary>A pipe through which a program that we start gives us its output. Both ends are closed to other children.</summary>
public sealed unsafe class OutputPipe : IDisposable
{
    private readonly SafeFileHandle readEnd;

    private OutputPipe(SafeFileHandle readEnd, SafeFileHandle writeEnd)
    {
        this.readEnd = readEnd;
        WriteEnd = writeEnd;
    }

    /// <summary>The end that the program writes to. The caller closes it once the program has started.</summary>
    public SafeFileHandle WriteEnd { get; }

    /// <summary>Makes a pipe.</summary>
    /// <exception cref="IOException">The system gave no descriptors.</exception>
    public static OutputPipe Create()
    {
        Linux.Require();
        var ends = stackalloc int[2];
        return Linux.pipe2(ends, Linux.CloseOnExec) == 0
            ? new OutputPipe(new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true))
            : throw SystemFailure.Last("cannot make a pipe");
    }

    /// <summary>Waits for output and reads some of it.</summary>
    /// <returns>Bytes; 0 when no process holds the other end any more.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public int Read(Span<byte> into)
    {
        fixed (byte* bytes = into)
        {
            nint read;
            do
            {
                read = Linux.read(readEnd, bytes, into.Length);
            }
            while (read < 0 && Marshal.GetLastPInvokeError() == Linux.Interrupted);

            return read >= 0 ? (int)read : throw SystemFailure.Last("cannot read from a pipe");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        WriteEnd.Dispose();
        readEnd.Dispose();
    }
}
