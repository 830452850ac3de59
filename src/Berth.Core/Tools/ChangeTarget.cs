using Berth.Core.Tools.Editing;
using Berth.Core.Tools.Search;
using Berth.Platform;
using Berth.Protocol;

namespace Berth.Core.Tools;

/// <summary>The file that a call would change, as it is now.</summary>
/// <param name="Path">Where it really lies: links stay, and what they name is written.</param>
/// <param name="Shown">As results name it.</param>
/// <param name="Facts">Null: there is none yet.</param>
/// <param name="Content">Null: there is none, or it is too large to be held.</param>
/// <param name="Problem">Why the session must not change it, in words for the model; null when it may.</param>
internal sealed record ChangeTarget(string Path, string Shown, FileFacts? Facts, byte[]? Content, string? Problem)
{
    /// <summary>Looks at a file.</summary>
    /// <param name="path">Absolute, as <see cref="ToolContext.Resolve"/> gives it.</param>
    public static ChangeTarget Look(string path, ToolContext context)
    {
        var real = context.RealPath(path);
        var shown = context.Show(path);
        if (path.EndsWith('/'))
        {
            return Refused($"{shown} is the path of a directory. Give the path of a file.");
        }

        if (FileFacts.Of(real, follow: false) is not { } facts)
        {
            return new ChangeTarget(real, shown, null, null, WhyNone(real, shown));
        }

        if (facts.Kind != FileKind.Regular)
        {
            return Refused(facts.Kind switch
            {
                FileKind.Directory => $"{shown} is a directory. Give the path of a file.",
                FileKind.Link => $"{shown} is a symbolic link that leads nowhere: its chain of links has no end.",
                _ => $"{shown} is a device, pipe or socket and is not written to. Use bash if that is what you mean.",
            });
        }

        try
        {
            var content = facts.Size <= Limits.EditFileBytes ? FileFacts.ReadRegular(real, Limits.EditFileBytes, out _) : null;
            return new ChangeTarget(real, shown, facts, content, context.Files.Of(real, facts, content) switch
            {
                FileStanding.Unread =>
                    $"{shown} exists and this session has not read it (what was read before a restart does not count). Read it "
                    + "first, any part of it, then make the change.",
                FileStanding.Changed when context.Files.UnseenChange(real, facts) is { } change => OfAnother(change, shown, facts, context),
                FileStanding.Changed =>
                    $"{shown} changed on disk since this session read or wrote it; nothing was changed. Read it again, "
                    + "see what is different, then make the change anew.",
                _ => null,
            });
        }
        catch (IOException e)
        {
            return Refused($"{shown} {e.Message}.");
        }

        ChangeTarget Refused(string why) => new(real, shown, FileFacts.Of(real, follow: false), null, why);
    }

    /// <summary>Puts a content in the file's place, and the directories above it where they are missing.</summary>
    /// <exception cref="IOException">It changed since it was looked at, or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Write(byte[] content, ToolContext context)
    {
        if (Facts is null)
        {
            ProjectFiles.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!, context.Umask);
        }

        context.Files.Change(
            Path, context.Time.GetUtcNow(), FileRegistry.HashOf(content),
            () => ProjectFiles.Write(Path, content, context.Umask, Facts));
    }

    /// <summary>The text of the file with its format; null when it is no text (or not held).</summary>
    public (string Text, TextFormat Format)? Read() =>
        Content is not null && TextFormat.Of(Content) is { } format && format.Decode(Content) is { } text ? (text, format) : null;

    private static string OfAnother(FileChange change, string shown, FileFacts facts, ToolContext context)
    {
        var name = context.NameOf(change.Session) is { Length: > 0 } known ? $" \"{known}\"" : "";
        var at = TimeZoneInfo.ConvertTime(change.At, context.Time.LocalTimeZone);
        var after = change.Facts == facts ? "" : " It changed on disk once more after that.";
        return $"Another session changed {shown} since this one read or wrote it: session {change.Session}{name}, at {at:HH:mm:ss}; "
            + $"nothing was changed here.{after} Read it again, keep what the other session did, then make the change anew.";
    }

    private static string? WhyNone(string real, string shown)
    {
        if (!FileFacts.IsMissing(real))
        {
            return $"{shown} cannot be reached: no permission, or the path is too long.";
        }

        // The nearest part of the path that is there must be a directory.
        var above = System.IO.Path.GetDirectoryName(real);
        while (above is not null && FileFacts.Of(above) is null)
        {
            above = System.IO.Path.GetDirectoryName(above);
        }

        return above is null || FileFacts.Of(above) is { Kind: FileKind.Directory }
            ? null
            : $"{shown} cannot be made: {ShownPath.Of(above)} is no directory.";
    }
}
