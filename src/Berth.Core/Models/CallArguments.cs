using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Berth.Core.Models;

/// <summary>The arguments of tool calls, which a model writes and which need not be JSON.</summary>
internal static class CallArguments
{
    /// <summary>The longest name of a tool that is kept; the rest of a longer one is cut off.</summary>
    public const int MaxToolChars = 256;

    /// <summary>A call as it came, with texts that can be stored and shown.</summary>
    public static ModelToolCall Call(string id, string tool, string arguments) => new(
        JsonText.WithoutHalves(id), JsonText.WithoutHalves(tool.Length > MaxToolChars ? tool[..MaxToolChars] : tool),
        JsonText.WithoutHalves(arguments));

    /// <summary>Whether the text is one whole JSON object.</summary>
    public static bool IsObject(string arguments)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(arguments.Length));
        try
        {
            var reader = new Utf8JsonReader(bytes.AsSpan(0, Encoding.UTF8.GetBytes(arguments, bytes)));
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && ReadToEnd(ref reader);
        }
        catch (JsonException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>
    /// Whether a call was probably cut: without the stream's last word, arguments that are no JSON are more likely
    /// that than wrong.
    /// </summary>
    public static bool IsCut(ModelToolCall call) => call.Arguments.Length > 0 && !IsObject(call.Arguments);

    /// <summary>
    /// The arguments as a later request may repeat them: a strict server accepts JSON objects only. None at all become
    /// <c>{}</c>; anything else that is no object becomes <c>{"invalid_arguments":"…"}</c>, so that the model still
    /// sees what it wrote.
    /// </summary>
    public static string ForServer(string arguments)
    {
        if (string.IsNullOrWhiteSpace(arguments))
        {
            return "{}";
        }

        arguments = JsonText.WithoutHalves(arguments);
        return IsObject(arguments)
            ? arguments
            : $$"""{"invalid_arguments":"{{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(arguments)}}"}""";
    }

    private static bool ReadToEnd(ref Utf8JsonReader reader)
    {
        while (reader.Read())
        {
            // Half an escaped surrogate pair is JSON by its grammar, but strict servers refuse it.
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
            {
                try
                {
                    reader.GetString();
                }
                catch (InvalidOperationException)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
