namespace Berth.Core.Models;

/// <summary>One streaming call to a language model. One file per provider wire implements it.</summary>
public interface IModel
{
    /// <summary>
    /// Sends one request and yields the answer's pieces as they come: any number of <see cref="TextPiece"/>,
    /// <see cref="ReasoningPiece"/> and <see cref="RetryPiece"/>, then exactly one <see cref="AnswerPiece"/>.
    /// </summary>
    /// <exception cref="ModelFailure">No whole answer came. Pieces yielded before stay valid as partial text.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connection is closed at once.</exception>
    IAsyncEnumerable<ModelPiece> AnswerAsync(ModelRequest request, CancellationToken cancellation);
}

/// <summary>The model gave no whole answer.</summary>
/// <param name="what">What happened, one line for people, without keys and control bytes.</param>
/// <param name="hint">What to do about it; null when there is nothing to say.</param>
public sealed class ModelFailure(string what, string? hint = null, Exception? inner = null) : Exception(what, inner)
{
    /// <summary>What to do about it.</summary>
    public string? Hint { get; } = hint;

    /// <summary>The provider found the request too long for the model; a shorter one would do.</summary>
    public bool TooLong { get; init; }
}
