using System.Buffers;
using System.Text.Json;
using Berth.Editor;
using Berth.Platform;

namespace Berth.App;

/// <summary>
/// Lines that were begun and not sent, on disk: a file for each session and terminal, so that a window may be closed or
/// killed with a thought half written. What a terminal that lives holds is its own; what one left is offered to the next
/// that looks at the session. What cannot be read or written is left out: a draft is no reason to disturb anybody.
/// </summary>
/// <param name="find">Finds their place, when it is first needed; null keeps nothing.</param>
internal sealed class DraftFiles(Func<DraftPlace?> find, TimeProvider time)
{
    private const int LongestFile = 4_000_000;
    private const int MostFiles = 200;
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    private readonly Lazy<DraftPlace?> place = new(find);

    private sealed record Stored(string File, string Session, string? Directory, Draft Draft, DateTime At);

    /// <summary>Keeps what stands in the line of a session; an empty line is nothing to keep.</summary>
    /// <param name="directory">The directory of a session that nobody has said anything in: it has no other name to come back to.</param>
    public void Keep(string session, string? directory, Draft draft)
    {
        if (place.Value is not { } here || !IsId(session))
        {
            return;
        }

        try
        {
            var file = Path.Combine(here.Folder, $"{session}-{here.Owner}.json");
            if (draft.Text.Trim().Length == 0)
            {
                File.Delete(file);
                return;
            }

            var bytes = Encode(draft, directory);
            if (bytes.Length <= LongestFile)
            {
                PrivateFiles.CreateDirectory(here.Folder);
                PrivateFiles.WriteAtomically(file, bytes);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // See the class comment.
        }
    }

    /// <summary>
    /// The newest draft of a session that a terminal left; from now on it is this one's. Null when there is none.
    /// </summary>
    /// <param name="directory">Of a session that just begins: a draft of one that never began in this directory is as good.</param>
    public Draft? Take(string session, string? directory)
    {
        if (place.Value is not { } here)
        {
            return null;
        }

        try
        {
            var left = Left(here);
            var found = left.Find(s => directory is null ? s.Session == session : s.Directory == directory);
            if (found is not null)
            {
                Keep(session, directory, found.Draft);
                File.Delete(found.File);
            }

            Forget(left);
            return found?.Draft;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // The newest first.
    private static List<Stored> Left(DraftPlace here)
    {
        var left = new List<Stored>();
        foreach (var file in Directory.Exists(here.Folder) ? Directory.GetFiles(here.Folder, "*.json") : [])
        {
            var name = Path.GetFileNameWithoutExtension(file);
            var dash = name.IndexOf('-');
            if (dash > 0 && name[(dash + 1)..] is { } holder && holder != here.Owner && !here.IsAlive(holder) && Read(file, name[..dash]) is { } stored)
            {
                left.Add(stored);
            }
        }

        left.Sort((a, b) => b.At.CompareTo(a.At));
        return left;
    }

    private void Forget(List<Stored> left)
    {
        for (var i = 0; i < left.Count; i++)
        {
            if (i >= MostFiles || time.GetUtcNow().UtcDateTime - left[i].At > KeptFor)
            {
                File.Delete(left[i].File);
            }
        }
    }

    private static byte[] Encode(Draft draft, string? directory)
    {
        var bytes = new ArrayBufferWriter<byte>(draft.Text.Length + 64);
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            if (directory is not null)
            {
                writer.WriteString("directory"u8, directory);
            }

            writer.WriteString("text"u8, draft.Text);
            writer.WriteNumber("caret"u8, draft.Caret);
            writer.WriteStartArray("pastes"u8);
            foreach (var paste in draft.Pastes)
            {
                writer.WriteStringValue(paste);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static Stored? Read(string file, string session)
    {
        try
        {
            var about = new FileInfo(file);
            if (about.Length > LongestFile)
            {
                return null;
            }

            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var json = document.RootElement;
            var pastes = new List<string>();
            foreach (var paste in json.GetProperty("pastes"u8).EnumerateArray())
            {
                pastes.Add(paste.GetString() ?? "");
            }

            var text = json.GetProperty("text"u8).GetString() ?? "";
            var directory = json.TryGetProperty("directory"u8, out var named) ? named.GetString() : null;
            foreach (var c in text)
            {
                if (Draft.IsPaste(c) && c - Draft.FirstPaste >= pastes.Count)
                {
                    return null;
                }
            }

            return new Stored(file, session, directory, new Draft(text, text.Length, pastes), about.LastWriteTimeUtc);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static bool IsId(string session)
    {
        foreach (var c in session)
        {
            if (!char.IsAsciiHexDigitLower(c))
            {
                return false;
            }
        }

        return session.Length is > 0 and <= 16;
    }
}

/// <summary>Where drafts are, and which are whose.</summary>
/// <param name="Owner">This terminal: its process's number and start.</param>
/// <param name="IsAlive">Whether the terminal of that name still lives.</param>
internal sealed record DraftPlace(string Folder, string Owner, Func<string, bool> IsAlive)
{
    /// <summary>This process's.</summary>
    public static DraftPlace In(string state) => new(
        Path.Combine(state, "drafts"), $"{CurrentProcess.Id}-{CurrentProcess.StartTicks(CurrentProcess.Id)}", Lives);

    private static bool Lives(string owner)
    {
        var dash = owner.IndexOf('-');
        return dash > 0 && int.TryParse(owner.AsSpan(0, dash), out var pid) && long.TryParse(owner.AsSpan(dash + 1), out var start)
            && start > 0 && ProcessTable.IsAlive(pid, start);
    }
}
