using Berth.Protocol.Messages;

namespace Berth.Cli;

/// <summary>A reply on standard output: lines and rows for people, or its data as JSON.</summary>
internal static class ReplyText
{
    /// <summary>Writes a reply that is no error.</summary>
    /// <exception cref="IOException">The other side is gone, or the disk is full.</exception>
    public static void Write(Reply reply, Output output)
    {
        if (output.Json)
        {
            WriteData(reply);
            return;
        }

        WriteLines(reply.Lines, output);
        if (reply.Table is { } table)
        {
            Output.Drawn(TableText.Of(table, output.Width, output.Coloured));
        }

        WriteLines(reply.After, output);
    }

    private static void WriteLines(IReadOnlyList<string>? lines, Output output)
    {
        if (lines is { Count: > 0 })
        {
            output.Text(string.Join('\n', lines) + "\n");
        }
    }

    // A command without rows of its own still answers with JSON.
    private static void WriteData(Reply reply) => Output.Value(writer =>
    {
        if (reply.Data is { } data)
        {
            data.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        writer.WriteStartArray("lines"u8);
        foreach (var line in reply.Lines ?? [])
        {
            writer.WriteStringValue(line);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });
}
