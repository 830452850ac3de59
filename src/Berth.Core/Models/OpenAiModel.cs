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
        OpenAiRequest.Write(request, settings, traits);

    /// <inheritdoc/>
    public bool Adapts(ModelRequest request, int status, string body)
    {
        if (traits.LearnsImages(request, status, body))
        {
            return true;
        }

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
