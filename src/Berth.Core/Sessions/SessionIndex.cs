using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
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

    // Rows that were read lately: a second look at a long list costs nothing, and the collector takes them when it likes.
    private readonly WeakReference<Dictionary<string, SessionRow>> lately = new([]);
    private bool isLoaded;
    private long length;
    private long used;

    public SessionIndex(string stateDirectory, TimeProvider time)
    {
        sessions = Path.Combine(stateDirectory, "sessions");
        path = Path.Combine(stateDirectory, "index.jsonl");
        this.time = time;
    }

    private static ReadOnlySpan<byte> RowStart => "{\"id\":\""u8;

    /// <summary>The row of a stored session; null when there is no such session.</summary>
    /// <exception cref="IOException">The session's log cannot be read.</exception>
    public SessionRow? Find(string id)
    {
        Load();
        return Directory.Exists(Path.Combine(sessions, id)) ? Stored(id) : null;
    }

    /// <summary>The rows of all stored sessions that can be read, in no order.</summary>
    /// <param name="inUse">Those that need not be looked up: their rows are known.</param>
    /// <exception cref="IOException">The sessions cannot be listed.</exception>
    public IReadOnlyList<SessionRow> All(IReadOnlyDictionary<string, SessionRow> inUse)
    {
        Load();
        var rows = new List<SessionRow>();
        var known = Known();
        foreach (var directory in Directory.Exists(sessions) ? Directory.EnumerateDirectories(sessions) : [])
        {
            var id = Path.GetFileName(directory);
            if (inUse.GetValueOrDefault(id) is { } row || TryStored(id, known, out row))
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
        if (file is null)
        {
            return;
        }

        var json = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(json))
        {
            RowJson.Shape.Write(writer, row with { Slot = null });
        }

        var bytes = json.WrittenCount;
        json.Write("\n"u8);
        PrivateFiles.Write(file, json.WrittenSpan, length);
        Place(row.Id, length, bytes);
        Forgotten(row.Id);
        length += bytes + 1;
        CompactIfSparse();
    }

    /// <summary>Forgets a session that is not stored any more.</summary>
    public void Forget(string id)
    {
        Load();
        Forgotten(id);
        if (places.Remove(id, out var place))
        {
            used -= place.Length + 1;
        }
    }

    /// <summary>Forgets everything; what is asked for next comes from the logs.</summary>
    public void Clear()
    {
        Load();
        places.Clear();
        lately.SetTarget([]);
        (length, used) = (0, 0);
        if (file is not null)
        {
            RandomAccess.SetLength(file, 0);
        }
    }

    public void Dispose() => file?.Dispose();

    private Dictionary<string, SessionRow> Known()
    {
        if (!lately.TryGetTarget(out var known))
        {
            known = new Dictionary<string, SessionRow>(places.Count);
            lately.SetTarget(known);
        }

        return known;
    }

    // Who asks knows the sessions that are in use: a turn that goes on in any other is a row that came too late.
    private SessionRow? Stored(string id) =>
        places.TryGetValue(id, out var place) && Read(id, place) is { State: not (SessionStates.Running or SessionStates.Waiting) } row
            ? row : FromLog(id);

    private bool TryStored(string id, Dictionary<string, SessionRow> known, [NotNullWhen(true)] out SessionRow? row)
    {
        if (known.TryGetValue(id, out row))
        {
            return true;
        }

        try
        {
            row = Stored(id);
            if (row is not null)
            {
                known[id] = row;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // One log that cannot be read hides no other session.
            row = null;
        }

        return row is not null;
    }

    private void Forgotten(string id)
    {
        if (lately.TryGetTarget(out var known))
        {
            known.Remove(id);
        }
    }

    private void Place(string id, long offset, int size)
    {
        used += size + 1 - (places.TryGetValue(id, out var old) ? old.Length + 1 : 0);
        places[id] = (offset, size);
    }

    private void Load()
    {
        if (isLoaded)
        {
            return;
        }

        isLoaded = true;
        try
        {
            file = PrivateFiles.OpenReadWrite(path);
            var reader = new LineReader((offset, buffer) => RandomAccess.Read(file, buffer, offset), 0);
            while (reader.TryNext(out var line))
            {
                length = reader.NextOffset;
                if (line.StartsWith(RowStart) && line.Length > RowStart.Length + IdLength)
                {
                    Place(Encoding.ASCII.GetString(line.Slice(RowStart.Length, IdLength)), reader.LineOffset, line.Length);
                }
            }

            RandomAccess.SetLength(file, length);
            CompactIfSparse();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without an index every row comes from its log: slower, and as true.
            file?.Dispose();
            file = null;
            places.Clear();
        }
    }

    private void CompactIfSparse()
    {
        if (length < CompactAbove || length < 4 * used)
        {
            return;
        }

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
        var compact = PrivateFiles.OpenReadWrite(path);
        file!.Dispose();
        file = compact;
        length = rows.Length;
        foreach (var (id, offset, size) in moved)
        {
            places[id] = (offset, size);
        }
    }

    private SessionRow? Read(string id, (long Offset, int Length) place)
    {
        var bytes = new byte[place.Length];
        var read = RandomAccess.Read(file!, bytes, place.Offset);
        try
        {
            var row = RowJson.Shape.Read(bytes.AsSpan(0, read));
            return row.Id == id && IsWhole(row) ? row : null;
        }
        catch (JsonException)
        {
            // A torn or foreign row: the log knows better.
            return null;
        }
    }

    // Fields that a foreign hand left out are null, whatever their type says.
    private static bool IsWhole(SessionRow row) => row is
    {
        State: not null, Summary: not null, Kind: not null, Project: not null, Directory: not null, Usage: not null,
    };

    private SessionRow? FromLog(string id)
    {
        var directory = Path.Combine(sessions, id);
        if (id.Length != IdLength || !id.All(char.IsAsciiHexDigitLower) || !File.Exists(Path.Combine(directory, SessionLog.FileName)))
        {
            return null;
        }

        var state = SessionGlance.Read(directory);
        if (state.Created is null)
        {
            return null;
        }

        var row = state.ToRow(slot: null, unread: false);
        if (!IsWhole(row) || row.Id != id)
        {
            return null;
        }

        try
        {
            Put(row);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The answer is right all the same.
        }

        return row;
    }
}
