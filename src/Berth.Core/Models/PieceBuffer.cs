using System.Text.Json;

namespace Berth.Core.Models;

/// <summary>
/// Collects what has already arrived of an answer's text. A fast server's hundred tokens of one network packet become
/// one piece, a slow server's token is a piece of its own: nothing waits here. What has arrived may be taken on one
/// thread while the next bytes are read on another.
/// </summary>
internal sealed class PieceBuffer
{
    // Pieces stay small enough to be stored and drawn at once.
    private const int FullChars = 4096;

    private readonly Lock _gate = new();
    private readonly Queue<ModelPiece> _ready = new();
    private char[] _chars = new char[1024];
    private int _length;
    private bool _isReasoning;
    private bool _hasHalves;

    /// <summary>Enough is here to be handed on although more may be waiting.</summary>
    public bool IsFull => _length >= FullChars || _ready.Count > 0;

    /// <summary>Whether any text or reasoning ever came.</summary>
    public bool Any { get; private set; }

    /// <summary>Adds the JSON string the reader stands on, and gives its length; anything else is ignored.</summary>
    public int Add(ref Utf8JsonReader reader, bool isReasoning)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length == 0)
        {
            return 0;
        }

        lock (_gate)
        {
            var room = Room(reader.ValueSpan.Length, isReasoning);
            int count;
            try
            {
                count = reader.CopyString(room);
            }
            catch (InvalidOperationException)
            {
                // Half a surrogate pair, or bytes that are no UTF-8.
                var text = JsonText.Read(ref reader)!;
                text.CopyTo(room);
                count = text.Length;
                _hasHalves = true;
            }

            _length += count;
            return count;
        }
    }

    /// <summary>Takes everything that has arrived; half an emoji stays until its other half comes.</summary>
    public bool TryTake(out ModelPiece piece)
    {
        lock (_gate)
        {
            if (_ready.Count == 0)
            {
                Close(keepHalf: true);
            }

            return _ready.TryDequeue(out piece!);
        }
    }

    /// <summary>No more comes: nothing is held back any longer.</summary>
    public void End()
    {
        lock (_gate)
        {
            Close(keepHalf: false);
        }
    }

    private Span<char> Room(int count, bool isReasoning)
    {
        Any = true;
        if (isReasoning != _isReasoning)
        {
            Close(keepHalf: false);
            _isReasoning = isReasoning;
        }

        if (_chars.Length - _length < count)
        {
            Array.Resize(ref _chars, Math.Max(_chars.Length * 2, _length + count));
        }

        return _chars.AsSpan(_length);
    }

    private void Close(bool keepHalf)
    {
        var kept = keepHalf && _length > 0 && char.IsHighSurrogate(_chars[_length - 1]) ? 1 : 0;
        if (_length == kept)
        {
            return;
        }

        var text = new string(_chars, 0, _length - kept);
        text = _hasHalves ? JsonText.WithoutHalves(text) : text;
        _ready.Enqueue(_isReasoning ? new ReasoningPiece(text) : new TextPiece(text));
        _chars[0] = _chars[_length - 1];
        _length = kept;
        _hasHalves = kept > 0;
        if (_chars.Length > 16 * FullChars)
        {
            // One huge piece must not stay allocated for the rest of the answer.
            Array.Resize(ref _chars, FullChars);
        }
    }
}
