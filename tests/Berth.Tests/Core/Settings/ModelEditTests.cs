using Berth.Core.Settings;
using Xunit;
using static Berth.Tests.Core.Settings.SettingsPlace;

namespace Berth.Tests.Core.Settings;

public sealed class ModelEditTests : IDisposable
{
    private const string Secret = "sk-verysecret-0123456789";
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly Dictionary<string, string> Nothing = [];
    private readonly SettingsPlace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public async Task An_added_model_stands_in_the_file_and_its_key_apart()
    {
        var warnings = await Add($"gpt provider:openai model:gpt-5.5 base_url:https://host.example/v1 key:{Secret}");

        Assert.Empty(warnings);
        Assert.Equal(
            """
            {
              "models": {
                "gpt": {
                  "provider": "openai",
                  "model": "gpt-5.5",
                  "base_url": "https://host.example/v1",
                  "key": "stored"
                }
              }
            }

            """,
            File.ReadAllText(place.ModelsFile));
        Assert.Equal(Secret, place.Models.ResolveKey(place.Models.Find("gpt")!, Nothing).Value);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(place.KeysFile));
    }

    [Theory]
    [InlineData("a provider:openai model:m", "a openai m  env:OPENAI_API_KEY")]
    [InlineData("a provider:openai model:m key:env:MY_KEY", "a openai m  env:MY_KEY")]
    [InlineData("a provider:openai model:m base_url:http://127.0.0.1:8080", "a openai m http://127.0.0.1:8080/ ")]
    [InlineData("a provider:deepseek model:m", "a openai m https://api.deepseek.com/v1 env:DEEPSEEK_API_KEY")]
    [InlineData("a provider:anthropic model:m", "a anthropic m  env:ANTHROPIC_API_KEY")]
    [InlineData("a provider:ollama model:qwen3:8b", "a openai qwen3:8b http://localhost:11434/v1 ")]
    [InlineData("模型/v1.2@x provider:demo", "模型/v1.2@x demo demo  ")]
    public async Task What_is_typed_becomes_a_model(string words, string expected)
    {
        await Add(words);

        var model = Assert.Single(place.Models.List());
        Assert.Equal(expected, $"{model.Name} {model.Provider} {model.Model} {model.BaseUrl} {model.Key}");
    }

    [Theory]
    [InlineData("", "a name is missing")]
    [InlineData("demo provider:demo", "'demo' is built in")]
    [InlineData("-x provider:demo", "'-x' cannot name a model")]
    [InlineData("a:b provider:demo", "'a:b' cannot name a model")]
    [InlineData("a", "'provider' is missing")]
    [InlineData("a provider:opnai model:m", "unknown provider 'opnai'; did you mean 'openai'?")]
    [InlineData("a provider:openai", "'model' is missing: the provider's own name of the model")]
    [InlineData("a provider:openai modle:m", "unknown field 'modle'; did you mean 'model'?")]
    [InlineData("a provider:openai model:", "'model' needs one value")]
    [InlineData("a provider:openai model", "'model' needs one value")]
    [InlineData("a provider:openai model:m model:n", "'model' needs one value")]
    [InlineData("a provider:openai model:m base_url:host", "'base_url' must be a whole http or https address, as https://host/v1")]
    [InlineData("a provider:openai model:m base_url:ftp://host", "'base_url' must be a whole http or https address, as https://host/v1")]
    [InlineData("a provider:openai model:m base_url:https://me:pw@host", "'base_url' must not hold a user or password")]
    [InlineData("a provider:openai model:m key:env:1X", "'key' must be env:NAME; a key itself does not belong into this file")]
    [InlineData("a provider:openai model:m key:schlüssel", "that is no key: a key has no spaces, line ends or letters outside ASCII")]
    public async Task A_wrong_line_says_what_is_wrong_and_changes_nothing(string words, string what)
    {
        var failure = await Assert.ThrowsAsync<SettingsFailure>(() => Add(words));

        Assert.Equal(what, failure.Message);
        Assert.False(Directory.Exists(place.Paths.Config));
    }

    [Fact]
    public async Task A_key_over_the_open_network_is_warned_about()
    {
        Assert.Equal(
            ["host.example is reached without encryption: the key goes over the network in the clear"],
            await Add($"a provider:openai model:m base_url:http://host.example key:{Secret}"));
        Assert.Empty(await Add("b provider:openai model:m base_url:http://host.example"));
        Assert.Empty(await Add($"c provider:openai model:m base_url:http://localhost:1 key:{Secret}"));
    }

    [Fact]
    public async Task A_taken_name_keeps_its_model_and_its_key()
    {
        await Add($"gpt provider:openai model:m key:{Secret}");

        var failure = await Assert.ThrowsAsync<SettingsFailure>(() => Add("gpt provider:openai model:n key:sk-other-key-000"));

        Assert.Equal("a model 'gpt' exists", failure.Message);
        Assert.Equal("m", place.Models.Find("gpt")!.Model);
        Assert.Equal(Secret, place.Models.ResolveKey(place.Models.Find("gpt")!, Nothing).Value);
    }

    [Fact]
    public async Task A_fork_has_its_own_key_and_parameters_from_then_on()
    {
        await Add($"gpt provider:openai model:m key:{Secret}");
        await place.Edit.SetAsync("gpt", "temperature:0.5", Never);

        await place.Edit.ForkAsync("gpt", "copy", Never);
        await place.Edit.SetAsync("gpt", "temperature:1", Never);
        await place.Edit.SetKeyAsync("copy", "sk-of-the-copy-1234", Never);

        Assert.Equal(("1", "0.5"), (Parameter("gpt"), Parameter("copy")));
        Assert.Equal(Secret, place.Models.ResolveKey(place.Models.Find("gpt")!, Nothing).Value);
        Assert.Equal("…1234", place.Models.ShowKey(place.Models.Find("copy")!, Nothing));

        string Parameter(string name) => place.Models.Find(name)!.Parameters["temperature"].GetRawText();
    }

    [Fact]
    public async Task A_known_providers_model_can_be_forked()
    {
        await place.Edit.ForkAsync("openrouter/gpt-5.5", "router", Never);

        Assert.Equivalent(
            new ModelSettings("router", "openai", "openai/gpt-5.5", new Uri("https://openrouter.ai/api/v1"), "env:OPENROUTER_API_KEY"),
            place.Models.Find("router"));
        await Assert.ThrowsAsync<SettingsFailure>(() => place.Edit.ForkAsync("nothing", "x", Never));
        await Assert.ThrowsAsync<SettingsFailure>(() => place.Edit.ForkAsync("router", "router", Never));
    }

    [Fact]
    public async Task Removing_a_model_removes_its_key()
    {
        await Add($"gpt provider:openai model:m key:{Secret}");
        await Add("other provider:demo");

        await place.Edit.RemoveAsync("gpt", Never);

        Assert.Null(place.Models.Find("gpt"));
        Assert.NotNull(place.Models.Find("other"));
        Assert.DoesNotContain("verysecret", File.ReadAllText(place.KeysFile));
        var failure = await Assert.ThrowsAsync<SettingsFailure>(() => place.Edit.RemoveAsync("gpt", Never));
        Assert.Equal("there is no model 'gpt'", failure.Message);
    }

    [Fact]
    public async Task A_key_can_be_given_later_or_taken_from_the_environment()
    {
        await Add("gpt provider:openai model:m base_url:https://host.example");

        await place.Edit.SetKeyAsync("gpt", $"  {Secret}\n", Never);
        Assert.Equal(Secret, place.Models.ResolveKey(place.Models.Find("gpt")!, Nothing).Value);

        await place.Edit.SetKeyAsync("gpt", "env:MY_KEY", Never);
        Assert.Equal("env:MY_KEY", place.Models.Find("gpt")!.Key);
        Assert.DoesNotContain("verysecret", File.ReadAllText(place.KeysFile) + File.ReadAllText(place.ModelsFile));
    }

    [Fact]
    public async Task A_providers_key_serves_all_its_unconfigured_models_and_the_environment_counts_before_it()
    {
        await place.Edit.SetKeyAsync("openrouter/gpt-5.5", Secret, Never);

        var model = place.Models.Find("openrouter/other")!;
        Assert.Equal(Secret, place.Models.ResolveKey(model, Nothing).Value);
        Assert.Equal("from-environment", place.Models.ResolveKey(
            model, new Dictionary<string, string> { ["OPENROUTER_API_KEY"] = "from-environment" }).Value);
        Assert.Equal("openrouter/openai/gpt-5.5", DefaultModel.Of(null, place.Models, Nothing).Model?.Name);
        Assert.Null(place.Models.ResolveKey(place.Models.Find("openai/x")!, Nothing).Value);
        await Assert.ThrowsAsync<SettingsFailure>(() => place.Edit.SetKeyAsync("ollama/x", Secret, Never));
        await Assert.ThrowsAsync<SettingsFailure>(() => place.Edit.SetKeyAsync("openai", "env:OTHER", Never));
        await Assert.ThrowsAsync<SettingsFailure>(() => place.Edit.SetKeyAsync("nobody", Secret, Never));
    }

    [Fact]
    public async Task A_key_file_open_to_others_is_closed_when_a_key_is_stored()
    {
        Write(place.KeysFile, "{}");
        File.SetUnixFileMode(place.KeysFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        await place.Edit.SetKeyAsync("openai", Secret, Never);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(place.KeysFile));
    }

    [Theory]
    [InlineData("model:other", "\"model\": \"other\"")]
    [InlineData("base_url:https://h.example/v1", "\"base_url\": \"https://h.example/v1\"")]
    [InlineData("context:200000", "\"context\": 200000")]
    [InlineData("idle_timeout:2m", "\"idle_timeout\": \"120s\"")]
    [InlineData("images:true", "\"images\": true")]
    [InlineData("prices.input:1.250", "\"prices\": {\n        \"input\": 1.250\n      }")]
    [InlineData("temperature:0.2", "\"params\": {\n        \"temperature\": 0.2\n      }")]
    [InlineData("params.reasoning_effort:high", "\"params\": {\n        \"reasoning_effort\": \"high\"\n      }")]
    [InlineData("thinking:{\"type\": \"enabled\"}", "\"params\": {\n        \"thinking\": {\"type\": \"enabled\"}\n      }")]
    public async Task A_field_or_a_parameter_is_set(string assignment, string json)
    {
        await Add("m provider:openai model:x");

        await place.Edit.SetAsync("m", assignment, Never);

        Assert.Contains(json, File.ReadAllText(place.ModelsFile));
        Assert.Empty(place.Models.Warnings());
        Assert.Single(place.Models.List());
    }

    [Theory]
    [InlineData("context", "not of the form k:v: 'context'")]
    [InlineData(":x", "not of the form k:v: ':x'")]
    [InlineData("context:many", "'context' must be a whole number from 1, as 200000")]
    [InlineData("images:perhaps", "'images' must be true or false")]
    [InlineData("model:", "'model' needs a value")]
    [InlineData("provider:", "'provider' needs a value")]
    [InlineData("base_url:nowhere", "'base_url' must be a whole http or https address, as https://host/v1")]
    public async Task A_wrong_assignment_changes_nothing(string assignment, string what)
    {
        await Add("m provider:openai model:x");
        var before = File.ReadAllText(place.ModelsFile);

        var failure = await Assert.ThrowsAsync<SettingsFailure>(() => place.Edit.SetAsync("m", assignment, Never));

        Assert.Equal((what, before), (failure.Message, File.ReadAllText(place.ModelsFile)));
    }

    [Fact]
    public async Task An_empty_value_takes_a_parameter_out_again()
    {
        await Add("m provider:openai model:x");
        await place.Edit.SetAsync("m", "temperature:1", Never);

        await place.Edit.SetAsync("m", "temperature:", Never);

        Assert.Empty(place.Models.Find("m")!.Parameters);
    }

    private Task<IReadOnlyList<string>> Add(string words) =>
        place.Edit.AddAsync(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), Never);
}
