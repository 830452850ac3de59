using System.Text.Json;

namespace Berth.Core.Models;

/// <summary>
/// Token counts in the spellings that Chat Completions servers use. Later counts replace earlier ones; a field that is
/// missing or zero later keeps its earlier value, because some servers repeat only a part.
/// </summary>
internal sealed class OpenAiUsage
{
    private long _input;
    private long _output;
    private long _cached;

    /// <summary>What was counted; zeros when the server never said.</summary>
    public TokenCount Tokens => new(_input, _output, Math.Min(_cached, _input));

    /// <summary>Reads the object the reader stands on (with all objects inside it); ignores anything else.</summary>
    public void Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.ValueTextEquals("prompt_tokens"u8) || reader.ValueTextEquals("input_tokens"u8))
            {
                Take(ref reader, ref _input);
            }
            else if (reader.ValueTextEquals("completion_tokens"u8) || reader.ValueTextEquals("output_tokens"u8))
            {
                Take(ref reader, ref _output);
            }
            else if (reader.ValueTextEquals("cached_tokens"u8)
                || reader.ValueTextEquals("prompt_cache_hit_tokens"u8)
                || reader.ValueTextEquals("cache_read_input_tokens"u8))
            {
                Take(ref reader, ref _cached);
            }
        }
    }

    private static void Take(ref Utf8JsonReader reader, ref long count)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) && value > 0)
        {
            count = value;
        }

        // When it is no number; what is skipped is then the object that stands there instead.
        reader.Skip();
    }
}
