using Berth.Core.Settings;
using Xunit;

namespace Berth.Tests.Core.Settings;

public sealed class ConfigKeysTests
{
    [Theory]
    [InlineData("model:gpt", "gpt")]
    [InlineData("model: openrouter/gpt-5.5 ", "openrouter/gpt-5.5")]
    [InlineData("model:qwen3:8b", "qwen3:8b")]
    [InlineData("code_model:模型", "模型")]
    [InlineData("enable_subagent_orchestration:true", "true")]
    [InlineData("permission_mode:accept_edits", "accept_edits")]
    [InlineData("permissions.allow:bash(npm test*)", "[\"bash(npm test*)\"]")]
    [InlineData("permissions.deny:[\"read(~/.ssh/**)\", \"bash(rm *)\",]", "[\"read(~/.ssh/**)\", \"bash(rm *)\"]")]
    [InlineData("permissions.ask:[]", "[]")]
    [InlineData("auto_background_after:120s", "120s")]
    [InlineData("auto_background_after:2m", "2m")]
    [InlineData("auto_background_after:1h30m", "1h30m")]
    [InlineData("auto_background_after:90", "90")]
    [InlineData("pass_env:GITHUB_TOKEN, OPENAI_API_KEY", "[\"GITHUB_TOKEN\", \"OPENAI_API_KEY\"]")]
    [InlineData("private_hosts:localhost, *.corp.example,::1", "[\"localhost\", \"*.corp.example\", \"::1\"]")]
    [InlineData("max_turn_steps:50", "50")]
    [InlineData("max_turn_steps:none", "none")]
    [InlineData("max_cost:2.50", "2.50")]
    [InlineData("notify:osc9", "osc9")]
    [InlineData("keys.background:ctrl+x b", "ctrl+x b")]
    [InlineData("keys.background:Shift+Alt+Enter, F5", "alt+shift+enter, f5")]
    [InlineData("keys.interrupt:Esc Esc", "escape escape")]
    [InlineData("keys.undo:ctrl+space", "ctrl+space")]
    [InlineData("keys.undo:None", "none")]
    [InlineData("compact_at:60%", "60%")]
    public void A_right_assignment_is_understood(string text, string value) =>
        Assert.Equal(value, ConfigKeys.ParseAssignment(text).Value.Text);

    [Theory]
    [InlineData("modle:x", "unknown key 'modle'; did you mean 'model'?")]
    [InlineData("modle", "unknown key 'modle'; did you mean 'model'?")]
    [InlineData("zzzz:1", "unknown key 'zzzz'")]
    [InlineData(":x", "unknown key ''")]
    [InlineData("model", "'model' needs a value")]
    [InlineData("model:  ", "'model' needs a value: a model's name")]
    [InlineData("enable_subagent_orchestration:yes", "'enable_subagent_orchestration' cannot be 'yes': it takes true, false")]
    [InlineData("permission_mode:byass", "'permission_mode' cannot be 'byass': it takes plan, ask, accept_edits, bypass; did you mean 'bypass'?")]
    [InlineData("permission_mode:ASK", "'permission_mode' cannot be 'ASK': it takes plan, ask, accept_edits, bypass; did you mean 'ask'?")]
    [InlineData("auto_background_after:0s", "'auto_background_after' cannot be '0s': it takes a time from 1s to 24h, as 120s or 2m")]
    [InlineData("auto_background_after:25h", "'auto_background_after' cannot be '25h': it takes a time from 1s to 24h, as 120s or 2m")]
    [InlineData("auto_background_after:2 parsecs", "'auto_background_after' cannot be '2 parsecs': it takes a time from 1s to 24h, as 120s or 2m")]
    [InlineData("max_turn_steps:0", "'max_turn_steps' cannot be '0': it takes a whole number from 1, or none")]
    [InlineData("max_turn_steps:１０", "'max_turn_steps' cannot be '１０': it takes a whole number from 1, or none")]
    [InlineData("max_turn_steps:99999999999", "'max_turn_steps' cannot be '99999999999': it takes a whole number from 1, or none")]
    [InlineData("max_cost:-1", "'max_cost' cannot be '-1': it takes dollars, as 2.50, or none")]
    [InlineData("max_cost:1e9", "'max_cost' cannot be '1e9': it takes dollars, as 2.50, or none")]
    [InlineData("max_cost:.5", "'max_cost' cannot be '.5': it takes dollars, as 2.50, or none")]
    [InlineData("private_hosts:http://localhost", "'private_hosts' cannot be 'http://localhost': it takes names of hosts, as [\"localhost\"]")]
    [InlineData("private_hosts:localhost:3000", "'private_hosts' cannot be 'localhost:3000': it takes names of hosts, as [\"localhost\"]")]
    [InlineData("pass_env:A-B", "'pass_env' cannot be 'A-B': it takes names of environment variables, as [\"GITHUB_TOKEN\"]")]
    [InlineData("pass_env:A,,B", "'pass_env' cannot be '': it takes names of environment variables, as [\"GITHUB_TOKEN\"]")]
    [InlineData("permissions.deny:[\"a\", 7]", "'permissions.deny' cannot be that value: it takes rules, as [\"bash(npm test*)\"]")]
    [InlineData("permissions.deny:[\"a\"", "'permissions.deny' cannot be that value: it takes rules, as [\"bash(npm test*)\"]")]
    [InlineData("notify:beep", "'notify' cannot be 'beep': it takes bell, osc9, off")]
    [InlineData("keys.Background:x", "unknown key 'keys.Background'")]
    [InlineData("keys.*:x", "unknown key 'keys.*'")]
    [InlineData("keys.backgruond:f5", "unknown key 'keys.backgruond'; did you mean 'keys.background'?")]
    [InlineData("keys.undo:b", "'keys.undo': 'b' types a character: give it ctrl+ or alt+")]
    [InlineData("keys.undo:space", "'keys.undo': 'space' types a character: give it ctrl+ or alt+")]
    [InlineData("keys.undo:strg+b", "'keys.undo': 'strg+b' is no key")]
    [InlineData("keys.undo:ctrl+entre", "'keys.undo': 'ctrl+entre' is no key; did you mean 'enter'?")]
    [InlineData("keys.undo:ctrl+x a b", "'keys.undo': 'ctrl+x a b' has more than 2 keys")]
    [InlineData("compact_at:10%", "'compact_at' cannot be '10%': it takes a share from 20% to 95%, or none")]
    [InlineData("compact_at:0.8", "'compact_at' cannot be '0.8': it takes a share from 20% to 95%, or none")]
    [InlineData("model:a\u001b[31mb", "'model' cannot be 'a?[31mb': it takes a model's name")]
    [InlineData("\u001b[2J:b", "unknown key '?[2J'")]
    public void A_wrong_assignment_gets_one_line_that_says_what_is_wrong(string text, string what)
    {
        var failure = Assert.Throws<SettingsFailure>(() => ConfigKeys.ParseAssignment(text));

        Assert.StartsWith(what, failure.Message);
        Assert.DoesNotContain(failure.Message + failure.Hint, char.IsControl);
    }

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("1.5s", 1_500)]
    [InlineData("2m", 120_000)]
    [InlineData("1h1m1s1ms", 3_661_001)]
    [InlineData("7", 7_000)]
    [InlineData("", null)]
    [InlineData("s", null)]
    [InlineData("1", 1_000)]
    [InlineData("1m30", null)]
    [InlineData("-1s", null)]
    [InlineData("1..5s", null)]
    [InlineData("1d", null)]
    [InlineData("99999999999999999999h", null)]
    public void A_time_is_numbers_with_units(string text, int? milliseconds) =>
        Assert.Equal(milliseconds, ConfigValues.Duration(text)?.TotalMilliseconds);

    [Fact]
    public void Every_row_of_the_table_is_documented_and_its_default_is_one_of_its_values()
    {
        Assert.All(ConfigKeys.All, key =>
        {
            Assert.EndsWith(".", key.About);
            if (key.Default.Length > 0)
            {
                Assert.Equal(key.Default, ConfigValues.Parse(key, key.Default).Text);
            }
        });
    }
}
