using Berth.Protocol;

namespace Berth.Core.Models;

/// <summary>
/// Decides which images of a conversation a request carries, and says in words which it does not. Every entry is asked
/// about once, in the conversation's order.
/// </summary>
/// <param name="takes">The model takes images.</param>
/// <param name="traits">What this server has refused.</param>
internal sealed class RequestImages(ModelRequest request, bool takes, ServerTraits traits)
{
    private readonly int first = FirstSent(request.Messages);
    private int place;

    /// <summary>An image with its bytes.</summary>
    public readonly record struct Sent(ImageData Image, ReadOnlyMemory<byte> Bytes);

    /// <summary>The images of an entry that are sent, and a sentence about those that are not ("" when all are).</summary>
    public (IReadOnlyList<Sent> Images, string Note) Of(IReadOnlyList<ImageData>? images)
    {
        if (images is not { Count: > 0 })
        {
            return ([], "");
        }

        if (!takes)
        {
            return ([], $"(images left out, because this model takes none: {images.Count})");
        }

        var sent = new List<Sent>(images.Count);
        var why = new Dictionary<string, int>();
        foreach (var image in images)
        {
            var isOld = place++ < first;
            if (!isOld && !traits.HasRefused(image.Id) && request.ImageBytes?.Invoke(image.Id) is { } bytes)
            {
                sent.Add(new Sent(image, bytes));
                continue;
            }

            var reason = isOld ? "because newer ones take their place"
                : traits.HasRefused(image.Id) ? "because the model's server refused them" : "because their files are gone";
            why[reason] = why.GetValueOrDefault(reason) + 1;
        }

        return (sent, string.Join(' ', why.Select(one => $"(images left out, {one.Key}: {one.Value})")));
    }

    /// <summary>The ids of all images in a conversation.</summary>
    public static IEnumerable<string> Ids(ModelRequest request) =>
        request.Messages.SelectMany(m => OfEntry(m) ?? []).Select(image => image.Id);

    // What is left out stays left out, and a request begins as the one before did: so half of them go at a time, not one
    // with every new one.
    private static int FirstSent(IReadOnlyList<ModelMessage> messages)
    {
        var lengths = new List<long>();
        var (first, sum) = (0, 0L);
        foreach (var image in messages.SelectMany(m => OfEntry(m) ?? []))
        {
            lengths.Add(image.Length);
            sum += image.Length;
            if (lengths.Count - first <= Limits.ImagesPerRequest && sum <= Limits.ImageBytesPerRequest)
            {
                continue;
            }

            while (lengths.Count - first > Limits.ImagesPerRequest / 2 || sum > Limits.ImageBytesPerRequest / 2)
            {
                sum -= lengths[first++];
            }
        }

        return first;
    }

    private static IReadOnlyList<ImageData>? OfEntry(ModelMessage message) => message switch
    {
        UserEntry user => user.Images,
        ToolResultEntry result => result.Images,
        _ => null,
    };
}
