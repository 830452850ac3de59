using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Berth.Platform;

/// <summary>
/// The path of a socket, short enough for an address: one longer than 107 bytes is reached through its open directory,
/// as <c>/proc/self/fd/N/name</c>.
/// </summary>
internal readonly unsafe struct ReachablePath : IDisposable
{
    /// <summary>Bytes of an address (<c>struct sockaddr_un</c>).</summary>
    public const int AddressBytes = 110;

    private const int FamilyBytes = 2;
    private const int LongestPath = 107;

    private readonly SafeFileHandle? _directory;
    private readonly string _path;

    /// <exception cref="DirectoryNotFoundException">A long path's directory cannot be opened.</exception>
    /// <exception cref="IOException">The file's name alone is too long.</exception>
    public ReachablePath(string path)
    {
        _path = path;
        if (Encoding.UTF8.GetByteCount(path) <= LongestPath)
        {
            return;
        }

        Linux.Require();
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        _directory = Linux.open(directory, Linux.PathOnly | Linux.Directory | Linux.CloseOnExec, 0);
        if (_directory.IsInvalid)
        {
            throw new DirectoryNotFoundException($"cannot reach {path}");
        }

        _path = $"/proc/self/fd/{_directory.DangerousGetHandle()}/{Path.GetFileName(path)}";
        if (Encoding.UTF8.GetByteCount(_path) > LongestPath)
        {
            Dispose();
            throw new IOException($"the file name of {path} is too long for a socket");
        }
    }

    /// <summary>Writes the address into <see cref="AddressBytes"/> bytes.</summary>
    /// <returns>How many of them count.</returns>
    public int Address(byte* address)
    {
        new Span<byte>(address, AddressBytes).Clear();
        *(short*)address = Linux.FamilyUnix;
        return FamilyBytes + Encoding.UTF8.GetBytes(_path, new Span<byte>(address + FamilyBytes, LongestPath)) + 1;
    }

    /// <summary>Closes the directory; the address leads nowhere then.</summary>
    public void Dispose() => _directory?.Dispose();
}
