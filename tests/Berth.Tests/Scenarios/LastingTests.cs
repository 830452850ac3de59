using System.Text.Json;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>What a person does from the shell with sessions that are stored.</summary>
public sealed class LastingTests : IDisposable
{
    private readonly BerthHome home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public void A_session_is_copied_searched_exported_deleted_and_restored()
    {
        home.Berth("run", "tell me about quokkas");
        var original = Rows().Single().GetProperty("id").GetString()!;

        var fork = home.Berth("fork", "/name", "Alternative “路” approach", "--json");
        var copy = JsonDocument.Parse(fork.Out).RootElement.GetProperty("session").GetString()!;
        Assert.Equal(original, Rows().Single(r => r.GetProperty("id").GetString() == copy).GetProperty("parent").GetString());
        Assert.Equal(1, home.Berth("fork", "--session", original, "/name", "Alternative “路” approach").Code);
        Assert.Equal(1, home.Berth("fork", "--session", original, "/at", "7").Code);
        Assert.Equal(2, home.Berth("fork", "/at", "soon").Code);

        var hits = JsonDocument.Parse(home.Berth("sessions", "search", "QUOKKAS", "--json").Out).RootElement;
        Assert.Equal(2, hits.EnumerateArray().Count(h => h.GetProperty("where").GetString() == "message"));

        Assert.Equal(0, home.Berth("sessions", "export", "--session", copy).Code);
        Assert.Contains("> tell me about quokkas", File.ReadAllText(Path.Combine(home.Project, "Alternative-路-approach.md")));
        var again = home.Berth("sessions", "export", "--session", copy);
        Assert.Equal(1, again.Code);
        Assert.Contains("not overwritten", again.Error);
        Assert.Equal(0, home.Berth("sessions", "export", "all.json", "--session", copy).Code);
        var events = JsonDocument.Parse(File.ReadAllText(Path.Combine(home.Project, "all.json"))).RootElement;
        Assert.Contains(events.EnumerateArray(), e => e.GetProperty("type").GetString() == "session_forked");

        Assert.Equal(0, home.Berth("sessions", "delete", original).Code);
        Assert.Equal(copy, Rows().Single().GetProperty("id").GetString());
        Assert.Contains(original, home.Berth("sessions", "restore").Out);
        Assert.Equal(0, home.Berth("sessions", "restore", original[..5]).Code);
        Assert.Equal(2, Rows().Count);
        Assert.Equal(1, home.Berth("sessions", "restore", original).Code);
    }

    [Fact]
    public void A_taken_name_is_said()
    {
        home.Berth("run", "one", "--name", "日本語 \"q\"");
        home.Berth("run", "two");

        var ran = home.Berth("sessions", "rename", "日本語 \"q\"");

        Assert.Equal(1, ran.Code);
        Assert.Contains("taken", ran.Error);
        Assert.Equal(0, home.Berth("sessions", "rename", "日本語 \"r\" 🚢").Code);
        Assert.Contains("日本語 \"r\" 🚢", Rows().Select(r => r.GetProperty("name").GetString()));
    }

    [Fact]
    public void What_is_damaged_is_named_on_standard_output_and_mended()
    {
        home.Berth("run", "hello");
        Assert.Equal(0, home.Berth("sessions", "verify").Code);
        var log = Directory.GetFiles(Path.Combine(home.Home, "state", "sessions"), "log.jsonl", SearchOption.AllDirectories).Single();
        var bytes = File.ReadAllBytes(log);
        bytes[bytes.AsSpan().IndexOf("hello"u8)] ^= 1;
        File.WriteAllBytes(log, bytes);

        var verified = home.Berth("sessions", "verify");
        Assert.Equal((1, ""), (verified.Code, verified.Error));
        Assert.Contains("log.jsonl: ", verified.Out);
        var problems = JsonDocument.Parse(home.Berth("sessions", "verify", "--json").Out).RootElement.GetProperty("problems");
        Assert.Equal(1, problems.GetArrayLength());

        var repaired = home.Berth("sessions", "repair", "--all");
        Assert.Equal(0, repaired.Code);
        Assert.Contains("the original is kept in", repaired.Out);
        Assert.Equal(0, home.Berth("sessions", "verify").Code);
    }

    [Fact]
    public void A_model_that_is_removed_while_a_session_uses_it_is_said_at_its_next_turn_and_another_one_goes_on()
    {
        Assert.Equal(0, home.Berth("models", "add", "mine", "provider:demo").Code);
        home.Berth("run", "hello", "--model", "mine");
        var session = Rows().Single().GetProperty("id").GetString()!;
        Assert.Equal(0, home.Berth("models", "remove", "mine").Code);

        var failed = home.Berth("run", "and now", "--resume", session);

        Assert.Equal(1, failed.Code);
        Assert.Contains("The model 'mine' of this session is not configured any more.", failed.Error);
        Assert.Contains("Choose another one: /model NAME", failed.Error);
        Assert.Equal("error", Rows().Single().GetProperty("state").GetString());
        Assert.Equal(0, home.Berth("model", "demo", "--session", session).Code);
        Assert.Equal(0, home.Berth("run", "and now", "--resume", session).Code);
    }

    [Fact]
    public void A_settings_file_edited_by_hand_counts_at_once_and_a_broken_one_keeps_the_last_good_settings()
    {
        home.Berth("conf", "/global", "notify:off");
        var file = Path.Combine(home.Home, "config", "config.json");

        File.WriteAllText(file, "{\n  \"notify\": \"osc9\"\n}");
        Assert.Equal("osc9", Setting("notify"));
        File.WriteAllText(file, "{\n  \"notify\": \"bell\",,\n}");
        Assert.Equal("osc9", Setting("notify"));
        Assert.Contains($"{file}:2:20: ", home.Berth("conf").Out.ReplaceLineEndings(""));
        File.WriteAllText(file, "{}");
        Assert.Equal("bell", Setting("notify"));
        Assert.DoesNotContain(file, home.Berth("conf").Out);
    }

    [Fact]
    public void Ambiguous_words_list_the_candidates_and_nothing_happens()
    {
        home.Berth("run", "one", "--name", "twin");
        Directory.CreateDirectory(Path.Combine(home.Project, "other", ".git"));
        home.Start(["run", "two", "--name", "twin"], directory: Path.Combine(home.Project, "other")).End();

        Directory.CreateDirectory(Path.Combine(home.Project, "third", ".git"));
        var ran = home.Start(["sessions", "delete", "twin"], directory: Path.Combine(home.Project, "third")).End();

        Assert.Equal(1, ran.Code);
        Assert.Matches("'twin' could be [0-9a-f]{8} twin, [0-9a-f]{8} twin. Give more of the id.", ran.Error.ReplaceLineEndings(" "));
        Assert.Equal(0, home.Berth("sessions", "delete", "twin").Code);
    }

    private string? Setting(string key) => JsonDocument.Parse(home.Berth("conf", "--json").Out).RootElement.EnumerateArray()
        .Single(row => row.GetProperty("key").GetString() == key).GetProperty("value").GetString();

    private List<JsonElement> Rows() => [.. JsonDocument.Parse(home.Berth("sessions", "list", "--json").Out).RootElement.EnumerateArray()];
}
