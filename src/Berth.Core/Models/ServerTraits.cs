using System.Collections.Concurrent;
using System.Globalization;

namespace Berth.Core.Models;

/// <summary>What has been learned about a model at a server while Berth runs.</summary>
internal sealed class ServerTraits
{
    private readonly ConcurrentDictionary<string, bool> refusedImages = new();
    private volatile bool refusesUsage;

    /// <summary>It refuses a stream that asks for token counts (<c>stream_options</c>).</summary>
    public bool RefusesUsage
    {
        get => refusesUsage;
        set => refusesUsage = value;
    }

    /// <summary>The longest answer the model may be asked for, where a server said so; null: unknown.</summary>
    public long? MaxTokens { get; private set; }

    /// <summary>Whether a refusal names the longest answer that may be asked for, and it is shorter than what was.</summary>
    public bool LearnsMaxTokens(int status, string body)
    {
        // "max_tokens: 32000 > 8192, which is the maximum allowed number of output tokens for …"
        body = FaultWords.OfBody(body);
        var at = status == 400 ? body.IndexOf("max_tokens: ", StringComparison.Ordinal) : -1;
        var more = at < 0 ? -1 : body.IndexOf(" > ", at, StringComparison.Ordinal);
        if (more < 0)
        {
            return false;
        }

        var digits = body.AsSpan(more + 3);
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        if (!long.TryParse(end < 0 ? digits : digits[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var most)
            || most <= 0 || most >= (MaxTokens ?? long.MaxValue))
        {
            return false;
        }

        MaxTokens = most;
        return true;
    }

    /// <summary>It refused a request with this image.</summary>
    public bool HasRefused(string image) => refusedImages.ContainsKey(image);

    /// <summary>
    /// Whether a refusal is about images: then all of the request are held to be refused, and it can go out without them.
    /// One image that a server cannot read must not end a session for good, whose every later request carries it.
    /// </summary>
    public bool LearnsImages(ModelRequest request, int status, string body)
    {
        if (status is not (400 or 404 or 413 or 415 or 422) || !IsAboutImages(body))
        {
            return false;
        }

        var isNew = false;
        foreach (var id in RequestImages.Ids(request))
        {
            isNew |= refusedImages.TryAdd(id, true);
        }

        return isNew;
    }

    // Servers without images say that the content must be a string.
    private static bool IsAboutImages(string body) =>
        new[] { "image", "vision", "multimodal", "multi-modal", "must be a string", "expected a string", "expected string" }
            .Any(words => body.Contains(words, StringComparison.OrdinalIgnoreCase));
}
