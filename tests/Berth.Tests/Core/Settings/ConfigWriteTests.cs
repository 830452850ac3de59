using Berth.Core.Settings;
using Xunit;
using static Berth.Tests.Core.Settings.SettingsPlace;

namespace Berth.Tests.Core.Settings;

public sealed class ConfigWriteTests : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly SettingsPlace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public async Task A_key_is_set_for_the_project_alone_or_for_all()
    {
        Directory.CreateDirectory(place.At("other", ".git"));
        var other = Project.Of(place.At("other"));

        await place.Config.SetAsync(place.Project, "model", "mine", Never);
        await place.Config.SetAsync(project: null, "model", "all", Never);
        await place.Config.SetAsync(project: null, "max_cost", "007.50", Never);
        await place.Config.SetAsync(place.Project, "max_turn_steps", "0010", Never);
        await place.Config.SetAsync(place.Project, "keys.background", "ctrl+x \"", Never);
        await place.Config.SetAsync(place.Project, "permissions.deny", "bash(rm *)", Never);

        Assert.Equal(("mine", 7.5m, 10), (place.Now.Model, place.Now.Budgets.Cost, place.Now.Budgets.TurnSteps));
        Assert.Equal("ctrl+x \"", place.Now.Keys["background"]);
        Assert.Equal("all", place.Config.Get(other).Model);
        Assert.Equal(
            $$"""
            {
              "project": "{{place.Project.Root}}",
              "model": "mine",
              "max_turn_steps": 10,
              "keys": {
                "background": "ctrl+x \""
              },
              "permissions": {
                "deny": ["bash(rm *)"]
              }
            }

            """,
            File.ReadAllText(place.User));
        Assert.False(Directory.Exists(place.Project.OwnDirectory));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(place.User));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(place.User)!));
    }

    [Fact]
    public async Task What_a_person_wrote_into_a_file_stays_when_a_key_is_set_or_dropped()
    {
        Write(place.Global, "// mine\n{\n  \"future_key\": {\"x\": 1},\n  \"model\": \"old\", // the good one\n}\n");

        await place.Config.SetAsync(project: null, "model", "new", Never);
        await place.Config.AddAsync(project: null, "permissions.allow", "read", Never);
        Assert.True(await place.Config.DropAsync(project: null, "model", Never));
        Assert.False(await place.Config.DropAsync(project: null, "model", Never));

        Assert.Equal(
            "// mine\n{\n  \"future_key\": {\"x\": 1},\n  // the good one\n  \"permissions\": {\n    \"allow\": [\"read\"]\n  }\n}\n",
            File.ReadAllText(place.Global));
    }

    [Fact]
    public async Task Rules_are_added_and_removed_one_by_one_and_strangers_among_them_stay()
    {
        Write(place.Global, """{"permissions.deny": ["a", 7, "b"]}""");

        Assert.True(await place.Config.AddAsync(project: null, "permissions.deny", " c ", Never));
        Assert.False(await place.Config.AddAsync(project: null, "permissions.deny", "a", Never));
        Assert.True(await place.Config.RemoveAsync(project: null, "permissions.deny", "b", Never));
        Assert.False(await place.Config.RemoveAsync(project: null, "permissions.deny", "nothing", Never));

        Assert.Equal("""{"permissions.deny": ["a", 7, "c"]}""", File.ReadAllText(place.Global));
        await Assert.ThrowsAsync<SettingsFailure>(() => place.Config.AddAsync(null, "model", "x", Never));
        await Assert.ThrowsAsync<SettingsFailure>(() => place.Config.RemoveAsync(null, "model", "x", Never));
    }

    [Fact]
    public async Task A_broken_file_is_never_written_over()
    {
        const string Broken = "{\n  \"model\": \"precious\"\n  \"notify\": \"off\"\n}";
        Write(place.Global, Broken);

        var failure = await Assert.ThrowsAsync<SettingsFailure>(
            () => place.Config.SetAsync(project: null, "model", "x", Never));

        Assert.StartsWith($"{place.Global}:3:3: ", failure.Message);
        Assert.EndsWith("; nothing was written", failure.Message);
        Assert.Equal(Broken, File.ReadAllText(place.Global));
    }

    [Fact]
    public async Task Many_writers_at_once_lose_nothing()
    {
        using var start = new Barrier(8);
        var writers = Enumerable.Range(0, 8).Select(writer => Task.Factory.StartNew(
            () =>
            {
                var store = place.Restarted();
                start.SignalAndWait();
                for (var step = 0; step < 10; step++)
                {
                    store.AddAsync(project: null, "permissions.allow", $"bash(w{writer} s{step})", Never).GetAwaiter().GetResult();
                }
            },
            TaskCreationOptions.LongRunning));

        await Task.WhenAll(writers);

        Assert.Equal(80, place.Now.Allow.Select(rule => rule.Text).Distinct().Count());
        Assert.Empty(place.Now.Warnings);
    }

    [Fact]
    public async Task A_file_that_an_editor_changes_in_between_is_not_overwritten()
    {
        Write(place.Global, """{"model": "old"}""");
        var writer = new SettingsWriter(place.Paths.Config, Time);
        var calls = 0;

        await writer.ChangeAsync(
            place.Global,
            text =>
            {
                if (++calls == 1)
                {
                    Write(place.Global, """{"model": "old", "notify": "off"}""");
                }

                return JsonEdit.Set(text, ["model"], "\"new\"");
            },
            Never);

        Assert.Equal(("""{"model": "new", "notify": "off"}""", 2), (File.ReadAllText(place.Global), calls));
    }

    [Fact]
    public async Task A_linked_file_stays_a_link_and_its_target_is_changed()
    {
        var target = Write(place.At("dotfiles", "berth.json"), """{"model": "old"}""");
        Directory.CreateDirectory(place.Paths.Config);
        File.CreateSymbolicLink(place.Global, target);

        await place.Config.SetAsync(project: null, "model", "new", Never);

        Assert.Equal(("""{"model": "new"}""", target), (File.ReadAllText(target), new FileInfo(place.Global).LinkTarget));
    }

    [Fact]
    public async Task Wrong_keys_and_values_write_nothing()
    {
        await Assert.ThrowsAsync<SettingsFailure>(() => place.Config.SetAsync(null, "modle", "x", Never));
        await Assert.ThrowsAsync<SettingsFailure>(() => place.Config.SetAsync(null, "notify", "loud", Never));
        await Assert.ThrowsAsync<SettingsFailure>(() => place.Config.DropAsync(null, "modle", Never));

        Assert.False(File.Exists(place.Global));
    }

    [Theory]
    [InlineData("""{"permissions.allow": ["a"], "permissions": {"allow": ["b"]}}""")]
    [InlineData("""{"permissions": {"allow": ["b"]}, "permissions.allow": ["a"]}""")]
    public async Task Where_a_key_stands_twice_the_one_in_force_is_changed(string text)
    {
        Write(place.Global, text);

        await place.Config.AddAsync(project: null, "permissions.allow", "added", Never);
        Assert.Contains("added", place.Now.Allow.Select(rule => rule.Text));

        await place.Config.SetAsync(project: null, "permissions.allow", "set", Never);
        Assert.Equal(["set"], place.Now.Allow.Select(rule => rule.Text));

        await place.Config.DropAsync(project: null, "permissions.allow", Never);
        Assert.Empty(place.Now.Allow);
    }
}
