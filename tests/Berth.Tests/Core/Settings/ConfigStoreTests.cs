using Berth.Core.Settings;
using Berth.Platform;
using Xunit;
using static Berth.Tests.Core.Settings.SettingsPlace;

namespace Berth.Tests.Core.Settings;

public sealed class ConfigStoreTests : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly SettingsPlace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public void Two_actions_on_one_key_are_told_and_the_first_has_it()
    {
        Write(place.Global, """{"keys": {"yank": "ctrl+g", "undo": "f5, ctrl+g"}}""");

        var warning = Assert.Single(place.Now.Warnings);
        Assert.Equal($"{place.Global}: ctrl+g is bound to keys.undo and keys.yank; keys.undo has it", warning.ToString());
    }

    [Fact]
    public void Without_files_every_key_has_its_default()
    {
        var config = place.Now;

        Assert.Equal(
            [
                "model=", "code_model=", "enable_subagent_orchestration=false", "permission_mode=ask",
                "permissions.allow=[]", "permissions.ask=[]", "permissions.deny=[]", "auto_background_after=120s",
                "compact_at=85%", "pass_env=[]", "private_hosts=[]", "max_turn_steps=none", "max_turn_tokens=none", "max_turn_cost=none", "max_steps=none",
                "max_tokens=none", "max_cost=none", "notify=bell",
            ],
            config.Rows.Select(row => $"{row.Key}={row.Value}"));
        Assert.All(config.Rows, row => Assert.Equal((ConfigOrigin.Default, null), (row.Origin, row.File)));
        Assert.Equal(
            (null, false, PermissionMode.Ask, TimeSpan.FromSeconds(120), null, null, NotifyMode.Bell, false),
            (config.Model, config.EnableSubagentOrchestration, config.PermissionMode, config.AutoBackgroundAfter,
                config.Budgets.TurnSteps, config.Budgets.Cost, config.Notify, config.RulesLost));
        Assert.Empty(config.Warnings);
    }

    [Fact]
    public async Task The_users_settings_for_a_project_count_before_the_projects_own_and_these_before_the_global_ones()
    {
        Write(place.Global, """{"model": "global", "code_model": "global", "notify": "off", "max_cost": 3, "keys": {"undo": "ctrl+g", "yank": "ctrl+o"}}""");
        Write(place.Own, """{"model": "project", "code_model": "project", "max_turn_steps": "40", "keys": {"undo": "Alt+P"}}""");
        Write(place.User, """{"model": "user", "auto_background_after": 30, "enable_subagent_orchestration": true}""");
        await place.Trust.TrustAsync(place.Project.Root, Never);

        var config = place.Now;

        Assert.Equal(
            [
                "model=user User", "code_model=project Project", "enable_subagent_orchestration=true User",
                "permission_mode=ask Default", "permissions.allow=[] Default", "permissions.ask=[] Default",
                "permissions.deny=[] Default", "auto_background_after=30 User", "compact_at=85% Default", "pass_env=[] Default", "private_hosts=[] Default",
                "max_turn_steps=40 Project", "max_turn_tokens=none Default", "max_turn_cost=none Default", "max_steps=none Default",
                "max_tokens=none Default", "max_cost=3 Global", "notify=off Global", "keys.undo=alt+p Project",
                "keys.yank=ctrl+o Global",
            ],
            config.Rows.Select(row => $"{row.Key}={row.Value} {row.Origin}"));
        Assert.Equal(
            ("user", "project", true, TimeSpan.FromSeconds(30), 40, 3m, NotifyMode.Off),
            (config.Model, config.CodeModel, config.EnableSubagentOrchestration, config.AutoBackgroundAfter,
                config.Budgets.TurnSteps, config.Budgets.Cost, config.Notify));
        Assert.Equal(place.Own, config.Rows.Single(row => row.Key == "code_model").File);
        Assert.Equal(new Dictionary<string, string> { ["undo"] = "alt+p", ["yank"] = "ctrl+o" }, config.Keys);
    }

    [Fact]
    public async Task A_projects_own_file_is_not_used_before_the_project_is_trusted()
    {
        Write(place.Own, """{"permission_mode": "bypass", "permissions": {"allow": ["bash"]}, "modle": "typo"}""");

        Assert.Equal((PermissionMode.Ask, $"{place.Own} is not used before this project is trusted: /trust", 0), (place.Now.PermissionMode, place.Now.Untrusted, place.Now.Warnings.Count));
        Assert.Empty(place.Now.Allow);

        await place.Trust.TrustAsync(Path.Combine(place.Project.Root, ".git"), Never);

        Assert.Equal((PermissionMode.Bypass, null, 1), (place.Now.PermissionMode, place.Now.Untrusted, place.Now.Warnings.Count));
        Assert.Equal([new ConfigRule("bash", ConfigOrigin.Project, place.Own)], place.Now.Allow);
    }

    [Fact]
    public async Task Rules_of_all_files_hold_together()
    {
        Write(place.Global, """{"permissions": {"deny": ["bash(rm *)"], "allow": ["read"]}}""");
        Write(place.Own, """{"permissions": {"deny": ["edit(vendor/**)"]}}""");
        Write(place.User, """{"permissions": {"deny": ["web_fetch"], "ask": ["bash(git push*)"]}}""");
        await place.Trust.TrustAsync(place.Project.Root, Never);

        Assert.Equal(
            ["web_fetch User", "edit(vendor/**) Project", "bash(rm *) Global"],
            place.Now.Deny.Select(rule => $"{rule.Text} {rule.Origin}"));
        Assert.Equal(
            [ConfigOrigin.User, ConfigOrigin.Project, ConfigOrigin.Global],
            place.Now.Rows.Where(row => row.Key == "permissions.deny").Select(row => row.Origin));
        Assert.Equal(["read"], place.Now.Allow.Select(rule => rule.Text));
        Assert.Equal(["bash(git push*)"], place.Now.Ask.Select(rule => rule.Text));
    }

    [Fact]
    public void A_file_edited_by_hand_counts_at_the_next_look_and_an_unchanged_one_is_not_read_again()
    {
        Write(place.Global, """{"model": "one"}""");
        var first = place.Now;
        Assert.Same(first, place.Now);

        Write(place.Global, """{"model": "two"}""");
        Assert.Equal("two", place.Now.Model);

        File.Delete(place.Global);
        Assert.Null(place.Now.Model);
    }

    [Fact]
    public void A_file_that_changed_just_now_is_read_again_because_a_second_change_may_look_the_same()
    {
        Write(place.Global, """{"model": "one"}""");
        var changed = FileFacts.Of(place.Global)!.Value.Changed;

        var soon = new ConfigStore(place.Paths, place.Trust, new Stopped(changed + TimeSpan.FromMilliseconds(50)));
        var later = new ConfigStore(place.Paths, place.Trust, new Stopped(changed + TimeSpan.FromMilliseconds(150)));

        Assert.NotSame(soon.Get(place.Project), soon.Get(place.Project));
        Assert.Same(later.Get(place.Project), later.Get(place.Project));
    }

    [Fact]
    public void A_file_that_gets_broken_keeps_in_force_what_it_said_and_the_warning_names_the_place()
    {
        Write(place.Global, """{"permission_mode": "bypass", "permissions": {"deny": ["bash(rm *)"]}, "oops": 1}""");
        Assert.Single(place.Now.Warnings);

        Write(place.Global, "{\n  \"permission_mode\": \"bypass\",\n  \"permissions\": \"deny\": []\n}");

        var config = place.Now;
        Assert.Equal((PermissionMode.Bypass, false), (config.PermissionMode, config.RulesLost));
        Assert.Equal(["bash(rm *)"], config.Deny.Select(rule => rule.Text));
        var warning = Assert.Single(config.Warnings);
        Assert.Equal((place.Global, 3, 24), (warning.File, warning.Line, warning.Column));
        Assert.StartsWith($"{place.Global}:3:24: ", warning.ToString());
        Assert.EndsWith("(what it said before stays in force)", warning.What);

        Write(place.Global, "{}");
        Assert.Equal((PermissionMode.Ask, 0, 0), (place.Now.PermissionMode, place.Now.Deny.Count, place.Now.Warnings.Count));
    }

    [Fact]
    public void A_file_that_is_broken_at_the_start_denies_rather_than_forgets()
    {
        Write(place.User, """{"permission_mode": "bypass"}""");
        Write(place.Global, """{"permissions": {"deny": ["read(secret)"]""");

        var config = place.Restarted().Get(place.Project);

        Assert.Equal((PermissionMode.Ask, true), (config.PermissionMode, config.RulesLost));
        Assert.Equal("ask", config.Rows.Single(row => row.Key == "permission_mode").Value);
        Assert.EndsWith("(nothing of it is in force)", Assert.Single(config.Warnings).What);
    }

    [Fact]
    public void A_broken_start_does_not_loosen_plan()
    {
        Write(place.User, """{"permission_mode": "plan"}""");
        Write(place.Global, "{");

        Assert.Equal(PermissionMode.Plan, place.Now.PermissionMode);
    }

    [Theory]
    [InlineData("""{"permissions": {"deny": ["ok", 7]}}""", 1, 33, "'permissions.deny' cannot be that value")]
    [InlineData("""{"permissions": {"ask": "x\u0007"}}""", 1, 25, "'permissions.ask' cannot be 'x?'")]
    [InlineData("""{"permissions": ["deny"]}""", 1, 17, "'permissions' must be an object {…}")]
    [InlineData("""{"permissions": {"denny": ["x"]}}""", 1, 18, "unknown key 'permissions.denny'; did you mean 'permissions.deny'?")]
    [InlineData("""{"permissions": {"forbidden": ["x"]}}""", 1, 18, "unknown key 'permissions.forbidden'")]
    [InlineData("""{"permisions": {"deny": ["x"]}}""", 1, 2, "unknown key 'permisions'")]
    [InlineData("""{"permission_mode": "pln"}""", 1, 21, "'permission_mode' cannot be 'pln'")]
    [InlineData("""{"permission-mode": "plan"}""", 1, 2, "unknown key 'permission-mode'; did you mean 'permission_mode'?")]
    public void A_restriction_that_cannot_be_understood_keeps_the_mode_at_ask(string text, int line, int column, string what)
    {
        Write(place.Global, text);
        Write(place.User, """{"permission_mode": "bypass"}""");

        var config = place.Now;

        Assert.Equal((PermissionMode.Ask, true), (config.PermissionMode, config.RulesLost));
        var warning = Assert.Single(config.Warnings);
        Assert.Equal((line, column), (warning.Line, warning.Column));
        Assert.StartsWith(what, warning.What);
    }

    [Fact]
    public void Of_a_file_with_mistakes_the_rest_holds()
    {
        Write(place.Global, """
            {
              // a comment
              "$schema": "x", "project": "/for people",
              "modle": "typo",
              "notify": "loud",
              "max_turn_steps": 1.5,
              "max_cost": null,
              "permissions": {"allow": [true, "read"]},
              "permissions.deny": ["bash(rm *)"],
              "model": "good",
            }
            """);

        var config = place.Now;

        Assert.Equal(("good", NotifyMode.Bell, null, null), (config.Model, config.Notify, config.Budgets.TurnSteps, config.Budgets.Cost));
        Assert.Equal(("read", "bash(rm *)"), (config.Allow.Single().Text, config.Deny.Single().Text));
        Assert.Equal(
            [
                "4:3: unknown key 'modle'; did you mean 'model'?",
                "5:13: 'notify' cannot be 'loud': it takes bell, osc9, off",
                "6:21: 'max_turn_steps' cannot be '1.5': it takes a whole number from 1, or none",
                "8:29: 'permissions.allow' cannot be that value: it takes rules, as [\"bash(npm test*)\"]",
            ],
            config.Warnings.Select(warning => $"{warning.Line}:{warning.Column}: {warning.What}"));
        Assert.False(config.RulesLost);
    }

    [Fact]
    public void A_hostile_thing_in_a_files_place_is_named_and_restricts()
    {
        var hostile = new Dictionary<string, Action<string>>
        {
            ["is a directory"] = path => Directory.CreateDirectory(path),
            ["is no regular file"] = MakePipe,
            ["is larger than 1000000 bytes"] = path => Write(path, new byte[1_000_001]),
            ["cannot be opened: No such file or directory"] = path => Link(path, "/nowhere/at/all"),
            ["cannot be opened: Too many levels of symbolic links"] = path => Link(path, path),
            ["not UTF-8"] = path => Write(path, [.. "{\"model\": \""u8, 0xFF, .. "\"}"u8]),
            ["not an object"] = path => Write(path, "[]"),
            ["'0x00' is an invalid start"] = path => Write(path, new byte[4096]),
            ["is no regular file "] = path => Link(path, "/dev/zero"),
        };
        foreach (var (what, make) in hostile)
        {
            using var other = new SettingsPlace();
            make(other.Global);

            var config = other.Now;

            Assert.StartsWith(what, Assert.Single(config.Warnings).What);
            Assert.True(config.RulesLost);
        }

        static void Link(string path, string target)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.CreateSymbolicLink(path, target);
        }
    }

    private sealed class Stopped(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
