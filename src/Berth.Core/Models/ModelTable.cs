using System.Collections.Concurrent;
using System.Net;
using System.Reflection;
using Berth.Core.Settings;
using Berth.Protocol;

namespace Berth.Core.Models;

/// <summary>
/// Makes models from their settings. All of them share one pool of connections, so one table lives as long as the
/// daemon.
/// </summary>
public sealed class ModelTable : IDisposable
{
    // Fields of a request that Berth itself writes; a parameter of that name would only break it.
    private static readonly string[] OwnFields = ["model", "messages", "tools", "system"];

    // A shorter text would blot out harmless words of a server's message.
    private const int ShortestSecret = 4;

    private readonly ConcurrentDictionary<(Uri, string), ServerTraits> _traits = new();
    private readonly ConcurrentDictionary<(Uri Address, string? Key), KeyLimiter> _limiters = new();
    private readonly Lazy<HttpMessageInvoker> _http;
    private readonly TimeProvider _time;
    private readonly Func<double> _chance;
    private readonly string _agent;

    /// <summary>Makes a table with no connection open.</summary>
    /// <param name="chance">Numbers from 0 up to 1 that spread retries; null for real chance.</param>
    public ModelTable(TimeProvider time, Func<double>? chance = null)
    {
        _time = time;
        _chance = chance ?? Random.Shared.NextDouble;
        _http = new Lazy<HttpMessageInvoker>(Connect);
        var version = typeof(ModelTable).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        _agent = "berth/" + (version?.InformationalVersion ?? "0");
    }

    /// <summary>Makes the model that the settings describe.</summary>
    /// <param name="key">The key itself; null when there is none.</param>
    /// <param name="isForeground">
    /// Whether a person looks at the session that asks: it goes first where the key's limits make sessions wait.
    /// </param>
    /// <exception cref="ModelFailure">The settings cannot work, for example for want of a key.</exception>
    public IModel Create(ModelSettings settings, string? key, Func<bool>? isForeground = null)
    {
        if (settings.Provider == "demo")
        {
            return new DemoModel(_time);
        }

        var words = new FaultWords(settings.Name, Secrets(settings, key));
        Check(settings, key, words);
        switch (settings.Provider)
        {
            case "openai":
                var chat = ModelAddress.Of(settings.BaseUrl ?? new("https://api.openai.com/v1"), "chat/completions");
                return new OpenAiModel(settings, CallTo(chat), TraitsOf(chat, settings), chat,
                    HeadersOf(settings, key is null ? [] : [new("Authorization", "Bearer " + key.Trim())]));
            case "anthropic":
                var messages = ModelAddress.Of(settings.BaseUrl ?? new("https://api.anthropic.com/v1"), "messages");
                List<KeyValuePair<string, string>> version = [new("anthropic-version", "2023-06-01")];
                return new AnthropicModel(settings, CallTo(messages), TraitsOf(messages, settings), messages,
                    HeadersOf(settings, key is null ? version : [.. version, new("x-api-key", key.Trim())]));
            default:
                throw words.Failure($"has the unknown provider '{words.Clean(settings.Provider)}'",
                    "Known providers are openai, anthropic and demo.");
        }

        WireCall CallTo(Uri address) => new(
            settings, _http.Value, words, _time, _chance,
            _limiters.GetOrAdd((address, key), _ => new KeyLimiter(_time)), isForeground ?? (static () => false));
    }

    /// <summary>Closes all connections.</summary>
    public void Dispose()
    {
        foreach (var limiter in _limiters.Values)
        {
            limiter.Dispose();
        }

        if (_http.IsValueCreated)
        {
            _http.Value.Dispose();
        }
    }

    private ServerTraits TraitsOf(Uri address, ModelSettings settings) =>
        _traits.GetOrAdd((address, settings.Model), static _ => new ServerTraits());

    // Made with the first model that needs it: a daemon that only ever plays the demo loads no HTTP at all.
    private static HttpMessageInvoker Connect() => new(new SocketsHttpHandler
    {
        // A redirect would carry the key to a server that nobody configured.
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        Proxy = new LocalBypass(HttpClient.DefaultProxy),
        ConnectTimeout = Limits.ModelConnect,
        // Servers move: a daemon that runs for weeks must ask for their names again.
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        // An answer that is left early closes its connection instead of being read to its end;
        // only the few bytes behind the last event are worth a moment, so that the connection can be used again.
        MaxResponseDrainSize = 16 * 1024,
        ResponseDrainTimeout = TimeSpan.FromMilliseconds(100),
    });

    private static void Check(ModelSettings settings, string? key, FaultWords words)
    {
        if (settings.Key is not null && string.IsNullOrWhiteSpace(key))
        {
            throw words.Failure(settings.Key.StartsWith("env:", StringComparison.Ordinal)
                    ? $"has no key: the variable {settings.Key[4..]} is not set" : "has no key",
                $"Set the variable, or give a key by hand: /models /key {settings.Name}");
        }

        if (settings.BaseUrl is { } url
            && (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0))
        {
            throw words.Failure("has a base_url that is no plain http or https address");
        }

        if (key is not null && key.Trim().AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw words.Failure(
                "has a key with characters that no key has", $"Give it again: /models /key {settings.Name}");
        }

        foreach (var (name, value) in settings.Headers)
        {
            if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                || value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            {
                throw words.Failure($"has an impossible header '{words.Clean(name)}'");
            }
        }

        if (settings.Parameters.Keys.FirstOrDefault(OwnFields.Contains) is { } own)
        {
            throw words.Failure($"has the parameter '{own}', which Berth writes itself",
                $"Remove it: /models /set {settings.Name} {own}:");
        }
    }

    // A configured header replaces one of ours, so that a server with its own idea of keys can be told in its way.
    private List<KeyValuePair<string, string>> HeadersOf(
        ModelSettings settings, IEnumerable<KeyValuePair<string, string>> wire)
    {
        var configured = settings.Headers.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var own = wire.Append(new("User-Agent", _agent)).Where(h => !configured.Contains(h.Key));
        return [.. own, .. settings.Headers];
    }

    private static List<string> Secrets(ModelSettings settings, string? key) =>
        [.. settings.Headers.Values.Append(key?.Trim() ?? "").Where(s => s.Length >= ShortestSecret)];
}
