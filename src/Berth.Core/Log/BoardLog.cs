using System.Buffers;
using System.Text.Json;
using Berth.Platform;

namespace Berth.Core.Log;

/// <summary>One line of the board log: slots of one project that changed together. A swap is one line.</summary>
/// <param name="Project">Root of the project.</param>
/// <param name="Slots">Slot number → session id; null frees the slot.</param>
internal sealed record SlotChange(string Project, IReadOnlyList<KeyValuePair<int, string?>> Slots);

/// <summary>Which session has which slot: <c>board.jsonl</c>, a journal for all projects.</summary>
internal sealed class BoardLog : IDisposable
{
    /// <summary>The name of the log in the state directory.</summary>
    public const string FileName = "board.jsonl";

    private readonly string path;
    private readonly TimeProvider time;
    private readonly IDisk disk;
    private Journal journal;

    private BoardLog(string path, Journal journal, TimeProvider time, IDisk disk)
    {
        this.path = path;
        this.disk = disk;
        this.journal = journal;
        this.time = time;
    }

    /// <summary>What was found damaged when the log was opened.</summary>
    public IReadOnlyList<LogDamage> Damage => journal.Damage;

    /// <summary>Opens or creates the log in the state directory and hands every change to <paramref name="fold"/>.</summary>
    /// <exception cref="IOException">The log cannot be opened.</exception>
    public static BoardLog Open(string stateDirectory, TimeProvider time, Action<SlotChange> fold, IDisk? disk = null)
    {
        PrivateFiles.CreateDirectory(stateDirectory);
        var file = Path.Combine(stateDirectory, FileName);
        disk ??= LocalDisk.Shared;
        var isNew = !File.Exists(file);
        var opened = Journal.Open(file, time, disk, (_, line) => Take(line, fold));
        if (isNew)
        {
            PrivateFiles.SyncDirectory(stateDirectory);
        }

        return new BoardLog(file, opened, time, disk);
    }

    /// <summary>Writes the log anew without what is damaged; the original is kept beside. No change may be under way.</summary>
    /// <returns>What was done, one line each.</returns>
    /// <exception cref="IOException">It could not be mended; it is as it was.</exception>
    public IReadOnlyList<string> Repair()
    {
        var done = LogCheck.RepairFile(path, time);
        if (done.Count > 0)
        {
            journal.Dispose();
            journal = Journal.Open(path, time, disk, (_, _) => { });
        }

        return done;
    }

    /// <summary>Stores a change; it is on the disk when this returns.</summary>
    /// <exception cref="IOException">Nothing was stored.</exception>
    public async ValueTask AppendAsync(SlotChange change)
    {
        var after = journal.LastSeq;
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteNumber("seq"u8, after + 1);
            writer.WriteString("at"u8, time.GetUtcNow().UtcDateTime);
            writer.WriteString("project"u8, change.Project);
            writer.WriteStartObject("slots"u8);
            foreach (var (slot, session) in change.Slots)
            {
                writer.WriteString(slot.ToString(), session);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        var line = new ArrayBufferWriter<byte>();
        LogLine.Seal(line, json.WrittenSpan);
        if (!await journal.AppendAsync(after, line.WrittenMemory, 1, durable: true).ConfigureAwait(false))
        {
            throw new IOException("Another writer changed the board.");
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => journal.Dispose();

    private static void Take(ReadOnlySpan<byte> line, Action<SlotChange> fold)
    {
        try
        {
            fold(Read(line));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            // A whole line of another kind: a newer version's. It says nothing about slots to this one.
        }
    }

    private static SlotChange Read(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        using var document = JsonDocument.ParseValue(ref reader);
        var slots = new List<KeyValuePair<int, string?>>();
        foreach (var property in document.RootElement.GetProperty("slots"u8).EnumerateObject())
        {
            slots.Add(new(int.Parse(property.Name), property.Value.GetString()));
        }

        var project = document.RootElement.GetProperty("project"u8).GetString();
        return new SlotChange(project ?? throw new FormatException("A change of slots without a project."), slots);
    }
}
