using Berth.Core.Settings;

namespace Berth.Core.Models;

/// <summary>A model behind Anthropic's Messages, or a server that speaks it.</summary>
/// <param name="traits">What has been learned about this server.</param>
internal sealed class AnthropicModel(
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
    public ReadOnlyMemory<byte> Write(ModelRequest request) => AnthropicRequest.Write(request, settings, traits);

    /// <inheritdoc/>
    public bool Adapts(ModelRequest request, int status, string body) => 
        (!settings.Parameters.ContainsKey("max_tokens") && traits.LearnsMaxTokens(status, body)) || traits.LearnsImages(request, status, body);

    /// <inheritdoc/>
    public IAnswerReader ReadAnswer(ModelRequest request) => new AnthropicAnswer(request, settings.Model);
}
