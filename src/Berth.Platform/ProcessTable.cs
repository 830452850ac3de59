using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Berth.Platform;

/// <summary>
/// The system's table of processes, read from /proc. What is read is true for a moment only: a process is named by pid
/// and start ticks together, and signals go through a pidfd, so that a number that now belongs to another is not hit.
/// </summary>
public static class ProcessTable
{
    private const int StatBytes = 1024;
    private const int DeepestTree = 4096;

    // Numbers of fields in /proc/PID/stat, proc(5): the state is the first after the name.
    private const int FirstField = 3;
    private const int StartField = 22;
    private const int CodeField = 26;
    private const int EnvironmentEndField = 51;

    /// <summary>One process; null when there is none of this number.</summary>
    public static ProcessEntry? Read(int pid)
    {
        Linux.Require();
        Span<byte> buffer = stackalloc byte[StatBytes];
        var length = ProcFile.Read($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat", buffer);
        return length > 0 ? Parse(pid, buffer[..length]) : null;
    }

    /// <summary>Every process of the machine that can be seen.</summary>
    public static IEnumerable<ProcessEntry> All()
    {
        Linux.Require();
        foreach (var path in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(path.AsSpan()), NumberStyles.None, null, out var pid) &&
                Read(pid) is { } entry)
            {
                yield return entry;
            }
        }
    }

    /// <summary>The direct children of a process, zombies included.</summary>
    public static IReadOnlyList<ProcessEntry> ChildrenOf(int pid)
    {
        var found = new List<ProcessEntry>();
        try
        {
            foreach (var thread in Directory.EnumerateDirectories($"/proc/{pid}/task"))
            {
                var children = ProcFile.Text(thread + "/children") ?? "";
                foreach (var child in children.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                {
                    if (int.TryParse(child, NumberStyles.None, null, out var number) && Read(number) is { } entry)
                    {
                        found.Add(entry);
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The process has gone meanwhile (its children are somebody else's now), or is not ours to look at.
        }

        return found;
    }

    /// <summary>All processes below one, zombies included. What is born during the walk may be missed.</summary>
    public static IReadOnlyList<ProcessEntry> DescendantsOf(int pid)
    {
        var found = new List<ProcessEntry>(ChildrenOf(pid));
        for (var i = 0; i < found.Count && i < DeepestTree; i++)
        {
            found.AddRange(ChildrenOf(found[i].Pid));
        }

        return found;
    }

    /// <summary>Whether this very process lives. A zombie does not.</summary>
    public static bool IsAlive(int pid, long startTicks) =>
        Read(pid) is { IsZombie: false } entry && entry.StartTicks == startTicks;

    /// <summary>Whether a process shows that it was started with this environment variable.</summary>
    public static bool HasVariable(int pid, string name, string value) => HasVariableIfKnown(pid, name, value) == true;

    /// <summary>
    /// Whether a process was started with this environment variable (false when it may not be looked at); null when
    /// that cannot be told at this moment: it is just becoming another program, and the kernel has not put the
    /// variables into their place yet.
    /// </summary>
    public static bool? HasVariableIfKnown(int pid, string name, string value)
    {
        Linux.Require();
        var expected = EnvironmentLength(pid);
        var (nameBytes, valueBytes) = (Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        if (ProcFile.HasEntry($"/proc/{pid}/environ", nameBytes, valueBytes, out var length))
        {
            return true;
        }

        return length < 0 || length == expected ? false : null;
    }

    /// <summary>Sends a signal to this very process, never to a later one with its number.</summary>
    /// <returns>False when it is gone or is not ours to signal.</returns>
    public static bool Signal(int pid, long startTicks, int signal)
    {
        Linux.Require();
        // First the descriptor, then the look: what the look saw is then what the descriptor follows.
        using var pidfd = Linux.PidfdOpen(pid);
        return !pidfd.IsInvalid && Read(pid)?.StartTicks == startTicks && Linux.PidfdSendSignal(pidfd, signal);
    }

    // How many bytes of environment a process has; null while it is becoming another program: the kernel notes where
    // its code begins after it has put the variables into their place.
    private static long? EnvironmentLength(int pid)
    {
        Span<byte> buffer = stackalloc byte[StatBytes];
        Span<long> fields = stackalloc long[EnvironmentEndField - FirstField + 1];
        var length = ProcFile.Read($"/proc/{pid}/stat", buffer);
        return length > 0 && Fields(buffer[..length], fields) && fields[CodeField - FirstField] != 0 && fields[^1] != 0
            ? fields[^1] - fields[^2]
            : null;
    }

    private static ProcessEntry? Parse(int pid, ReadOnlySpan<byte> stat)
    {
        Span<long> fields = stackalloc long[StartField - FirstField + 1];
        if (!Fields(stat, fields))
        {
            return null;
        }

        var state = (char)stat[stat.LastIndexOf((byte)')') + 2];
        return new ProcessEntry(pid, (int)fields[1], (int)fields[2], (int)fields[3], state, fields[^1]);
    }

    // proc(5): "pid (comm) state ppid pgrp session …". The name may hold spaces and brackets, so the fields are counted
    // from its last bracket. False when there are not as many as wanted.
    private static bool Fields(ReadOnlySpan<byte> stat, Span<long> fields)
    {
        var end = stat.LastIndexOf((byte)')');
        if (end < 0 || end + 2 >= stat.Length)
        {
            return false;
        }

        var rest = stat[(end + 2)..];
        var index = 0;
        foreach (var range in rest.Split((byte)' '))
        {
            if (index == fields.Length)
            {
                return true;
            }

            fields[index++] = Utf8Parser.TryParse(rest[range], out long value, out _) ? value : 0;
        }

        return index == fields.Length;
    }
}
