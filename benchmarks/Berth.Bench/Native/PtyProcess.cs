using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Berth.Platform;
using Microsoft.Win32.SafeHandles;

namespace Berth.Bench.Native;

/// <summary>A program on a terminal of its own (a pty), and all it has written there, with the time of every piece.</summary>
internal sealed unsafe class PtyProcess : IDisposable
{
    private const int ActionsBytes = 512;
    private const int AttributesBytes = 1024;
    private const int PathBytes = 128;

    private readonly SafeFileHandle master;
    private readonly Thread reader;

    private PtyProcess(SafeFileHandle master, long began, int pid)
    {
        this.master = master;
        Began = began;
        Pid = pid;
        reader = new Thread(Read) { IsBackground = true, Name = "pty" };
        reader.Start();
    }

    /// <summary>Its process number.</summary>
    public int Pid { get; }

    /// <summary>The time just before it was started.</summary>
    public long Began { get; }

    /// <summary>What it has written.</summary>
    public TimedBytes Written { get; } = new();

    /// <summary>Starts a program whose three standard streams are a new terminal, which controls its new session.</summary>
    /// <exception cref="IOException">The system gives no terminal, or the program cannot be started.</exception>
    public static PtyProcess Start(SpawnOptions options, int columns, int rows)
    {
        var opened = NativeCalls.posix_openpt(Linux.ReadWrite | Linux.NoTerminal | Linux.CloseOnExec);
        var path = stackalloc byte[PathBytes];
        if (opened.IsInvalid || NativeCalls.grantpt(opened) != 0 || NativeCalls.unlockpt(opened) != 0
            || NativeCalls.ptsname_r(opened, path, PathBytes) != 0)
        {
            throw SystemFailure.Last("cannot open a terminal");
        }

        var size = stackalloc ushort[4] { (ushort)rows, (ushort)columns, 0, 0 };
        _ = NativeCalls.ioctl(opened, NativeCalls.SetWindowSize, size);
        var began = Stopwatch.GetTimestamp();
        return new PtyProcess(opened, began, Spawn(options, Marshal.PtrToStringUTF8((nint)path)!));
    }

    /// <summary>Presses keys.</summary>
    /// <returns>The time just before.</returns>
    public long Type(string keys)
    {
        var bytes = Encoding.UTF8.GetBytes(keys);
        var now = Stopwatch.GetTimestamp();
        fixed (byte* start = bytes)
        {
            if (Linux.write(master, start, bytes.Length) != bytes.Length)
            {
                throw SystemFailure.Last("cannot type into a terminal");
            }
        }

        return now;
    }

    /// <summary>Ends the program, if it still runs, and closes the terminal.</summary>
    public void Dispose()
    {
        int status;
        _ = Linux.kill(Pid, SignalNumbers.Kill);
        _ = NativeCalls.wait4(Pid, &status, 0, null);
        reader.Join();
        master.Dispose();
    }

    private static int Spawn(SpawnOptions options, string terminal)
    {
        using var arguments = new NativeStrings([options.File, .. options.Arguments]);
        using var variables = new NativeStrings([.. options.Environment.Select(v => $"{v.Key}={v.Value}")]);
        var actions = stackalloc byte[ActionsBytes];
        var attributes = stackalloc byte[AttributesBytes];
        var error = Linux.posix_spawn_file_actions_init(actions);
        error |= Linux.posix_spawnattr_init(attributes);

        // The first terminal that the leader of a new session opens controls it.
        error |= Linux.posix_spawnattr_setflags(attributes, Linux.SpawnSetSession);
        error |= NativeCalls.posix_spawn_file_actions_addopen(actions, 0, terminal, Linux.ReadWrite, 0);
        error |= Linux.posix_spawn_file_actions_adddup2(actions, 0, 1);
        error |= Linux.posix_spawn_file_actions_adddup2(actions, 0, 2);
        error |= Linux.posix_spawn_file_actions_addclosefrom_np(actions, 3);
        error |= Linux.posix_spawn_file_actions_addchdir_np(actions, options.Directory);
        int pid;
        error |= Linux.posix_spawn(
            &pid, options.File, actions, attributes, arguments.Pointers, variables.Pointers);
        _ = Linux.posix_spawnattr_destroy(attributes);
        _ = Linux.posix_spawn_file_actions_destroy(actions);
        return error == 0 ? pid : throw new IOException($"{options.File} could not be started on a terminal.");
    }

    // A terminal whose last program is gone answers with an error: the end.
    private void Read()
    {
        var buffer = stackalloc byte[64 * 1024];
        nint count;
        while ((count = Linux.read(master, buffer, 64 * 1024)) > 0)
        {
            Written.Add(new ReadOnlySpan<byte>(buffer, (int)count));
        }

        Written.Complete();
    }
}
