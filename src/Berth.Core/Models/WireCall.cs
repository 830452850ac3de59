using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using Berth.Core.Settings;
using Berth.Protocol;

namespace Berth.Core.Models;

/// <summary>
/// Makes one call to a model over HTTP. Until a server accepts the request it may be sent again; from the first byte of
/// an accepted answer on nothing is repeated, because the answer may have been seen and has been paid for.
/// </summary>
internal sealed class WireCall(
    ModelSettings settings, HttpMessageInvoker http, FaultWords words, TimeProvider time, Func<double> chance,
    KeyLimiter limiter, Func<bool> isForeground)
{
    private readonly KeyLimits limits = new(settings.MaxConcurrent, settings.RequestsPerMinute, settings.TokensPerMinute);

    /// <inheritdoc cref="IModel.AnswerAsync"/>
    public async IAsyncEnumerable<ModelPiece> AnswerAsync(
        IWire wire, ModelRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var plan = new RetryPlan(chance);
        var body = wire.Write(request);
        var arrival = limiter.Arrive();
        while (true)
        {
            using var pass = limiter.Ask(
                limits, arrival, limits.TokensPerMinute is null ? 0 : request.EstimatedTokens(), isForeground);
            await foreach (var piece in pass.WaitAsync(cancellation))
            {
                yield return piece;
            }

            // A watch of its own for every request: one that has cut a request stays cut.
            using var watch = new SilenceWatch(time, cancellation);
            var (response, refusal) = await SendAsync(wire, body, watch, cancellation);
            using (response)
            {
                if (response is not null)
                {
                    pass.Accepted();
                    var reading = new AnswerReading(
                        response, wire.ReadAnswer(request), watch, words, settings.IdleTimeout);
                    await foreach (var piece in reading.PiecesAsync(cancellation))
                    {
                        if (piece is AnswerPiece whole)
                        {
                            pass.Used(whole.Tokens);
                        }

                        yield return piece;
                    }

                    yield break;
                }
            }

            if (refusal!.IsFinal && wire.Adapts(request, refusal.Status, refusal.Body))
            {
                body = wire.Write(request);
                continue;
            }

            var wait = refusal.IsFinal ? null : plan.Next(refusal.Asked);
            if (wait is null)
            {
                var what = plan.Requests > 1 ? $"{refusal.What} (after {plan.Requests} requests)" : refusal.What;
                throw words.Failure(what, refusal.Hint, refusal.Inner, refusal.IsTooLong);
            }

            if (refusal.Asked is { } asked)
            {
                limiter.Pause(asked);
            }

            // Who waits to ask again holds nobody up.
            pass.Dispose();
            yield return new RetryPiece(plan.Requests - 1, wait.Value, words.Failure(refusal.What).Message);
            await Task.Delay(wait.Value, time, cancellation);
        }
    }

    /// <summary>Why a request brought no answer.</summary>
    /// <param name="IsFinal">Sending it again would not help.</param>
    private sealed record Refusal(string What, bool IsFinal, string? Hint = null, Exception? Inner = null)
    {
        public int Status { get; init; }

        /// <summary>The request has more tokens than the model takes.</summary>
        public bool IsTooLong => TooLongWords.Fit(Status, Body);

        public string Body { get; init; } = "";

        /// <summary>How long the server wants us to wait.</summary>
        public TimeSpan? Asked { get; init; }
    }

    private async Task<(HttpResponseMessage? Response, Refusal? Refusal)> SendAsync(
        IWire wire, ReadOnlyMemory<byte> body, SilenceWatch watch, CancellationToken cancellation)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, wire.Address);
        message.Content = new ReadOnlyMemoryContent(body);
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in wire.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content.Headers.Remove(name);
                message.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        // A model with a longer patience between bytes is one that thinks long before the first one too.
        watch.Allow(settings.IdleTimeout > Limits.ModelFirstByte ? settings.IdleTimeout.Value : Limits.ModelFirstByte);
        watch.Listen();
        try
        {
            var response = await http.SendAsync(message, watch.Token);
            watch.Heard();
            if (response.IsSuccessStatusCode)
            {
                return (response, null);
            }

            using (response)
            {
                return (null, await RefusalOfAsync(wire, response, watch, cancellation));
            }
        }
        catch (HttpRequestException fault)
        {
            return (null, RefusalOf(wire, fault));
        }
        catch (OperationCanceledException fault) when (!cancellation.IsCancellationRequested)
        {
            return (null, watch.Exceeded is { } silence
                ? new Refusal($"sent nothing for {silence.TotalSeconds:0.#} s", true, null, fault)
                : RefusalOf(wire, fault));
        }
    }

    private static Refusal RefusalOf(IWire wire, Exception fault)
    {
        var error = (fault as HttpRequestException)?.HttpRequestError;
        if (error is HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded)
        {
            return new Refusal("sent something that is no HTTP answer", true, "Check its base_url.", fault);
        }

        // A server that shows a wrong certificate will show it again.
        return new Refusal($"could not be reached: {FaultWords.OfConnection(fault)} ({wire.Address.Authority})",
            error is HttpRequestError.SecureConnectionError, "Check its base_url and the network.", fault);
    }

    private async Task<Refusal> RefusalOfAsync(
        IWire wire, HttpResponseMessage response, SilenceWatch watch, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        if (status is >= 300 and < 400)
        {
            return new Refusal(RedirectOf(wire, response), true,
                "Set base_url to the address that really answers; a key is never sent on to another one.");
        }

        var body = await ReadErrorAsync(response, watch, cancellation);
        var what = words.OfStatus(status, response.ReasonPhrase, body);
        var isFinal = (status < 500 && response.StatusCode != HttpStatusCode.TooManyRequests) || TooLongWords.Fit(status, body);
        var asked = isFinal ? null : RetryPlan.Asked(response.Headers, time.GetUtcNow());
        if (asked > Limits.ModelRetryAfter)
        {
            return new Refusal(
                $"{what}; it asks to wait for {asked.Value.TotalSeconds:0} s (Retry-After), which is too long",
                true, "Send the message again later, or use another model.");
        }

        return new Refusal(what, isFinal, words.HintFor(status)) { Status = status, Body = body, Asked = asked };
    }

    private string RedirectOf(IWire wire, HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        if (response.Headers.Location is not { } location)
        {
            return $"answered {status} instead of an answer";
        }

        var target = new Uri(wire.Address, location);
        return $"redirects ({status}) to {words.Clean(target.GetLeftPart(UriPartial.Path))}";
    }

    // What an error says is worth a moment, not a fault of its own: a body that breaks off counts as it came.
    private static async Task<string> ReadErrorAsync(
        HttpResponseMessage response, SilenceWatch watch, CancellationToken cancellation)
    {
        var bytes = new byte[Limits.ModelErrorBytes];
        var length = 0;
        watch.Allow(Limits.ModelTail);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(watch.Token);
            int count;
            do
            {
                watch.Listen();
                count = await stream.ReadAsync(bytes.AsMemory(length), watch.Token);
                watch.Heard();
                length += count;
            }
            while (count > 0 && length < bytes.Length);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException ||
            (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return Encoding.UTF8.GetString(bytes, 0, length);
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
