using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Berth.Core.Settings;

namespace Berth.Core.Models;

/// <summary>What both wires' request bodies have in common.</summary>
internal static class RequestJson
{
    // Text stays readable on the wire, and every character that JSON allows costs its own bytes only.
    // Validation is skipped: the tests hold every request against a strict server instead.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>A body written by <paramref name="write"/>, in one allocation where the texts are plain.</summary>
    public static ReadOnlyMemory<byte> Body<T>(ModelRequest request, T state, Action<Utf8JsonWriter, T> write)
    {
        long estimate = request.Instructions.Length + 16_384;
        foreach (var message in request.Messages)
        {
            estimate += 128 + message switch
            {
                UserEntry user => user.Text.Length + Base64Length(user.Images),
                AssistantEntry assistant => assistant.Text.Length + assistant.Calls.Sum(c => 128L + c.Arguments.Length),
                ToolResultEntry result => result.Output.Length + Base64Length(result.Images),
                _ => 0,
            };
        }

        var bytes = new ArrayBufferWriter<byte>((int)Math.Min(estimate + estimate / 16, int.MaxValue / 2));
        using (var writer = new Utf8JsonWriter(bytes, Options))
        {
            write(writer, state);
        }

        return bytes.WrittenMemory;
    }

    /// <summary>Writes a field that the model's parameters may replace, or with null leave out.</summary>
    public static void WriteField(Utf8JsonWriter writer, ModelSettings settings, string name, ReadOnlySpan<byte> json)
    {
        if (!settings.Parameters.ContainsKey(name))
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(json, skipInputValidation: true);
        }
    }

    /// <summary>Writes the model's parameters.</summary>
    public static void WriteParameters(Utf8JsonWriter writer, ModelSettings settings)
    {
        foreach (var (name, value) in settings.Parameters)
        {
            if (value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
            {
                writer.WritePropertyName(name);
                WriteAsGiven(writer, value);
            }
        }
    }

    /// <summary>Writes JSON with the very bytes in which it was given.</summary>
    public static void WriteAsGiven(Utf8JsonWriter writer, JsonElement json) =>
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(json), skipInputValidation: true);

    /// <summary>The name of a tool as strict servers accept it: 1 to 64 letters, digits, "_" and "-".</summary>
    public static string ToolName(string name)
    {
        if (name.Length is > 0 and <= 64 && name.All(IsPlain))
        {
            return name;
        }

        var plain = new string([.. name.Take(64).Select(c => IsPlain(c) ? c : '_')]);
        return plain.Length > 0 ? plain : "unnamed";
    }

    /// <summary>A text for a server that refuses empty ones.</summary>
    public static string NotEmpty(string text, string instead) => string.IsNullOrWhiteSpace(text) ? instead : text;

    private static long Base64Length(IReadOnlyList<ImageData>? images) => images?.Sum(i => (i.Length + 2) / 3 * 4 + 128) ?? 0;

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
