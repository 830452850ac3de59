using System.Text;
using Berth.Core.Log;
using Berth.Protocol.Events;
using Berth.Tests.Processes;
using Xunit;

namespace Berth.Tests.Core.Log;

/// <summary>What is in a log after everything that can happen to a file.</summary>
public sealed class SessionLogTests : IDisposable
{
    private readonly Scratch scratch = new();

    private string Directory => scratch.Path("12d1bd74");

    private string LogFile => Path.Combine(Directory, SessionLog.FileName);

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task What_was_appended_comes_back_whole_and_in_order()
    {
        await WriteAsync("one", "two", "drei — 三 🚢");

        Assert.Equal(["one", "two", "drei — 三 🚢"], Texts(Reopen(out var damage)));
        Assert.Empty(damage);
    }

    [Fact]
    public async Task An_append_after_another_sequence_number_than_the_last_is_lost_and_says_so()
    {
        await WriteAsync("one");
        using var log = Open();

        Assert.Null(await log.AppendAsync(0, [new UserMessage("late")], durable: true));
        Assert.Null(await log.AppendAsync(2, [new UserMessage("early")], durable: true));
        Assert.NotNull(await log.AppendAsync(1, [new UserMessage("right")], durable: true));
        Assert.Equal(2, log.LastSeq);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(90)]
    public async Task A_torn_last_line_is_cut_off_kept_beside_and_reported(int missingBytes)
    {
        await WriteAsync("one", "two", new string('x', 100));
        var whole = await File.ReadAllBytesAsync(LogFile);
        await File.WriteAllBytesAsync(LogFile, whole[..^missingBytes]);

        Assert.Equal(["one", "two"], Texts(Reopen(out var damage)));

        var kept = Assert.Single(damage);
        var lastLine = whole.AsSpan(..^1).LastIndexOf((byte)'\n') + 1;
        Assert.Equal(whole[lastLine..^missingBytes], await File.ReadAllBytesAsync(kept.KeptIn));
        await WriteAsync("after");
        Assert.Equal(["one", "two", "after"], Texts(Reopen(out damage)));
        Assert.Empty(damage);
    }

    [Fact]
    public async Task A_page_of_zeros_at_the_end_is_no_event()
    {
        await WriteAsync("one", "two");
        await File.AppendAllTextAsync(LogFile, new string('\0', 4096));

        Assert.Equal(["one", "two"], Texts(Reopen(out var damage)));
        Assert.Equal(4096, new FileInfo(Assert.Single(damage).KeptIn).Length);
    }

    [Fact]
    public async Task A_flipped_bit_in_the_middle_costs_that_event_only_and_nothing_is_rewritten()
    {
        await WriteAsync("one", "two", "three");
        var bytes = await File.ReadAllBytesAsync(LogFile);
        bytes[bytes.AsSpan().IndexOf("two"u8)] ^= 1;
        await File.WriteAllBytesAsync(LogFile, bytes);

        Assert.Equal(["one", "three"], Texts(Reopen(out var damage)));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(LogFile));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Assert.Single(damage).KeptIn));
    }

    [Fact]
    public async Task A_line_from_another_log_is_damage_not_an_event()
    {
        await WriteAsync("one", "two");
        var lines = await File.ReadAllLinesAsync(LogFile);
        await File.WriteAllTextAsync(LogFile, $"{lines[0]}\n{lines[1]}\n{lines[0]}\n");

        Assert.Equal(["one", "two"], Texts(Reopen(out var damage)));
        Assert.Single(damage);
    }

    [Fact]
    public async Task A_kind_of_a_newer_version_is_kept_and_skipped()
    {
        await WriteAsync("one");
        var line = new System.Buffers.ArrayBufferWriter<byte>();
        LogLine.Seal(line, """{"seq":2,"at":"2030-01-01T00:00:00Z","type":"dream_dreamt","of":"sheep"}"""u8);
        await File.AppendAllTextAsync(LogFile, Encoding.UTF8.GetString(line.WrittenSpan));

        var events = Reopen(out var damage);

        Assert.Equal("dream_dreamt", Assert.IsType<UnknownEvent>(events[^1].Event).Type);
        Assert.Empty(damage);
        await WriteAsync("three");
        Assert.Equal([1L, 2L, 3L], Reopen(out _).Select(e => e.Seq));
    }

    [Fact]
    public void An_empty_file_is_an_empty_log()
    {
        System.IO.Directory.CreateDirectory(Directory);
        File.WriteAllBytes(LogFile, []);

        Assert.Empty(Reopen(out var damage));
        Assert.Empty(damage);
    }

    [Fact]
    public void A_directory_in_the_logs_place_is_an_error_and_stays()
    {
        System.IO.Directory.CreateDirectory(LogFile);

        Assert.ThrowsAny<IOException>(() => Open());
        Assert.True(System.IO.Directory.Exists(LogFile));
    }

    [Fact]
    public async Task A_reader_gets_what_is_published_from_any_place_on_and_no_more()
    {
        using var log = Open();
        for (var i = 1; i <= 1000; i++)
        {
            await log.AppendAsync(i - 1, [new UserMessage($"m{i}")], durable: false);
        }

        var cursor = log.ReadAfter(700);
        Assert.Equal(Enumerable.Range(701, 300).Select(i => $"m{i}"), Texts(Rest(cursor)));
        Assert.False(cursor.TryNext(out _));
        await log.AppendAsync(1000, [new UserMessage("m1001")], durable: true);
        Assert.Equal(["m1001"], Texts(Rest(cursor)));
    }

    [Fact]
    public async Task Files_are_private_whatever_the_umask()
    {
        await WriteAsync("one");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(LogFile));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Directory));
    }

    private SessionLog Open() => SessionLog.Open(Directory, TimeProvider.System, _ => { });

    private async Task WriteAsync(params string[] messages)
    {
        using var log = Open();
        foreach (var message in messages)
        {
            Assert.NotNull(await log.AppendAsync(log.LastSeq, [new UserMessage(message)], durable: true));
        }
    }

    private List<StoredEvent> Reopen(out IReadOnlyList<LogDamage> damage)
    {
        var events = new List<StoredEvent>();
        using var log = SessionLog.Open(Directory, TimeProvider.System, events.Add);
        damage = log.Damage;
        return events;
    }

    private static List<StoredEvent> Rest(LogCursor cursor)
    {
        var events = new List<StoredEvent>();
        while (cursor.TryNext(out var line))
        {
            events.Add(EventJson.Read(line));
        }

        return events;
    }

    private static IEnumerable<string> Texts(IEnumerable<StoredEvent> events) =>
        events.Select(e => e.Event).OfType<UserMessage>().Select(m => m.Text);
}
