using System.Text.Json;
using Berth.Core.Log;
using Berth.Platform;
using Berth.Protocol.Rows;
using Microsoft.Win32.SafeHandles;

namespace Berth.Core.Sessions;

/// <summary>
/// The list of all stored sessions: <c>index.jsonl</c>, one row a line, the last line of a session counts. It is
/// derived: a row that is missing is folded from its session's log again, so losing the file loses nothing. Only
/// places are held in memory; a row is read when somebody asks for it.
/// </summary>
internal sealed class SessionIndex : IDisposable
{
    private const int IdLength = 8;
    private const long CompactAbove = 4 * 1024 * 1024;

    private readonly string sessions;
    private readonly TimeProvider time;
    private readonly string path;
    private readonly Dictionary<string, (long Offset, int Length)> places = [];
    private SafeFileHandle? file;
    private long length;

    public SessionIndex(string stateDirectory, TimeProvider time)
    {
        sessions = Path.Combine(stateDirectory, "sessions");
        path = Path.Combine(stateDirectory, "index.jsonl");
        this.time = time;
    }

    private static ReadOnlySpan<byte> RowStart => "{\"id\":\""u8;

    /// <summary>The row of a stored session; null when there is no such session.</summary>
    /// <exception cref="IOException">The index or the session's log cannot be read.</exception>
    public SessionRow? Find(string id)
    {
        Load();
        return (places.TryGetValue(id, out var place) ? Read(place) : null) ?? FromLog(id);
    }

    /// <summary>The rows of all stored sessions, in no order.</summary>
    /// <exception cref="IOException">The sessions cannot be listed.</exception>
    public IReadOnlyList<SessionRow> All()
    {
        Load();
        if (!Directory.Exists(sessions))
        {
            return [];
        }

        var rows = new List<SessionRow>(places.Count);
        foreach (var directory in Directory.EnumerateDirectories(sessions))
        {
            if (Find(Path.GetFileName(directory)) is { } row)
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    /// <summary>Writes a session's row. Not synced: the index is derived.</summary>
    /// <exception cref="IOException">The row could not be written; the next one replaces it.</exception>
    public void Put(SessionRow row)
    {
        Load();
        var bytes = RowJson.Default.SessionRow.Bytes(row with { Slot = null });
        RandomAccess.Write(file!, bytes, length);
        RandomAccess.Write(file!, "\n"u8, length + bytes.Length);
        places[row.Id] = (length, bytes.Length);
        length += bytes.Length + 1;
    }

    public void Dispose() => file?.Dispose();

    private void Load()
    {
        if (file is not null)
        {
            return;
        }

        file = PrivateFiles.OpenReadWrite(path);
        var reader = new LineReader((offset, buffer) => RandomAccess.Read(file, buffer, offset), 0);
        long bytes = 0;
        while (reader.TryNext(out var line))
        {
            length = reader.NextOffset;
            if (line.StartsWith(RowStart) && line.Length > RowStart.Length + IdLength)
            {
                places[System.Text.Encoding.ASCII.GetString(line.Slice(RowStart.Length, IdLength))] =
                    (reader.LineOffset, line.Length);
                bytes += line.Length;
            }
        }

        if (length > CompactAbove && length > 4 * places.Values.Sum(p => (long)p.Length))
        {
            Compact();
        }
    }

    private void Compact()
    {
        using var rows = new MemoryStream();
        var moved = new List<(string Id, long Offset, int Length)>();
        foreach (var (id, place) in places)
        {
            var bytes = new byte[place.Length];
            RandomAccess.Read(file!, bytes, place.Offset);
            moved.Add((id, rows.Position, place.Length));
            rows.Write(bytes);
            rows.WriteByte((byte)'\n');
        }

        PrivateFiles.WriteAtomically(path, rows.ToArray());
        file!.Dispose();
        file = PrivateFiles.OpenReadWrite(path);
        length = rows.Length;
        foreach (var (id, offset, size) in moved)
        {
            places[id] = (offset, size);
        }
    }

    private SessionRow? Read((long Offset, int Length) place)
    {
        var bytes = new byte[place.Length];
        var read = RandomAccess.Read(file!, bytes, place.Offset);
        try
        {
            return RowJson.Default.SessionRow.Read(bytes.AsSpan(0, read));
        }
        catch (JsonException)
        {
            // A torn or foreign row: the log knows better.
            return null;
        }
    }

    private SessionRow? FromLog(string id)
    {
        var directory = Path.Combine(sessions, id);
        if (id.Length != IdLength || !File.Exists(Path.Combine(directory, SessionLog.FileName)))
        {
            return null;
        }

        var state = new SessionState();
        SessionLog.Open(directory, time, e => state = state.Apply(e)).Dispose();
        if (state.Created is null)
        {
            return null;
        }

        var row = state.ToRow(slot: null, unread: false);
        Put(row);
        return row;
    }
}
