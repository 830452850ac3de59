using System.Buffers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Berth.Protocol;

namespace Berth.Core.Models;

/// <summary>
/// Reads the body of an accepted answer: a stream of server-sent events, or one JSON object from a server that does
/// not stream. Content types are often wrong, so the first byte decides.
/// </summary>
/// <param name="idle">The model's own longest silence between two bytes; null for the limit's.</param>
internal sealed class AnswerReading(
    HttpResponseMessage response, IAnswerReader answer, SilenceWatch watch, FaultWords words, TimeSpan? idle)
{
    private const string BrokeOff = "broke off in the middle of its answer";

    private readonly PieceBuffer _pieces = new();
    private ModelFailure? _failure;
    private bool _isClosed;
    private bool _isError;

    /// <summary>The answer's pieces; the last one says that it is whole.</summary>
    /// <exception cref="ModelFailure">It is not; the pieces before are what came of it.</exception>
    public async IAsyncEnumerable<ModelPiece> PiecesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        // Headers alone say little: many servers send them at once and think then.
        watch.Allow(idle ?? Limits.ModelFirstByte);
        await using var body = new AnswerBody(
            await response.Content.ReadAsStreamAsync(watch.Token), watch, idle ?? Limits.ModelIdle);
        var first = await TryAsync(body.PeekAsync(), body, cancellation);
        if (_failure is null && first is '{' or '<' or -1)
        {
            await TryAsync(ReadWholeAsync(body, first), body, cancellation);
        }
        else if (_failure is null)
        {
            await foreach (var piece in ReadEventsAsync(body, cancellation))
            {
                yield return piece;
            }
        }

        _pieces.End();
        while (_pieces.TryTake(out var piece))
        {
            yield return piece;
        }

        if (!_pieces.Any && !answer.HasCalls && !answer.IsStopped)
        {
            throw _failure ?? words.Failure("sent an empty answer", "Check its base_url.");
        }

        // A fault of the transport that comes after the last word takes nothing away from the answer.
        var end = _failure is null || (answer.IsStopped && !_isError) ? answer.End(_isClosed) : null;
        yield return end ?? throw _failure ?? words.Failure(BrokeOff);
    }

    private async IAsyncEnumerable<ModelPiece> ReadEventsAsync(
        AnswerBody body, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var events =
            SseParser.Create(body, TakeIn).EnumerateAsync(watch.Token).GetAsyncEnumerator(watch.Token);
        Task<bool>? pending = null;
        try
        {
            while (!_isClosed && _failure is null)
            {
                cancellation.ThrowIfCancellationRequested();
                var next = events.MoveNextAsync();
                if (!next.IsCompleted || _pieces.IsFull)
                {
                    // The network has nothing more at the moment: hand on what there is, while it is waited for.
                    pending = next.AsTask();
                    next = new ValueTask<bool>(pending);
                    while (_pieces.TryTake(out var piece))
                    {
                        yield return piece;
                    }
                }

                var moved = await TryAsync(next, body, cancellation);
                pending = null;
                if (!moved)
                {
                    break;
                }
            }
        }
        finally
        {
            if (pending is not null)
            {
                // The consumer left between two pieces; an enumerator in flight must end before it is disposed.
                watch.Cut();
                await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private bool TakeIn(string type, ReadOnlySpan<byte> data)
    {
        if (!_isClosed && !data.IsEmpty)
        {
            var wasStopped = answer.IsStopped;
            _isClosed = answer.Read(type, data, _pieces);
            if (answer.IsStopped && !wasStopped)
            {
                watch.Allow(Limits.ModelTail);
            }
        }

        return true;
    }

    private async ValueTask<bool> ReadWholeAsync(AnswerBody body, int first)
    {
        var bytes = new ArrayBufferWriter<byte>(16 * 1024);
        var isAnswer = first == '{';
        while (isAnswer || bytes.WrittenCount < Limits.ModelErrorBytes)
        {
            var count = await body.ReadAsync(bytes.GetMemory(4096), watch.Token);
            if (count == 0)
            {
                break;
            }

            bytes.Advance(count);
        }

        if (!isAnswer)
        {
            var text = words.Clean(FaultWords.OfBody(Encoding.UTF8.GetString(bytes.WrittenSpan)));
            _failure = words.Failure(first < 0 ? "sent an empty answer" : $"sent {text} instead of an answer",
                "Check its base_url.");
            return false;
        }

        answer.ReadWhole(bytes.WrittenSpan.TrimStart("\uFEFF \t\r\n"u8), _pieces);
        _isClosed = true;
        return true;
    }

    // A fault becomes the failure that is told behind the last piece; only the caller's own cancellation is thrown.
    private async ValueTask<T?> TryAsync<T>(ValueTask<T> step, AnswerBody body, CancellationToken cancellation)
    {
        try
        {
            return await step;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (OperationCanceledException fault)
        {
            _failure = words.Failure(
                $"sent nothing for {watch.Exceeded?.TotalSeconds:0.#} s and its answer is cut", null, fault);
        }
        catch (ServerSaidError error)
        {
            _isError = true;
            _failure = words.Failure(
                $"reported an error: {words.Clean(error.Message)}", null, error, TooLongWords.Fit(0, error.Message));
        }
        catch (JsonException fault)
        {
            var what = body.Ended ? BrokeOff : "sent something that is no answer of its kind";
            _failure = words.Failure(what, null, fault);
        }
        catch (InvalidDataException fault)
        {
            _failure = words.Failure($"sent too much: {fault.Message}", null, fault);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            _failure = words.Failure($"{BrokeOff}: the connection failed", null, fault);
        }

        return default;
    }
}
