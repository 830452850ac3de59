using System.Buffers;
using System.Text;
using Berth.Core.Tools.Editing;
using Berth.Platform;
using Microsoft.Win32.SafeHandles;

namespace Berth.Core.Tools.Search;

/// <summary>A line of a result.</summary>
/// <param name="IsMatch">False: it only stands beside one.</param>
internal readonly record struct FoundLine(long Number, string Text, bool IsMatch);

/// <summary>What one file brought.</summary>
/// <param name="Lines">In order; those beyond the limit are counted only.</param>
/// <param name="Matches">All lines that match.</param>
internal sealed record FileHits(string Path, IReadOnlyList<FoundLine> Lines, long Matches, FileSkip Skip = FileSkip.No);

/// <summary>Why a file was not searched.</summary>
internal enum FileSkip
{
    /// <summary>It was.</summary>
    No,

    /// <summary>It is no text.</summary>
    Binary,

    /// <summary>It went away, may not be read, or is no regular file.</summary>
    Unreadable,
}

/// <summary>Looks for a pattern in the lines of one file, in blocks: neither a huge file nor a huge line is ever in memory.
/// </summary>
/// <param name="Context">Lines beside every match.</param>
/// <param name="Most">Matches of the file that are kept.</param>
internal sealed record FileSearch(LinePattern Pattern, int Context, int Most)
{
    private const int BlockBytes = 256 * 1024;
    private const int LongestLine = 1024 * 1024;
    private const int ShownChars = 500;
    private const int ShownBefore = 100;

    /// <summary>Searches.</summary>
    /// <exception cref="System.Text.RegularExpressions.RegexMatchTimeoutException">The pattern takes too long.</exception>
    public FileHits Search(string path, CancellationToken cancellation)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            using var file = FileFacts.OpenRegular(path, out _, follow: false);
            var read = RandomAccess.Read(file, block.AsSpan(0, BlockBytes), 0);
            return TextFormat.Of(block.AsSpan(0, read)) is { } format
                ? new Run(this, path, format).Read(file, block, read, cancellation)
                : new FileHits(path, [], 0, FileSkip.Binary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new FileHits(path, [], 0, FileSkip.Unreadable);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    /// <summary>The line as results show it: a long one around its match.</summary>
    private string Shown(ReadOnlySpan<char> line, bool isMatch)
    {
        if (line.Length <= ShownChars)
        {
            return line.ToString();
        }

        var from = isMatch ? Math.Max(0, Math.Min(Pattern.FirstIn(line) - ShownBefore, line.Length - ShownChars)) : 0;
        from += from > 0 && char.IsLowSurrogate(line[from]) ? 1 : 0;
        var to = Math.Min(from + ShownChars, line.Length);
        to -= to < line.Length && char.IsHighSurrogate(line[to - 1]) ? 1 : 0;
        return $"{(from > 0 ? "…" : "")}{line[from..to]}{(to < line.Length ? "…" : "")}";
    }

    private sealed class Run(FileSearch search, string path, TextFormat format)
    {
        private readonly List<FoundLine> found = [];
        private readonly Queue<FoundLine> before = [];
        private readonly Utf8Stream toUtf8 = new(format);
        private char[] text = [];
        private int length;
        private bool skipsLine;
        private long number = 1;
        private long matches;
        private int after;

        public FileHits Read(SafeFileHandle file, byte[] block, int read, CancellationToken cancellation)
        {
            var decoder = Encoding.UTF8.GetDecoder();
            for (long offset = 0; ; read = RandomAccess.Read(file, block.AsSpan(0, BlockBytes), offset))
            {
                cancellation.ThrowIfCancellationRequested();
                var bytes = block.AsSpan(0, read);
                var utf8 = toUtf8.Convert(offset == 0 ? bytes[Math.Min(format.MarkBytes, read)..] : bytes, isLast: read == 0);
                EnsureRoom(length + utf8.Length + 4);
                length += decoder.GetChars(utf8, text.AsSpan(length), flush: read == 0);
                Take(isLast: read == 0);
                offset += read;
                if (read == 0)
                {
                    return new FileHits(path, found, matches);
                }
            }
        }

        // Takes the whole lines at hand, and leaves the beginning of the next one.
        private void Take(bool isLast)
        {
            var ready = text.AsSpan(0, length);
            var end = isLast ? length : ready.LastIndexOf('\n') + 1;
            if (end > 0)
            {
                Lines(ready[..end]);
                ready[end..].CopyTo(text);
                length -= end;
            }
            else if (length > LongestLine)
            {
                // Of a line that has no end its beginning is searched.
                if (!skipsLine)
                {
                    Line(ready);
                }

                (skipsLine, length) = (true, 0);
            }
        }

        private void Lines(ReadOnlySpan<char> ready)
        {
            if (search.Context == 0 && !skipsLine && !search.Pattern.MayMatch(ready))
            {
                number += ready.Count('\n');
                return;
            }

            while (ready.Length > 0)
            {
                var end = ready.IndexOf('\n');
                var line = end < 0 ? ready : ready[..end];
                if (!skipsLine)
                {
                    Line(line is [.., '\r'] ? line[..^1] : line);
                }

                skipsLine = false;
                number += end < 0 ? 0 : 1;
                ready = end < 0 ? default : ready[(end + 1)..];
            }
        }

        private void Line(ReadOnlySpan<char> line)
        {
            if (search.Pattern.Matches(line))
            {
                matches++;
                if (matches <= search.Most)
                {
                    found.AddRange(before);
                    before.Clear();
                    found.Add(new FoundLine(number, search.Shown(line, isMatch: true), IsMatch: true));
                    after = search.Context;
                    return;
                }
            }

            if (after > 0)
            {
                after--;
                found.Add(new FoundLine(number, search.Shown(line, isMatch: false), IsMatch: false));
            }
            else if (search.Context > 0 && matches < search.Most)
            {
                before.Enqueue(new FoundLine(number, search.Shown(line, isMatch: false), IsMatch: false));
                if (before.Count > search.Context)
                {
                    before.Dequeue();
                }
            }
        }

        // It begins as small as the file: most files are, and there may be a hundred thousand of them.
        private void EnsureRoom(int room)
        {
            if (text.Length < room)
            {
                Array.Resize(ref text, Math.Max(room, 2 * text.Length));
            }
        }
    }
}
