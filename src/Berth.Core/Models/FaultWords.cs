using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Berth.Protocol;

namespace Berth.Core.Models;

/// <summary>
/// Says in one line what went wrong with a model. Whatever a server sent is cleaned first: no control byte, no key,
/// a bounded length.
/// </summary>
/// <param name="model">The model's name as people know it.</param>
/// <param name="secrets">Texts that must never be shown: the key, and the values of configured headers.</param>
internal sealed class FaultWords(string model, IReadOnlyList<string> secrets)
{
    private const string TooLong = "The conversation is too long for this model: /compact shortens it, /new begins another one.";
    private const int MaxChars = 300;
    private const int MaxReadChars = 4096;

    /// <summary>A failure whose line begins with the model's name.</summary>
    /// <param name="tooLong">The provider found the request too long.</param>
    public ModelFailure Failure(string what, string? hint = null, Exception? inner = null, bool tooLong = false) =>
        new($"Model '{model}' {what}", tooLong ? TooLong : hint, inner) { TooLong = tooLong };

    /// <summary>What a status and its body say, for example "answered 401 Unauthorized: Incorrect API key".</summary>
    public string OfStatus(int status, string? reason, string body)
    {
        var said = Clean(OfBody(body));
        var name = Clean(reason ?? "");
        return $"answered {status}{(name.Length > 0 ? " " + name : "")}{(said.Length > 0 ? ": " + said : "")}";
    }

    /// <summary>What to do about a refused request.</summary>
    public string? HintFor(int status) => status switch
    {
        401 or 403 => $"Check its key: /models /key {model}",
        404 or 405 => "Check its base_url and the provider's name of the model.",
        402 => "The provider asks for payment.",
        _ => null,
    };

    /// <summary>Why no answer could be had at all.</summary>
    public static string OfConnection(Exception fault) => fault switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
            "its server's name is unknown",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            "no secure connection: the server's certificate or protocol is not accepted",
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } =>
            "the connection was refused",
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } =>
            "the connection ended before an answer",
        OperationCanceledException => "no connection in time",
        _ => "the connection failed",
    };

    /// <summary>One line that is safe to show: no control or invisible characters, no key, no more than fits.</summary>
    public string Clean(string text)
    {
        // Cut before the work, too: a hostile server may send megabytes of anything here.
        text = text.Length > Limits.ModelErrorBytes ? text[..Limits.ModelErrorBytes] : text;
        foreach (var secret in secrets)
        {
            text = text.Replace(secret, "…");
        }

        text = text.Length > MaxReadChars ? text[..MaxReadChars] : text;
        var line = new StringBuilder(Math.Min(text.Length, MaxChars + 1));
        foreach (var rune in WithoutKeys(text).EnumerateRunes())
        {
            if (line.Length >= MaxChars)
            {
                return line.Append('…').ToString();
            }

            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                if (line.Length > 0 && line[^1] != ' ')
                {
                    line.Append(' ');
                }
            }
            else if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.PrivateUse))
            {
                line.Append(rune.ToString());
            }
        }

        return line.ToString().TrimEnd();
    }

    /// <summary>The words in an error's body: the message of a JSON error, a web page's title, or the text.</summary>
    public static string OfBody(string body)
    {
        var text = body.Trim();
        if (text.StartsWith('{') || text.StartsWith('['))
        {
            try
            {
                using var json = JsonDocument.Parse(text);
                return OfJson(json.RootElement) ?? text;
            }
            catch (JsonException)
            {
                return text;
            }
        }

        return text.StartsWith('<') ? OfPage(text) : text;
    }

    // The fields in which servers say what is wrong, in the order in which they say it best.
    private static string? OfJson(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Array => json.GetArrayLength() > 0 ? OfJson(json[0]) : null,
        JsonValueKind.Object => new[] { "error", "message", "msg", "detail", "errors", "type" }
            .Select(name => json.TryGetProperty(name, out var value) ? OfJson(value) : null)
            .FirstOrDefault(words => !string.IsNullOrWhiteSpace(words)),
        _ => null,
    };

    private static string OfPage(string page)
    {
        var open = page.IndexOf("<title", StringComparison.OrdinalIgnoreCase);
        var start = open < 0 ? -1 : page.IndexOf('>', open);
        var end = start < 0 ? -1 : page.IndexOf("</", start, StringComparison.Ordinal);
        return end < 0 ? "a web page" : $"a web page, \"{page[(start + 1)..end].Trim()}\"";
    }

    // A server may repeat a key that is not ours to know, for example one from a proxy in between.
    private static string WithoutKeys(string text)
    {
        const int LongestHarmless = 12;
        var at = 0;
        while ((at = text.IndexOf("sk-", at, StringComparison.Ordinal)) >= 0)
        {
            var end = at + 3;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '-' or '_' or '*'))
            {
                end++;
            }

            text = end - at > LongestHarmless ? string.Concat(text.AsSpan(0, at + 3), "…", text.AsSpan(end)) : text;
            at += 3;
        }

        return text;
    }
}
