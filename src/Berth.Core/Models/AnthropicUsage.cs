using System.Text.Json;

namespace Berth.Core.Models;

/// <summary>
/// Token counts as Messages gives them: in parts, at the start and again, complete, at the end
/// (https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching#tracking-cache-performance).
/// </summary>
internal sealed class AnthropicUsage
{
    private long _fresh;
    private long _written;
    private long _read;
    private long _output;

    /// <summary>What was counted; what went into the cache or came out of it is input too.</summary>
    public TokenCount Tokens => new(_fresh + _written + _read, _output, _read);

    /// <summary>Reads the object the reader stands on; ignores anything else.</summary>
    public void Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (JsonText.NextField(ref reader))
        {
            if (reader.ValueTextEquals("input_tokens"u8))
            {
                Take(ref reader, ref _fresh);
            }
            else if (reader.ValueTextEquals("cache_creation_input_tokens"u8))
            {
                Take(ref reader, ref _written);
            }
            else if (reader.ValueTextEquals("cache_read_input_tokens"u8))
            {
                Take(ref reader, ref _read);
            }
            else if (reader.ValueTextEquals("output_tokens"u8))
            {
                Take(ref reader, ref _output);
            }
            else
            {
                JsonText.SkipField(ref reader);
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

        reader.Skip();
    }
}
