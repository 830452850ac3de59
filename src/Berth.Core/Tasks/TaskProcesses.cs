using Berth.Platform;

namespace Berth.Core.Tasks;

/// <summary>
/// The processes of one task: its shell and everything that came from it, wherever it went. Found by process group, by
/// process session (both carry the shell's number) and by the marker in the environment.
/// </summary>
/// <param name="child">The shell as our child; null when an earlier daemon started it.</param>
/// <param name="leader">The shell's pid.</param>
/// <param name="leaderStart">Its start in clock ticks since boot.</param>
internal sealed class TaskProcesses(
    Children children, ChildProcess? child, int leader, long leaderStart, string marker, TimeProvider time)
{
    // How long the kernel may take to end what was killed, and how often it is looked whether more was born.
    private static readonly TimeSpan KillWait = TimeSpan.FromMilliseconds(100);
    private const int KillRounds = 20;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(2);
    private const int LooksWhenUnsure = 100;
    private static readonly TimeSpan UntilDescriptors = TimeSpan.FromSeconds(1);

    // Group and session carry the shell's number. While the shell or anything with that number lives, the kernel gives
    // it to nobody else; once nothing had it, whoever has it later is a stranger.
    private volatile bool _numberIsOurs = child is not null || ProcessTable.IsAlive(leader, leaderStart);

    /// <summary>Whether the shell itself has ended.</summary>
    public bool LeaderEnded => child?.Exited.IsCompleted ?? !ProcessTable.IsAlive(leader, leaderStart);

    /// <summary>Every living process of the task, the shell included, as far as one look can tell.</summary>
    public List<ProcessEntry> Living() => Look().Found;

    /// <summary>
    /// Every living process of the task, the shell included. Looks again where one look is not enough: when it found
    /// nothing (a process that just lost its parent may have slipped through), and while a process is just becoming
    /// another program and does not show its marker.
    /// </summary>
    public async Task<List<ProcessEntry>> LivingAsync()
    {
        var (found, unsure) = Look();
        for (var again = 0; unsure ? again < LooksWhenUnsure : again == 0 && found.Count == 0; again++)
        {
            if (unsure)
            {
                await Task.Delay(BetweenLooks, time);
            }

            (found, unsure) = Look();
        }

        return found;
    }

    /// <summary>Completes with how the shell ended, as far as that can be known.</summary>
    public async Task<ExitStatus> EndOfLeaderAsync()
    {
        if (child is not null)
        {
            return await child.Exited;
        }

        return await EndOfAsync(leader, leaderStart);
    }

    /// <summary>Completes when these have ended.</summary>
    public Task EndOf(IEnumerable<ProcessEntry> processes) =>
        Task.WhenAll(processes.Select(p => p.Pid == child?.Pid ? child.Exited : EndOfAsync(p.Pid, p.StartTicks)));

    /// <summary>
    /// Ends everything: asks (SIGTERM), and after the grace ends what is left (SIGKILL). Completes when nothing is
    /// left, or when what is left cannot be ended (it belongs to another user, or hangs in the kernel).
    /// </summary>
    public async Task EndAsync(TimeSpan grace)
    {
        var begun = time.GetTimestamp();
        var asked = new HashSet<(int, long)>();
        var living = await LivingAsync();
        Ask(living, asked);
        await Within(EndOf(living), grace);

        // Within the grace a trap may start helpers of its own, which are left alone; but when the shell is gone, what
        // remains is asked too.
        var left = grace - time.GetElapsedTime(begun);
        living = await LivingAsync();
        if (living.Count > 0 && left > TimeSpan.Zero)
        {
            Ask(living, asked);
            await Within(EndOf(living), left);
        }

        await KillAsync();
    }

    /// <summary>Signals what is in the shell's own group, in one call that waits for nothing.</summary>
    public void SignalGroup(int signal) => child?.SignalGroup(signal);

    /// <summary>Ends everything at once (SIGKILL).</summary>
    public async Task KillAsync()
    {
        for (var round = 0; round < KillRounds; round++)
        {
            SignalGroup(SignalNumbers.Kill);
            var living = await LivingAsync();
            var reached = living.Where(p => ProcessTable.Signal(p.Pid, p.StartTicks, SignalNumbers.Kill)).ToList();
            if (reached.Count == 0)
            {
                return;
            }

            await Within(EndOf(reached), KillWait);
        }
    }

    private async Task<ExitStatus> EndOfAsync(int pid, long start)
    {
        while (true)
        {
            try
            {
                return await children.WatchOther(pid, start);
            }
            catch (IOException)
            {
                // All descriptors of this program are in use. That passes, and until then there is nothing to wait with.
                await Task.Delay(UntilDescriptors, time);
            }
        }
    }

    private (List<ProcessEntry> Found, bool Unsure) Look()
    {
        var leaderEnded = LeaderEnded;
        var numberIsOurs = _numberIsOurs;
        var found = new List<ProcessEntry>();
        var (byNumber, unsure) = (false, false);
        foreach (var process in Candidates(leaderEnded))
        {
            if (process.IsZombie || process.StartTicks < leaderStart || process.Pid == CurrentProcess.Id)
            {
                continue;
            }

            if (numberIsOurs && (process.Group == leader || process.Session == leader))
            {
                byNumber = true;
                found.Add(process);
                continue;
            }

            var marked = ProcessTable.HasVariableIfKnown(process.Pid, ShellSpawn.Marker, marker);
            unsure |= marked is null;
            if (marked == true)
            {
                found.Add(process);
            }
        }

        if (leaderEnded && !byNumber)
        {
            _numberIsOurs = false;
        }

        return (found, unsure);
    }

    // The system keeps everything that came from our child below us, so nothing else needs a look. What an earlier
    // daemon started can be anywhere.
    private IEnumerable<ProcessEntry> Candidates(bool leaderEnded)
    {
        if (child is null)
        {
            return ProcessTable.All();
        }

        return leaderEnded || ProcessTable.Read(leader) is not { } shell
            ? children.Adopted()
            : [shell, .. ProcessTable.DescendantsOf(leader), .. children.Adopted()];
    }

    // Each process is asked once: a trap that runs twice would clean up twice. A stopped one must go on to take note.
    private void Ask(List<ProcessEntry> living, HashSet<(int, long)> asked)
    {
        var groupAsked = asked.Count == 0 && child is not null && child.SignalGroup(SignalNumbers.Terminate);
        foreach (var process in living)
        {
            if (asked.Add((process.Pid, process.StartTicks)) && !(groupAsked && process.Group == leader))
            {
                ProcessTable.Signal(process.Pid, process.StartTicks, SignalNumbers.Terminate);
            }

            if (process.State == 'T')
            {
                ProcessTable.Signal(process.Pid, process.StartTicks, SignalNumbers.Continue);
            }
        }
    }

    private async Task Within(Task ended, TimeSpan longest)
    {
        try
        {
            await ended.WaitAsync(longest, time);
        }
        catch (TimeoutException)
        {
            // What has not ended is looked at again.
        }
        catch (OperationCanceledException)
        {
            // The daemon leaves and waits for nothing more.
        }
    }
}
