using Berth.Core.Settings;

namespace Berth.Core.Models;

/// <summary>A model behind any server that speaks OpenAI's Chat Completions.</summary>
/// <param name="traits">What has been learned about this server.</param>
internal sealed class OpenAiModel(
    ModelSettings settings, WireCall call, ServerTraits traits, Uri address,
    IReadOnlyList<KeyValuePair<string, string>> headers) : IModel, IWire
{
    /// <inheritdoc/>
    public Uri Address => address;

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, string>> Headers => headers;

    /// <inheritdoc/>
    public IAsyncEnumerable<ModelPiece> AnswerAsync(ModelRequest request, CancellationToken cancellation) =>
        call.AnswerAsync(this, request, cancellation);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Write(ModelRequest request) =>
        OpenAiRequest.Write(request, settings, asksUsage: !traits.RefusesUsage);

    /// <inheritdoc/>
    public bool Adapts(int status, string body)
    {
        if (traits.RefusesUsage || status is not (400 or 422)
            || !(body.Contains("stream_options") || body.Contains("include_usage")))
        {
            return false;
        }

        traits.RefusesUsage = true;
        return true;
    }

    /// <inheritdoc/>
    public IAnswerReader ReadAnswer(ModelRequest request) => new OpenAiAnswer(request, settings.Model);
}

/// <summary>What has been learned about a server while Berth runs.</summary>
internal sealed class ServerTraits
{
    private volatile bool _refusesUsage;

    /// <summary>It refuses a stream that asks for token counts (<c>stream_options</c>).</summary>
    public bool RefusesUsage
    {
        get => _refusesUsage;
        set => _refusesUsage = value;
    }
}
