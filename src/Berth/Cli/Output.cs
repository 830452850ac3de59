using System.Buffers;
using System.Text.Json;
using Berth.Platform;
using Berth.Protocol.Messages;

namespace Berth.Cli;

/// <summary>Standard output and error: the answer goes to the first, everything else to the second.</summary>
internal sealed class Output
{
    private static readonly JsonWriterOptions Relaxed =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Results and errors are JSON.</summary>
    public bool Json { get; set; }

    /// <summary>Standard output is a terminal.</summary>
    public bool IsTerminal { get; } = StandardStreams.IsTerminal(StandardStreams.Output);

    /// <summary>Colours may be used: a terminal, and nobody said no (https://no-color.org).</summary>
    public bool Coloured => IsTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Cells of a line, where that is a limit.</summary>
    public int? Width => IsTerminal ? TerminalSize.Of(StandardStreams.Output).Columns : null;

    /// <summary>Writes to standard output what may hold anything.</summary>
    /// <exception cref="IOException">The other side is gone, or the disk is full.</exception>
    public void Text(string text) => StandardStreams.Write(StandardStreams.Output, PlainText.For(text, IsTerminal));

    /// <summary>Writes to standard output what was made safe, colours and all.</summary>
    /// <exception cref="IOException">The other side is gone, or the disk is full.</exception>
    public static void Drawn(string text) => StandardStreams.Write(StandardStreams.Output, text);

    /// <summary>Writes bytes and a line end to standard output: JSON, which holds no control characters.</summary>
    /// <exception cref="IOException">The other side is gone, or the disk is full.</exception>
    public static void Line(ReadOnlySpan<byte> bytes)
    {
        var line = new byte[bytes.Length + 1];
        bytes.CopyTo(line);
        line[^1] = (byte)'\n';
        StandardStreams.Write(StandardStreams.Output, line);
    }

    /// <summary>Writes one JSON value and a line end to standard output.</summary>
    /// <exception cref="IOException">The other side is gone, or the disk is full.</exception>
    public static void Value(Action<Utf8JsonWriter> write) => Line(Written(write));

    /// <summary>Writes a line to standard error. That nobody reads it there changes nothing.</summary>
    public static void Note(string line)
    {
        try
        {
            StandardStreams.Write(
                StandardStreams.Error, PlainText.For(line, StandardStreams.IsTerminal(StandardStreams.Error)) + "\n");
        }
        catch (IOException)
        {
            // The result still goes to standard output, and the exit code says the rest.
        }
    }

    /// <summary>Says an error: <c>berth: what happened. What to do.</c></summary>
    public void Error(ErrorInfo error)
    {
        if (!Json)
        {
            Note($"berth: {Sentence(error.What)}{(error.Hint is { Length: > 0 } hint ? " " + hint : "")}");
            return;
        }

        Note(System.Text.Encoding.UTF8.GetString(Written(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("error"u8);
            writer.WriteString("what"u8, error.What);
            writer.WriteString("hint"u8, error.Hint);
            writer.WriteEndObject();
            writer.WriteEndObject();
        })));
    }

    private static ReadOnlySpan<byte> Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            write(writer);
        }

        return buffer.WrittenSpan;
    }

    private static string Sentence(string text) =>
        text.TrimEnd() is { Length: > 0 } one && one[^1] is not ('.' or '!' or '?') ? one + "." : text.TrimEnd();
}
