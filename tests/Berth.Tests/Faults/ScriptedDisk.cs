using Berth.Core.Log;
using Microsoft.Win32.SafeHandles;

namespace Berth.Tests.Faults;

/// <summary>What a disk was just asked for.</summary>
internal enum DiskWork
{
    Open,
    Write,
    Cut,
    Sync,
}

/// <summary>One thing that a disk was asked for, at the moment before it does it.</summary>
/// <param name="Offset">Where a write begins.</param>
/// <param name="Bytes">What it writes.</param>
internal sealed record DiskRequest(DiskWork Work, string Path, long Offset = 0, byte[]? Bytes = null);

/// <summary>
/// The real disk, in a test's hands: it does one thing at a time, shows each to the test before and after it, fails where
/// the test says so, and knows how much of every file would survive a power cut.
/// </summary>
internal sealed class ScriptedDisk : IDisk
{
    private readonly Lock gate = new();
    private readonly Dictionary<SafeFileHandle, string> paths = [];
    private readonly Dictionary<string, long> durable = [];

    /// <summary>Called before each request, while nothing else is written.</summary>
    public Action<DiskRequest>? Before { get; set; }

    /// <summary>Called after each request, while nothing else is written.</summary>
    public Action<DiskRequest>? After { get; set; }

    /// <summary>Why a request fails; null: it does not.</summary>
    public Func<DiskRequest, Exception?>? Fault { get; set; }

    /// <summary>How much of a write that fails reaches the file all the same, from 0 to 1.</summary>
    public double Torn { get; set; }

    /// <summary>Bytes of each file that are on the disk for certain. Valid in the callbacks.</summary>
    public IReadOnlyDictionary<string, long> Durable => durable;

    public SafeFileHandle Open(string path) => Do(new DiskRequest(DiskWork.Open, path), () =>
    {
        var file = LocalDisk.Shared.Open(path);
        paths[file] = path;

        // What stands in a file that is opened was there before this life.
        durable.TryAdd(path, RandomAccess.GetLength(file));
        return file;
    });

    public void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        var copy = bytes.ToArray();
        Do(new DiskRequest(DiskWork.Write, PathOf(file), offset, copy), () =>
        {
            LocalDisk.Shared.Write(file, copy, offset);
            return true;
        });
    }

    public void Cut(SafeFileHandle file, long length) => Do(new DiskRequest(DiskWork.Cut, PathOf(file), length), () =>
    {
        LocalDisk.Shared.Cut(file, length);
        durable[paths[file]] = Math.Min(durable[paths[file]], length);
        return true;
    });

    public void Sync(SafeFileHandle file) => Do(new DiskRequest(DiskWork.Sync, PathOf(file)), () =>
    {
        LocalDisk.Shared.Sync(file);
        durable[paths[file]] = RandomAccess.GetLength(file);
        return true;
    });

    private string PathOf(SafeFileHandle file)
    {
        lock (gate)
        {
            return paths[file];
        }
    }

    private T Do<T>(DiskRequest request, Func<T> work)
    {
        lock (gate)
        {
            Before?.Invoke(request);
            if (Fault?.Invoke(request) is { } fault)
            {
                Tear(request);
                throw fault;
            }

            var result = work();
            After?.Invoke(request);
            return result;
        }
    }

    private void Tear(DiskRequest request)
    {
        if (request is { Work: DiskWork.Write, Bytes: { } bytes } && (int)(bytes.Length * Torn) is > 0 and var part)
        {
            LocalDisk.Shared.Write(paths.First(p => p.Value == request.Path && !p.Key.IsClosed).Key, bytes.AsSpan(0, part), request.Offset);
        }
    }
}
