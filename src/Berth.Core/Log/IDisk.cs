using Berth.Platform;
using Microsoft.Win32.SafeHandles;

namespace Berth.Core.Log;

/// <summary>
/// What journals do to the disk, handed in so that a test can hold it: one that is full, that fails, or that dies in the
/// middle of a write.
/// </summary>
internal interface IDisk
{
    /// <summary>Opens a journal's file for reading and writing; makes it if it is missing.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    SafeFileHandle Open(string path);

    /// <summary>Writes bytes at a place.</summary>
    /// <exception cref="IOException">Not all of them were written.</exception>
    void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Cuts a file off.</summary>
    /// <exception cref="IOException">It is as long as it was.</exception>
    void Cut(SafeFileHandle file, long length);

    /// <summary>Waits until all that was written is on the disk.</summary>
    /// <exception cref="IOException">It may be there or not.</exception>
    void Sync(SafeFileHandle file);
}

/// <summary>The real one.</summary>
internal sealed class LocalDisk : IDisk
{
    /// <summary>It holds nothing, so one is enough.</summary>
    public static LocalDisk Shared { get; } = new();

    /// <inheritdoc/>
    public SafeFileHandle Open(string path) => PrivateFiles.OpenReadWrite(path);

    /// <inheritdoc/>
    public void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset) => PrivateFiles.Write(file, bytes, offset);

    /// <inheritdoc/>
    public void Cut(SafeFileHandle file, long length) => RandomAccess.SetLength(file, length);

    /// <inheritdoc/>
    public void Sync(SafeFileHandle file) => PrivateFiles.SyncData(file);
}
