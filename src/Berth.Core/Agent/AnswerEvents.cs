using System.Runtime.CompilerServices;
using System.Text;
using Berth.Core.Models;
using Berth.Protocol;
using Berth.Protocol.Events;

namespace Berth.Core.Agent;

/// <summary>Turns the pieces of an answer into events: text at once first, then gathered for a while.</summary>
internal sealed class AnswerEvents(TimeProvider time)
{
    private static readonly TimeSpan Beat = Limits.ChunkInterval;

    private readonly StringBuilder gathered = new();
    private bool gatheringReasoning;
    private long lastFlush = long.MinValue;

    /// <summary>Yields the events of one answer, ending with <see cref="StepEnded"/>.</summary>
    public async IAsyncEnumerable<SessionEvent> OfAsync(
        IAsyncEnumerable<ModelPiece> pieces, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var source = new Source(pieces, cancellation);
        while (true)
        {
            var next = source.MoveNextAsync();
            if (!next.IsCompletedSuccessfully && gathered.Length > 0)
            {
                // Nothing more has come yet, or nothing more will: what is gathered must not wait longer than its time.
                var pending = source.Keep(next);
                await Task.WhenAny(pending, Task.Delay(UntilBeat(), time, cancellation)).ConfigureAwait(false);
                if (!pending.IsCompletedSuccessfully)
                {
                    yield return Flush();
                }

                next = new ValueTask<bool>(pending);
            }

            if (!await next.ConfigureAwait(false))
            {
                throw new ModelFailure("The model's stream ended without an answer.");
            }

            if (gathered.Length > 0 && (Changes(source.Current) || UntilFlush() == TimeSpan.Zero))
            {
                yield return Flush();
            }

            switch (source.Current)
            {
                case TextPiece piece:
                    gathered.Append(piece.Text);
                    gatheringReasoning = false;
                    break;
                case ReasoningPiece piece:
                    gathered.Append(piece.Text);
                    gatheringReasoning = true;
                    break;
                case RetryPiece piece:
                    yield return new StepRetrying(piece.Attempt, (int)piece.Wait.TotalMilliseconds, piece.Why);
                    break;
                case WaitPiece piece:
                    yield return Of(piece);
                    break;
                case AnswerPiece piece:
                    yield return Ended(piece);
                    yield break;
            }

            if (gathered.Length > 0 && UntilFlush() == TimeSpan.Zero)
            {
                yield return Flush();
            }
        }
    }

    /// <summary>A wait for the limits of the model's key.</summary>
    public static StepWaiting Of(WaitPiece piece) => new((int?)piece.Left?.TotalMilliseconds, piece.Why);

    private static StepEnded Ended(AnswerPiece piece) => new(
        piece.Stop,
        new Usage(piece.Tokens.Input, piece.Tokens.Output, piece.Tokens.Cached),
        [.. piece.Calls.Select(c => new ToolCall(c.Id, c.Tool, c.Arguments))],
        piece.Provider);

    private bool Changes(ModelPiece piece) => piece switch
    {
        TextPiece => gatheringReasoning,
        ReasoningPiece => !gatheringReasoning,
        _ => true,
    };

    private TimeSpan UntilFlush()
    {
        if (lastFlush == long.MinValue)
        {
            return TimeSpan.Zero;
        }

        var left = Limits.ChunkInterval - time.GetElapsedTime(lastFlush);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    // The wait ends on a beat that all answers share: sixteen streams wake the process together, and not sixteen times.
    private TimeSpan UntilBeat()
    {
        var now = time.GetElapsedTime(0).Ticks;
        var due = now + UntilFlush().Ticks;
        return TimeSpan.FromTicks(((due + Beat.Ticks - 1) / Beat.Ticks * Beat.Ticks) - now);
    }

    private SessionEvent Flush()
    {
        var text = gathered.ToString();
        gathered.Clear();
        lastFlush = time.GetTimestamp();
        return gatheringReasoning ? new ReasoningAdded(text) : new TextAdded(text);
    }

    /// <summary>
    /// The pieces as they come. It may be left while one is on its way (the turn is interrupted, the disk is full): an
    /// enumerator must not be disposed in that moment, so it is cancelled first and waited for.
    /// </summary>
    private sealed class Source(IAsyncEnumerable<ModelPiece> pieces, CancellationToken cancellation) : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        private IAsyncEnumerator<ModelPiece>? begun;
        private Task? onItsWay;

        public ModelPiece Current => begun!.Current;

        public ValueTask<bool> MoveNextAsync() => (begun ??= pieces.GetAsyncEnumerator(stop.Token)).MoveNextAsync();

        public Task<bool> Keep(ValueTask<bool> next)
        {
            var kept = next.AsTask();
            onItsWay = kept;
            return kept;
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync().ConfigureAwait(false);
            if (onItsWay is not null)
            {
                await onItsWay.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (begun is not null)
            {
                await begun.DisposeAsync().ConfigureAwait(false);
            }

            stop.Dispose();
        }
    }
}
