using Berth.Core.Tasks;
using Berth.Protocol;
using Berth.Protocol.Events;

namespace Berth.Core.Sessions;

// The part of a session that notices a background command that waits for input, which nobody can give it.
internal sealed partial class Session
{
    private static readonly TimeSpan PromptLook = TimeSpan.FromSeconds(5);

    // Tells the model once: it would wait for ever.
    private async Task WatchForPromptAsync(ITask task)
    {
        while (task.IsLive && !closing)
        {
            await Task.WhenAny(task.Ended, Task.Delay(PromptLook, host.Time)).ConfigureAwait(false);
            var output = TaskOutput.Of(task.Started.OutputFile);
            if (!task.IsLive || output.LastWritten is not { } at
                || host.Time.GetUtcNow() - at < Limits.PromptSilence || !Prompts.LooksLikeOne(output.LastLine()))
            {
                continue;
            }

            try
            {
                if (await mailbox.AskAsync(() => TellOfPromptAsync(task, output.LastLine()!)).ConfigureAwait(false))
                {
                    return;
                }
            }
            catch (Exception e) when (e is IOException or System.Threading.Channels.ChannelClosedException)
            {
                // It is looked at again, or the daemon leaves.
            }
        }
    }

    // False while somebody waits for the command: the person sees it, and its call is open.
    private async ValueTask<bool> TellOfPromptAsync(ITask task, string line)
    {
        await OpenAsync().ConfigureAwait(false);
        if (!state.Backgrounded.ContainsKey(task.Number))
        {
            return false;
        }

        var command = OneLine.Of(task.Started.Command, 160);
        var notice = new NoticeAdded(
            [], [$"[Task #{task.Number} seems to wait for input] {command} — {line}"],
            $"[Task #{task.Number} seems to wait for input] {command}\n"
            + "This is an automatic notice. It is no input of the user.\n"
            + $"It has written nothing for {Limits.PromptSilence.TotalSeconds:0} s, and its last line looks like a question: {line}\n"
            + "Nobody can type into it. Stop it with task_stop and start it so that it does not ask, or leave it if it works on.",
            Wakes: true);
        await AppendAsync([notice], durable: true).ConfigureAwait(false);
        if (MayWake && !wakePlanned)
        {
            wakePlanned = true;
            _ = WakeAsync();
        }

        return true;
    }
}
