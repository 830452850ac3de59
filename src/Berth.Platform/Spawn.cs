using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Berth.Platform;

/// <summary>One call of posix_spawn(3). Forking by hand is no choice: after fork() managed code must not run.</summary>
internal static unsafe class Spawn
{
    // glibc needs 80 and 336 bytes; others need less.
    private const int ActionsBytes = 512;
    private const int AttributesBytes = 1024;
    private const int SignalSetBytes = 128;

    /// <summary>Starts a process and returns its pid. The caller takes note of its end.</summary>
    /// <exception cref="SpawnFailure">It could not be started.</exception>
    public static int Start(SpawnOptions options)
    {
        Linux.Require();
        if (!Path.IsPathFullyQualified(options.Directory))
        {
            throw new SpawnFailure($"The directory {options.Directory} is no absolute path.");
        }

        using var nothing = OpenNothing();
        using var output = options.Output is { } file ? PrivateFiles.OpenAppend(file) : null;
        using var error = options.Error is { } errors ? PrivateFiles.OpenAppend(errors) : null;
        using var arguments = new NativeStrings([options.Name ?? options.File, .. options.Arguments]);
        using var variables = new NativeStrings([.. options.Environment.Select(v => $"{v.Key}={v.Value}")]);

        var actions = stackalloc byte[ActionsBytes];
        var attributes = stackalloc byte[AttributesBytes];
        Must(Linux.posix_spawn_file_actions_init(actions));
        Must(Linux.posix_spawnattr_init(attributes));
        try
        {
            SetActions(
                actions, options.Directory, nothing, options.OutputTo ?? output ?? nothing, error ?? output ?? nothing);
            SetAttributes(attributes);
            int pid;
            var failure = Linux.posix_spawn(
                &pid, options.File, actions, attributes, arguments.Pointers, variables.Pointers);
            return failure == 0 ? pid : throw Failure(failure, options);
        }
        finally
        {
            _ = Linux.posix_spawnattr_destroy(attributes);
            _ = Linux.posix_spawn_file_actions_destroy(actions);
        }
    }

    private static void SetActions(
        byte* actions, string directory, SafeFileHandle input, SafeFileHandle output, SafeFileHandle error)
    {
        // Our descriptors are above 2 (the runtime keeps 0–2 open), so none of these copies hits a source of the next.
        Must(Linux.posix_spawn_file_actions_adddup2(actions, (int)input.DangerousGetHandle(), 0));
        Must(Linux.posix_spawn_file_actions_adddup2(actions, (int)output.DangerousGetHandle(), 1));
        Must(Linux.posix_spawn_file_actions_adddup2(actions, (int)error.DangerousGetHandle(), 2));
        Must(Linux.posix_spawn_file_actions_addclosefrom_np(actions, 3));
        Must(Linux.posix_spawn_file_actions_addchdir_np(actions, directory));
    }

    private static void SetAttributes(byte* attributes)
    {
        var signals = stackalloc byte[SignalSetBytes];
        _ = Linux.sigfillset(signals);
        Must(Linux.posix_spawnattr_setsigdefault(attributes, signals));
        _ = Linux.sigemptyset(signals);
        Must(Linux.posix_spawnattr_setsigmask(attributes, signals));
        Must(Linux.posix_spawnattr_setflags(
            attributes, Linux.SpawnSetSession | Linux.SpawnSetSignalMask | Linux.SpawnSetSignalDefaults));
    }

    private static SafeFileHandle OpenNothing()
    {
        var nothing = Linux.open("/dev/null", Linux.ReadWrite | Linux.CloseOnExec, 0);
        return nothing.IsInvalid ? throw SystemFailure.Last("cannot open /dev/null") : nothing;
    }

    // The kernel has one word for a missing program and a missing directory; a look tells which it was.
    private static SpawnFailure Failure(int error, SpawnOptions options)
    {
        var (file, directory) = (options.File, options.Directory);
        if (!Directory.Exists(directory))
        {
            return new SpawnFailure(File.Exists(directory)
                ? $"{directory} is no directory."
                : $"The directory {directory} does not exist.");
        }

        return new SpawnFailure(error switch
        {
            Linux.NoEntry when File.Exists(file) => $"The interpreter that {file} names does not exist.",
            Linux.NoEntry or Linux.NotDirectory => $"The program {file} does not exist.",
            Linux.NoAccess when Directory.Exists(file) => $"{file} is a directory, no program.",
            Linux.NoAccess or Linux.NotPermitted => $"{file} may not be run in {directory}: no permission.",
            Linux.NotExecutable => $"{file} is no program that this machine can run.",
            Linux.TooBig => "The command with its variables is too long: one argument may have 128 KiB. " +
                "Put long text into a file.",
            Linux.Again or Linux.OutOfMemory => "The system has no room for another process (memory or process limit).",
            _ => $"{file} could not be started: {Marshal.GetPInvokeErrorMessage(error)}.",
        });
    }

    private static void Must(int error)
    {
        if (error != 0)
        {
            throw new SpawnFailure($"A process could not be prepared: {Marshal.GetPInvokeErrorMessage(error)}.");
        }
    }
}
