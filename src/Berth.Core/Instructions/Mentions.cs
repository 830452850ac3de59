using Berth.Core.Images;
using Berth.Platform;
using Berth.Protocol;
using Berth.Protocol.Events;

namespace Berth.Core.Instructions;

/// <summary>What the mentions of a message add to it.</summary>
/// <param name="Paths">In the order of the message: for the model, and in short for people.</param>
/// <param name="Files">Those whose lines are in it: the session has read them.</param>
/// <param name="Images">Those that the model is shown.</param>
internal sealed record MentionExpansion(
    IReadOnlyList<MentionedPath> Paths, IReadOnlyList<MentionedFile> Files, IReadOnlyList<StoredImage> Images)
{
    /// <summary>Nothing is mentioned.</summary>
    public static MentionExpansion None { get; } = new([], [], []);
}

/// <summary>A file whose lines went into a message.</summary>
/// <param name="Path">Absolute; links are not resolved.</param>
/// <param name="Facts">From before it was read.</param>
/// <param name="Hash">Of its whole content; null when only a part was read.</param>
internal sealed record MentionedFile(string Path, FileFacts Facts, byte[]? Hash);

/// <summary>What mentions need from their session.</summary>
/// <param name="Directory">What paths are relative to; absolute.</param>
/// <param name="Home">What <c>~</c> means; null: nothing.</param>
/// <param name="WhyNot">Why a path (absolute) must not be shown, the end of a sentence; null: it may be.</param>
/// <param name="KeepImage">Keeps an image under the name people know it by.</param>
internal sealed record MentionPlace(
    string Directory, string? Home, Func<string, string?> WhyNot, Func<ImageFile, string, StoredImage> KeepImage);

/// <summary>
/// <c>@path</c> puts a file, an image or a directory's listing into the message: <c>@src/a.cs</c>,
/// <c>@src/a.cs:10-40</c>, <c>@src</c>, <c>@"a name with spaces.md"</c>, <c>@~/notes.md</c>. Only for what a person
/// typed: in a text from elsewhere a mention would fetch what its author chooses.
/// </summary>
internal static class Mentions
{
    private const int Most = 20;
    private const int MostMissing = 5;

    /// <summary>Reads what a text mentions, within bounds.</summary>
    public static MentionExpansion Expand(string text, MentionPlace place)
    {
        if (!text.Contains('@'))
        {
            return MentionExpansion.None;
        }

        var paths = new List<MentionedPath>();
        var files = new List<MentionedFile>();
        var images = new List<StoredImage>();
        var (left, missing) = (Limits.MentionsChars, 0);
        foreach (var mention in MentionParser.Find(text, place.Directory, place.Home).DistinctBy(m => (m.Path, m.First, m.Last)))
        {
            if (mention.Kind == MentionKind.Missing)
            {
                if (missing++ < MostMissing)
                {
                    paths.Add(new MentionedPath(NameOf(mention), "no such file; sent as it stands", ""));
                }

                continue;
            }

            if (paths.Count - Math.Min(missing, MostMissing) == Most || left <= 0)
            {
                paths.Add(new MentionedPath(
                    NameOf(mention), "left out, as all behind it: too much for one message",
                    "[further mentions are left out; read them with a tool]\n"));
                break;
            }

            var found = One(mention, place, Math.Min(left, Limits.MentionChars));
            left -= found.Path.Content.Length;
            paths.Add(found.Path);
            files.AddRange(found.File is { } file ? [file] : []);
            images.AddRange(found.Image is { } image ? [image] : []);
        }

        return paths.Count == 0 ? MentionExpansion.None : new MentionExpansion(paths, files, images);
    }

    private static MentionContent One(Mention mention, MentionPlace place, int most)
    {
        var name = NameOf(mention);
        try
        {
            return place.WhyNot(mention.Path) is { } why
                ? MentionContent.Remark(name, mention, $"not shown: {why}")
                : mention.Kind == MentionKind.Directory
                    ? MentionContent.Listing(name, mention)
                    : MentionContent.Read(name, mention, most, place.KeepImage);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return MentionContent.Remark(name, mention, e.Message);
        }
    }

    private static string NameOf(Mention mention) => $"@{CleanText.Line(mention.Name)}";
}
