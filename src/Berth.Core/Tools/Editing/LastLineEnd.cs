namespace Berth.Core.Tools.Editing;

/// <summary>
/// What is meant when the old text ends with a line end and the new one does not. Models forget the last line end easily;
/// taken word for word, the line that follows would be joined to what stands before it.
/// </summary>
internal static class LastLineEnd
{
    /// <summary>The reason when it is not clear what is meant.</summary>
    public const string Unclear = "old_string ends with a line end and new_string does not, so the line that follows would be "
        + "joined to what stands before it. End new_string with a line end; if the lines are to be joined, let both texts go "
        + "on into the next line.";

    /// <summary>Where the replacement begins, and the new text as it is meant; null when that is not clear.</summary>
    /// <param name="place">Where <paramref name="old"/> stands in the text.</param>
    public static (int Start, string Fresh)? Meant(string text, int place, string old, string fresh)
    {
        if (!old.EndsWith('\n') || fresh.EndsWith('\n') || string.IsNullOrWhiteSpace(old))
        {
            return (place, fresh);
        }

        var isEnd = place + old.Length == text.Length;
        if (fresh.Length > 0)
        {
            // The file's last line end stays, unless nothing else is asked for than that it goes.
            return !isEnd ? null : (place, old.Length == fresh.Length + 1 && old.StartsWith(fresh, StringComparison.Ordinal) ? fresh : fresh + "\n");
        }

        var start = place == 0 ? 0 : text.LastIndexOf('\n', place - 1) + 1;
        return text.AsSpan(start, place - start).IsWhiteSpace() ? (start, fresh) : isEnd ? (place, "\n") : null;
    }
}
