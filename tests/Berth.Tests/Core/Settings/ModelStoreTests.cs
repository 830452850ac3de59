using Berth.Core.Settings;
using Xunit;
using static Berth.Tests.Core.Settings.SettingsPlace;

namespace Berth.Tests.Core.Settings;

public sealed class ModelStoreTests : IDisposable
{
    private static readonly Dictionary<string, string> Nothing = [];
    private readonly SettingsPlace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public void A_configured_model_is_read_with_all_its_fields()
    {
        Write(place.ModelsFile, """
            {
              "models": {
                // the usual one
                "gpt": {
                  "provider": "openai", "model": "gpt-5.5", "base_url": "https://host.example/v1", "key": "env:MY_KEY",
                  "params": {"temperature": 0, "reasoning": {"effort": "high"}}, "headers": {"X-Team": "a b"},
                  "context": 400000, "idle_timeout": "90s", "images": true,
                  "prices": {"input": 1.25, "output": "10", "cached": 0.125},
                },
              },
            }
            """);

        var model = Assert.Single(place.Models.List());

        Assert.Equal(
            ("gpt", "openai", "gpt-5.5", new Uri("https://host.example/v1"), "env:MY_KEY"),
            (model.Name, model.Provider, model.Model, model.BaseUrl, model.Key));
        Assert.Equal(["temperature=0", "reasoning={\"effort\": \"high\"}"],
            model.Parameters.Select(one => $"{one.Key}={one.Value.GetRawText()}"));
        Assert.Equal(
            ("a b", 400_000L, TimeSpan.FromSeconds(90), true, new ModelPrices(1.25m, 10m, 0.125m)),
            (model.Headers["X-Team"], model.Context, model.IdleTimeout, model.Images, model.Prices));
        Assert.Equal(model, place.Models.Find("gpt"));
        Assert.Empty(place.Models.Warnings());
    }

    [Theory]
    [InlineData("openai/gpt-5.5", "openai", "gpt-5.5", "https://api.openai.com/v1", "env:OPENAI_API_KEY")]
    [InlineData("anthropic/claude-opus-4-6", "anthropic", "claude-opus-4-6", "https://api.anthropic.com", "env:ANTHROPIC_API_KEY")]
    [InlineData("openrouter/gpt-5.5", "openai", "openai/gpt-5.5", "https://openrouter.ai/api/v1", "env:OPENROUTER_API_KEY")]
    [InlineData("openrouter/anthropic/claude-sonnet-4.6", "openai", "anthropic/claude-sonnet-4.6", "https://openrouter.ai/api/v1", "env:OPENROUTER_API_KEY")]
    [InlineData("openrouter/who-knows", "openai", "who-knows", "https://openrouter.ai/api/v1", "env:OPENROUTER_API_KEY")]
    [InlineData("volcengine/doubao", "openai", "doubao", "https://ark.cn-beijing.volces.com/api/v3", "env:ARK_API_KEY")]
    [InlineData("volcengine/coding/doubao-seed-2.0-pro", "openai", "doubao-seed-2.0-pro", "https://ark.cn-beijing.volces.com/api/coding/v3", "env:ARK_API_KEY")]
    [InlineData("volcengine/coding", "openai", "coding", "https://ark.cn-beijing.volces.com/api/v3", "env:ARK_API_KEY")]
    [InlineData("ollama/qwen3:8b", "openai", "qwen3:8b", "http://localhost:11434/v1", null)]
    public void A_known_providers_model_needs_no_configuration(
        string name, string wire, string model, string url, string? key) =>
        Assert.Equivalent(new ModelSettings(name, wire, model, new Uri(url), key), place.Models.Find(name));

    [Theory]
    [InlineData("openai")]
    [InlineData("openai/")]
    [InlineData("openaix/gpt")]
    [InlineData("/gpt")]
    [InlineData("")]
    [InlineData("nowhere/gpt")]
    public void What_names_no_model_is_not_found(string name) => Assert.Null(place.Models.Find(name));

    [Fact]
    public void Every_known_provider_of_the_surface_is_in_the_table_and_its_address_is_encrypted_or_local()
    {
        Assert.All(
            "openai anthropic openrouter deepseek gemini moonshot zhipu qwen volcengine groq mistral xai ollama lmstudio llamacpp".Split(' '),
            name => Assert.NotNull(KnownProviders.Find(name)));
        Assert.All(KnownProviders.All, provider =>
        {
            Assert.True(provider.BaseUrl is { Scheme: "https" } or { IsLoopback: true }, provider.Name);
            Assert.Equal(provider.NeedsKey, !provider.BaseUrl.IsLoopback);
            Assert.Contains(provider.Wire, new[] { "openai", "anthropic" });
        });
    }

    [Fact]
    public void A_providers_other_variables_and_a_moved_address_count()
    {
        var environment = new Dictionary<string, string>
        {
            ["GOOGLE_API_KEY"] = "google-key-12345", ["OPENAI_BASE_URL"] = "http://127.0.0.1:9/v1",
            ["ANTHROPIC_BASE_URL"] = "not an address",
        };

        Assert.Equal("env:GOOGLE_API_KEY", place.Models.Find("gemini/x", environment)!.Key);
        Assert.Equal(new Uri("http://127.0.0.1:9/v1"), place.Models.Find("openai/x", environment)!.BaseUrl);
        Assert.Equal(new Uri("https://api.anthropic.com"), place.Models.Find("anthropic/x", environment)!.BaseUrl);
    }

    [Fact]
    public void An_unknown_name_gets_the_nearest_ones()
    {
        Write(place.ModelsFile, """{"models": {"gpt-fast": {"provider": "openai", "model": "m"}}}""");

        Assert.Equal("there is no model 'gtp-fast'; did you mean 'gpt-fast'?", place.Models.Unknown("gtp-fast").Message);
        Assert.Equal("there is no model 'dmeo'; did you mean 'demo'?", place.Models.Unknown("dmeo").Message);
        Assert.Equal("there is no model 'gpt-5.5'; did you mean 'openai/gpt-5.5' or 'openrouter/openai/gpt-5.5'?",
            place.Models.Unknown("gpt-5.5").Message);
    }

    [Theory]
    [InlineData("""{"provider": "opnai", "model": "m"}""", "unknown provider 'opnai'; did you mean 'openai'?", false)]
    [InlineData("""{"provider": "openai"}""", "model 'x' needs 'provider' and 'model'", false)]
    [InlineData("5", "model 'x' needs 'provider' and 'model'", false)]
    [InlineData("""{"provider": "openai", "model": "m", "base_url": "host/v1"}""", "'base_url' must be a whole http or https address", false)]
    [InlineData("""{"provider": "openai", "model": "m", "base_url": "https://u:p@h/"}""", "'base_url' must not hold a user or password", false)]
    [InlineData("""{"provider": "openai", "model": "m", "base_url": 7}""", "must be a string", false)]
    [InlineData("""{"provider": "openai", "model": "m", "headers": {"A": "x\r\nB: y"}}""", "a header is a name and a string on one line", false)]
    [InlineData("""{"provider": "openai", "model": "m", "headers": {"A:": "x"}}""", "a header is a name and a string on one line", false)]
    [InlineData("""{"provider": "openai", "model": "m", "context": -1}""", "'context' must be a whole number", true)]
    [InlineData("""{"provider": "openai", "model": "m", "params": []}""", "'params' must be an object", true)]
    [InlineData("""{"provider": "openai", "model": "m", "idle_timeout": "0s"}""", "'idle_timeout' must be a time", true)]
    [InlineData("""{"provider": "openai", "model": "m", "prices": {"input": "x"}}""", "a price must be dollars", true)]
    [InlineData("""{"provider": "openai", "model": "m", "temperature": 0}""", "unknown field 'temperature'", true)]
    public void A_mistake_in_a_model_is_named_and_the_other_models_stay(string entry, string what, bool usable)
    {
        Write(place.ModelsFile, "{\"models\": {\"x\": " + entry + ", \"good\": {\"provider\": \"demo\"}}}");

        Assert.Contains(what, Assert.Single(place.Models.Warnings()).What);
        Assert.Equal(usable ? ["x", "good"] : ["good"], place.Models.List().Select(model => model.Name));
    }

    [Fact]
    public void A_key_that_stands_in_the_models_file_is_not_used_and_not_repeated()
    {
        const string Secret = "sk-verysecret-0123456789";
        Write(place.ModelsFile, "{\"models\": {\"x\": {\"provider\": \"openai\", \"model\": \"m\", \"key\": \"" + Secret + "\"}}}");

        Assert.DoesNotContain("verysecret", Assert.Single(place.Models.Warnings()).ToString());
        var model = Assert.Single(place.Models.List());
        Assert.DoesNotContain("verysecret", model.ToString());
        Assert.Equal((null, "x: no key is stored"), Missing(model, Nothing));
    }

    [Fact]
    public void The_key_that_goes_without_saying_never_goes_to_another_server()
    {
        Write(place.ModelsFile, """
            {"models": {
              "own": {"provider": "openai", "model": "m"},
              "other": {"provider": "openai", "model": "m", "base_url": "https://other.example"},
              "named": {"provider": "deepseek", "model": "m"},
              "moved": {"provider": "deepseek", "model": "m", "base_url": "https://other.example"}
            }}
            """);

        Assert.Equal(
            ["own env:OPENAI_API_KEY ", "other  https://other.example/", "named env:DEEPSEEK_API_KEY https://api.deepseek.com/v1", "moved  https://other.example/"],
            place.Models.List().Select(model => $"{model.Name} {model.Key} {model.BaseUrl}"));
    }

    [Fact]
    public void A_key_comes_from_the_environment_and_what_is_missing_is_named()
    {
        Write(place.ModelsFile, """{"models": {"gpt": {"provider": "openai", "model": "m", "key": "env:MY_KEY"}}}""");
        var gpt = place.Models.Find("gpt")!;

        Assert.Equal("sk-0123456789", place.Models.ResolveKey(gpt, new Dictionary<string, string> { ["MY_KEY"] = " sk-0123456789\n" }).Value);
        Assert.Equal((null, "gpt: MY_KEY is not set"), Missing(gpt, Nothing));
        Assert.Equal("Set it, or /models /key gpt stores a key", place.Models.ResolveKey(gpt, Nothing).Hint);
        Assert.Equal((null, "gpt: MY_KEY is not set"), Missing(gpt, new Dictionary<string, string> { ["MY_KEY"] = " " }));
        Assert.Equal(
            (null, "gpt: that is no key: a key has no spaces, line ends or letters outside ASCII"),
            Missing(gpt, new Dictionary<string, string> { ["MY_KEY"] = "secret\r\nX-Evil: 1" }));
        Assert.Equal((null, null), Missing(ModelStore.Demo, Nothing));
    }

    [Fact]
    public void A_key_is_shown_by_its_last_four_characters_only()
    {
        var environment = new Dictionary<string, string> { ["LONG"] = "sk-0123456789abcdef", ["SHORT"] = "abcdef" };
        var model = new ModelSettings("m", "openai", "m", Key: "env:LONG");

        Assert.Equal("env:LONG …cdef", place.Models.ShowKey(model, environment));
        Assert.Equal("env:SHORT …", place.Models.ShowKey(model with { Key = "env:SHORT" }, environment));
        Assert.Equal("missing (env:NONE)", place.Models.ShowKey(model with { Key = "env:NONE" }, environment));
        Assert.Equal("missing (none stored)", place.Models.ShowKey(model with { Key = "stored" }, environment));
        Assert.Equal("none needed", place.Models.ShowKey(ModelStore.Demo, environment));
        Assert.Equal("…cdef", place.Models.ResolveKey(model, environment).ToString());
    }

    [Fact]
    public void The_variables_behind_keys_are_known_so_that_tools_do_not_see_them()
    {
        Write(place.ModelsFile, """{"models": {"gpt": {"provider": "openai", "model": "m", "key": "env:MY_KEY"}}}""");

        Assert.Superset(
            new HashSet<string> { "MY_KEY", "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "ARK_API_KEY" },
            new HashSet<string>(place.Models.KeyVariables()));
    }

    [Fact]
    public void Broken_files_keep_what_they_said_and_are_named()
    {
        Write(place.ModelsFile, """{"models": {"gpt": {"provider": "openai", "model": "m", "key": "stored"}}}""");
        Write(place.KeysFile, """{"models": {"gpt": "sk-0123456789"}}""");
        var gpt = place.Models.Find("gpt")!;
        Assert.Equal("sk-0123456789", place.Models.ResolveKey(gpt, Nothing).Value);

        Write(place.ModelsFile, """{"models": ["gpt"]}""");
        Write(place.KeysFile, """{"models": {"gpt": "sk-0""");
        File.SetUnixFileMode(place.KeysFile, UnixFileMode.UserRead | UnixFileMode.GroupRead);

        Assert.Equal(gpt, place.Models.Find("gpt"));
        Assert.Equal("sk-0123456789", place.Models.ResolveKey(gpt, Nothing).Value);
        Assert.Equal(
            [(place.ModelsFile, 1, 12), (place.KeysFile, 1, 25), (place.KeysFile, null, (int?)null)],
            place.Models.Warnings().Select(warning => (warning.File, warning.Line, warning.Column)));
        Assert.DoesNotContain(place.Models.Warnings(), warning => warning.What.Contains("sk-"));
    }

    [Theory]
    [InlineData("", "demo", "No model is configured")]
    [InlineData("OPENAI_API_KEY=k XAI_API_KEY=k", "openai/gpt-5.5", "OPENAI_API_KEY is in the environment")]
    [InlineData("VOLCENGINE_API_KEY=k GROQ_API_KEY=k", "volcengine/doubao-seed-2-0-pro-260215", "VOLCENGINE_API_KEY is in the environment")]
    [InlineData("OPENAI_API_KEY=", "demo", "No model is configured")]
    public void Without_a_configured_model_the_environment_decides(string variables, string name, string why)
    {
        var environment = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(one => one.Split('=')).ToDictionary(one => one[0], one => one[1]);

        var chosen = DefaultModel.Of(null, place.Models, environment);

        Assert.Equal((name, null), (chosen.Model?.Name, chosen.Problem));
        Assert.StartsWith(why, chosen.Why);
    }

    [Fact]
    public void The_configs_model_counts_before_the_first_configured_one_and_this_before_the_environment()
    {
        Write(place.ModelsFile, """{"models": {"one": {"provider": "demo"}, "two": {"provider": "demo"}}}""");
        var environment = new Dictionary<string, string> { ["OPENAI_API_KEY"] = "k" };

        Assert.Equal("two", DefaultModel.Of("two", place.Models, environment).Model?.Name);
        Assert.Equal("one", DefaultModel.Of(null, place.Models, environment).Model?.Name);
    }

    [Fact]
    public void A_model_that_was_asked_for_and_is_not_there_is_a_problem_and_no_other_model()
    {
        var gone = DefaultModel.Of("gone", place.Models, new Dictionary<string, string> { ["OPENAI_API_KEY"] = "k" });
        Assert.Null(gone.Model);
        Assert.Equal(("there is no model 'gone'", "/models lists the models, /conf model:NAME sets one"), (gone.Problem, gone.Hint));

        Write(place.ModelsFile, "{");
        var unknown = DefaultModel.Of(null, place.Models, new Dictionary<string, string> { ["OPENAI_API_KEY"] = "k" });
        Assert.Null(unknown.Model);
        Assert.StartsWith($"{place.ModelsFile}:1:2: ", unknown.Problem);
    }

    [Fact]
    public void Ten_thousand_models_and_a_name_of_control_characters_do_no_harm()
    {
        var models = Enumerable.Range(0, 10_000).Select(n => $"\"m{n}\": {{\"provider\": \"demo\"}}");
        Write(place.ModelsFile, $"{{\"models\": {{{string.Join(',', models)}, \"\\u001b[2J\": 5}}}}");

        Assert.Equal(10_000, place.Models.List().Count);
        Assert.DoesNotContain(Assert.Single(place.Models.Warnings()).ToString(), char.IsControl);
    }

    private (string? Value, string? Missing) Missing(ModelSettings model, IReadOnlyDictionary<string, string> environment)
    {
        var key = place.Models.ResolveKey(model, environment);
        return (key.Value, key.Missing);
    }
}
