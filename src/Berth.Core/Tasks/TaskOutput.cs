using System.Text;
using System.Text.RegularExpressions;
using Berth.Platform;
using Berth.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Berth.Core.Tasks;

/// <summary>A part of a task's output as text.</summary>
/// <param name="Omitted">Characters left out in the middle, exactly.</param>
/// <param name="Next">Byte offset at which the next read goes on.</param>
internal sealed record OutputText(string Text, long Omitted, long Next);

/// <summary>Some lines of a task's output.</summary>
/// <param name="First">Number of the first line, from 1; 0 when there are none.</param>
/// <param name="Last">Number of the last line.</param>
/// <param name="More">Lines that were asked for and had no room: go on after <paramref name="Last"/>.</param>
/// <param name="Problem">Why the answer is not whole, in words; null when it is.</param>
internal sealed record OutputPage(string Text, long First, long Last, bool More, string? Problem = null);

/// <summary>
/// Reads a task's output file, which keeps what was written byte for byte, as clean text: in bounded memory however
/// large it is, and while it grows. A file that is gone, or that its command made unreadable, reads as empty.
/// </summary>
/// <param name="file">Absolute path.</param>
internal sealed class TaskOutput(string file)
{
    private const int LastLineChars = 200;
    private const int LastLineBytes = 4 * 1024;

    // A control sequence or a character of several bytes makes bytes more than characters.
    private const int BytesPerChar = 3;
    private const int NoteChars = 200;
    private static readonly TimeSpan OneMatch = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AllMatches = TimeSpan.FromSeconds(2);

    /// <summary>The output in a file.</summary>
    public static TaskOutput Of(string file) => new(file);

    /// <summary>Bytes written so far.</summary>
    public long Bytes => Use(0L, static (_, length) => length);

    /// <summary>When something was last written; null when the file is gone.</summary>
    public DateTimeOffset? LastWritten => File.Exists(file) ? File.GetLastWriteTimeUtc(file) : null;

    /// <summary>What the model gets: all from an offset on, or its head and tail with the number of characters left out
    /// between them and the file's name.</summary>
    /// <param name="from">Byte offset: 0, or <see cref="OutputText.Next"/> of the read before.</param>
    /// <param name="ended">Nothing more will be written; else a half-written character waits for the next read.</param>
    /// <param name="limit">Most characters of the answer.</param>
    public OutputText Read(long from = 0, bool ended = true, int limit = Limits.OutputCharsToModel) =>
        Use(new OutputText("", 0, from), (handle, length) =>
        {
            // A command can make its own output file shorter; what is there then is new.
            from = from > length ? 0 : from;
            var to = ended ? length : OutputReader.WholeEnd(handle, from, length);
            if (OutputReader.IsBinary(handle, from, to))
            {
                return new OutputText(Binary(to - from), 0, to);
            }

            var room = Math.Max(2, limit - NoteChars - file.Length);
            var parts = new HeadAndTail(room / 3, room - (room / 3));
            OutputReader.Read(handle, from, to, parts);
            var (head, omitted, tail) = parts.Result();
            return new OutputText(omitted == 0 ? head : $"{EndLine(head)}{Note(omitted)}\n{tail}", omitted, to);
        });

    /// <summary>The end of the output, from a line's beginning where there is one.</summary>
    /// <param name="chars">Most characters of it.</param>
    public string Tail(int chars) => Use("", (handle, length) =>
    {
        var from = OutputReader.LineStart(handle, length - ((long)chars * BytesPerChar), length);
        if (OutputReader.IsBinary(handle, from, length))
        {
            return Binary(length);
        }

        // One character of a head is enough for the class; what is left out is not counted here.
        var parts = new HeadAndTail(0, chars);
        OutputReader.Read(handle, from, length, parts);
        var (head, omitted, tail) = parts.Result();
        return omitted == 0 ? head : tail;
    });

    /// <summary>
    /// The last lines, for a screen: without empty ones at the end, each cut to a number of characters.
    /// </summary>
    public IReadOnlyList<string> LastLines(int lines, int chars)
    {
        var tail = Tail(Math.Max(LastLineBytes, lines * chars)).TrimEnd();
        var all = tail.Length == 0 ? [] : tail.Split('\n');
        return [.. all.TakeLast(lines).Select(l => OneLine.Of(l, chars))];
    }

    /// <summary>The last line that says anything; null when there is none.</summary>
    public string? LastLine() => LastLines(1, LastLineChars) is [var line] && line.Length > 0 ? line : null;

    /// <summary>A page of lines.</summary>
    /// <param name="offset">Number of the first line, from 1.</param>
    /// <param name="limit">Most lines.</param>
    public OutputPage Page(long offset, int limit) => Collect(offset, limit, static line => line, OutputLines.LongestLine);

    /// <summary>The lines that a regular expression matches.</summary>
    /// <param name="pattern">In .NET's syntax. A pattern that takes too long is given up, and that is said.</param>
    /// <exception cref="ArgumentException">The pattern is none; the message says why.</exception>
    public OutputPage Filter(string pattern, long offset = 1, int limit = int.MaxValue)
    {
        var regex = Pattern(pattern);
        var until = Environment.TickCount64 + (long)AllMatches.TotalMilliseconds;
        try
        {
            return Collect(
                offset, limit,
                line => Environment.TickCount64 < until
                    ? LongLine.Matched(line, regex)
                    : throw new RegexMatchTimeoutException(line, pattern, AllMatches),
                LongLine.Searched);
        }
        catch (RegexMatchTimeoutException)
        {
            return new OutputPage("", 0, 0, More: false, $"The filter {pattern} takes too long on this output.");
        }
    }

    /// <summary>A look through the output, again and again while it grows, for lines that a regular expression matches.</summary>
    /// <exception cref="ArgumentException">The pattern is none; the message says why.</exception>
    public OutputScan Scan(string pattern) => new(file, Pattern(pattern));

    private static Regex Pattern(string pattern) => new(pattern, RegexOptions.CultureInvariant, OneMatch);

    private OutputPage Collect(long offset, int limit, Func<string, string?> shown, int longest) =>
        Use(new OutputPage("", 0, 0, More: false), (handle, length) =>
        {
            if (OutputReader.IsBinary(handle, 0, length))
            {
                return new OutputPage("", 0, 0, More: false, Binary(length));
            }

            var text = new StringBuilder();
            var (first, last, taken, more) = (0L, 0L, 0, false);
            var lines = new OutputLines((line, number) =>
            {
                if (number < offset || shown(line) is not { } part)
                {
                    return true;
                }

                more = taken == limit || text.Length + part.Length >= Limits.OutputCharsToModel;
                if (!more)
                {
                    (first, last, taken) = (first == 0 ? number : first, number, taken + 1);
                    text.Append(part).Append('\n');
                }

                return !more;
            }, longest);
            OutputReader.Read(handle, 0, length, lines);
            lines.Complete();
            return new OutputPage(text.ToString(), first, last, more);
        });

    private T Use<T>(T missing, Func<SafeFileHandle, long, T> read)
    {
        try
        {
            using var handle = PrivateFiles.OpenRead(file);
            return read(handle, RandomAccess.GetLength(handle));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return missing;
        }
    }

    private string Binary(long bytes) =>
        $"[binary output: {bytes} bytes, in {file}]";

    private string Note(long omitted) => $"[… {omitted} characters left out here; the whole output is in {file} …]";

    private static string EndLine(string text) => text.Length == 0 || text[^1] == '\n' ? text : text + "\n";
}
