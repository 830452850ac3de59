using System.Text;
using Berth.Core.Sessions;
using Berth.Platform;
using Berth.Protocol.Messages;
using Berth.Protocol.Rows;

namespace Berth.Core.Commands;

/// <summary><c>/sessions /export</c>: a session as a document, or as JSON.</summary>
internal static class SessionsExport
{
    private const string Form = "/sessions /export [FILE.md|FILE.json]";

    public static async Task<Reply> RunAsync(CommandContext context, CommandLine line)
    {
        if (context.Session is not { Row: { } row } session)
        {
            return Replies.Failed("There is no stored session to export.", "Name one: berth sessions export --session X");
        }

        var asked = line.RestAfter(1);
        var file = asked.Length == 0 ? $"{FileName(row)}.md" : asked;
        var isJson = file.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        if (!isJson && !file.EndsWith(".md", StringComparison.OrdinalIgnoreCase))
        {
            return SessionsCommand.Row.Wrong($"'{file}' ends neither in .md nor in .json.", Form);
        }

        var path = Path.GetFullPath(file, context.Environment.Directory);
        if (Path.Exists(path))
        {
            return Replies.Failed($"{path} is there already and was not overwritten.", $"Name another file: {Form}");
        }

        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            return Replies.Failed($"There is no directory {Path.GetDirectoryName(path)}.", "Make it, or name another file.");
        }

        await Task.Run(() => Write(session, row, path, isJson)).ConfigureAwait(false);
        return new Reply([$"Session {row.Id} is in {path}."], Data: Replies.Json(w =>
        {
            w.WriteStartObject();
            w.WriteString("session", row.Id);
            w.WriteString("file", path);
            w.WriteEndObject();
        }));
    }

    // A file that could not be finished is not left behind: it would pass for the whole.
    private static void Write(Session session, SessionRow row, string path, bool isJson)
    {
        using var stream = new FileStream(PrivateFiles.CreateNew(path), FileAccess.Write);
        try
        {
            if (isJson)
            {
                WriteJson(session, stream);
            }
            else
            {
                WriteMarkdown(session, row, stream);
            }

            stream.Flush();
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private static void WriteJson(Session session, Stream stream)
    {
        var isFirst = true;
        session.ReadJson(json =>
        {
            stream.Write(isFirst ? "[\n"u8 : ",\n"u8);
            stream.Write(json);
            isFirst = false;
        });
        stream.Write(isFirst ? "[]\n"u8 : "\n]\n"u8);
    }

    private static void WriteMarkdown(Session session, SessionRow row, Stream stream)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
        var transcript = new MarkdownTranscript(writer);
        transcript.Begin(row);
        session.ReadEvents(transcript.Add);
        transcript.End();
    }

    // The session's name as a file's: what no file system or shell minds.
    private static string FileName(SessionRow row)
    {
        var name = new StringBuilder();
        foreach (var rune in (row.Name ?? "").EnumerateRunes())
        {
            var fits = Rune.IsLetterOrDigit(rune) || rune.Value is '_' or '.';
            name.Append(fits ? rune.ToString() : name.Length > 0 && name[^1] != '-' ? "-" : "");
        }

        var file = name.ToString().Trim('-', '.');
        return file.Length == 0 ? row.Id : file;
    }
}
