using Berth.Core.Images;
using Berth.Core.Tools.Editing;
using Berth.Core.Tools.Reading;
using Berth.Platform;
using Berth.Protocol;
using Berth.Protocol.Events;

namespace Berth.Core.Instructions;

/// <summary>What one mention adds to a message.</summary>
internal sealed record MentionContent(MentionedPath Path, MentionedFile? File = null, StoredImage? Image = null)
{
    /// <summary>Bytes of a file up to which a line is looked for.</summary>
    private const long Searched = 256 * 1024 * 1024;

    /// <summary>Nothing but why there is nothing.</summary>
    public static MentionContent Remark(string name, Mention mention, string why)
    {
        var kind = mention.Kind == MentionKind.Directory ? "directory" : "file";
        return new(new MentionedPath(
            name, CleanText.Line(why), $"<{kind} path=\"{Inert(mention.Path)}\">{Inert(why)}</{kind}>\n"));
    }

    /// <summary>The lines of a text file, an image, or what kind of file it is.</summary>
    /// <param name="most">Characters for the model.</param>
    /// <exception cref="IOException">It is no regular file or cannot be read.</exception>
    public static MentionContent Read(string name, Mention mention, int most, Func<ImageFile, string, StoredImage> keep)
    {
        using var file = FileFacts.OpenRegular(mention.Path, out var facts);
        var start = new byte[TextFormat.LookedBytes];
        var head = start.AsSpan(0, RandomAccess.Read(file, start, 0));
        if (TextFormat.Of(head) is not { } format || BinaryKind.IsNeverText(head))
        {
            return ImageHead.Of(head) is null
                ? Remark(name, mention, $"{BinaryKind.Of(head)}, {facts.Size:N0} bytes, not shown")
                : Picture(name, mention, keep);
        }

        var count = mention.Last is { } last ? last - mention.First + 1L : long.MaxValue;
        var part = FilePart.Read(file, facts.Size, format, mention.First, count, most, CancellationToken.None, Searched);
        var seen = new MentionedFile(mention.Path, facts, part.Hash);
        if (part is { Lines: 0, IsCounted: true })
        {
            return Remark(name, mention, "an empty file") with { File = seen };
        }

        var lines = $"{(part.IsCounted ? "" : "more than ")}{part.Lines:N0}";
        if (part.Shown == 0)
        {
            return Remark(name, mention, part.IsCounted ? $"it has no line {mention.First}: it has {lines}" : $"line {mention.First} is too far in it");
        }

        var end = mention.First + part.Shown - 1;
        var isWhole = mention.First == 1 && end == part.Lines && part.IsCounted;
        var isCut = end < (mention.Last ?? long.MaxValue) && (end < part.Lines || !part.IsCounted);
        var note = isWhole ? "" : $"(lines {mention.First}–{end} of {lines}.{(isCut ? $" It is cut here: read on with offset {end + 1}." : "")})\n";
        var what = !isWhole ? $"lines {mention.First}–{end} of {lines}" : part.Lines == 1 ? "1 line" : $"{lines} lines";
        return new(
            new MentionedPath(name, what, $"<file path=\"{Inert(mention.Path)}\">\n{CleanText.Of(part.Text)}{note}</file>\n"), seen);
    }

    /// <summary>The names in a directory.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static MentionContent Listing(string name, Mention mention)
    {
        var names = DirectoryNames.Of(mention.Path, out var isWhole);
        var all = $"{(isWhole ? "" : "more than ")}{names.Count:N0} {(names.Count == 1 ? "entry" : "entries")}";
        var more = names.Count > Limits.MentionEntries ? $"(the first {Limits.MentionEntries} of {all})\n" : "";
        var lines = string.Concat(names.Take(Limits.MentionEntries).Select(static one => $"{CleanText.Line(one)}\n"));
        return new(new MentionedPath(
            name, $"directory, {all}", $"<directory path=\"{Inert(mention.Path)}\">\n{lines}{more}</directory>\n"));
    }

    private static MentionContent Picture(string name, Mention mention, Func<ImageFile, string, StoredImage> keep)
    {
        if (ImageFile.Read(mention.Path, out var why) is not { } image)
        {
            return Remark(name, mention, $"not shown: it {why}");
        }

        return Remark(name, mention, image.Head.ToString()) with { Image = keep(image, mention.Path) };
    }

    /// <summary>A name from the disk that cannot end what it stands in.</summary>
    private static string Inert(string text) => CleanText.Line(text).Replace('"', '\'').Replace('<', '(');
}
