using Berth.Core.Settings;

namespace Berth.Core.Models;

/// <summary>A model behind Anthropic's Messages, or a server that speaks it.</summary>
internal sealed class AnthropicModel(
    ModelSettings settings, WireCall call, Uri address,
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
    public ReadOnlyMemory<byte> Write(ModelRequest request) => AnthropicRequest.Write(request, settings);

    /// <inheritdoc/>
    public bool Adapts(int status, string body) => false;

    /// <inheritdoc/>
    public IAnswerReader ReadAnswer(ModelRequest request) => new AnthropicAnswer(request, settings.Model);
}
