using System.Text;
using System.Text.RegularExpressions;
using Berth.Platform;
using Microsoft.Win32.SafeHandles;

namespace Berth.Core.Tasks;

/// <summary>
/// Looks through an output that grows for lines that match, from its beginning on, and at each byte once: only a line
/// that is not whole yet is looked at again.
/// </summary>
internal sealed class OutputScan(string file, Regex pattern)
{
    private const int MostLines = 20;
    private const int PieceBytes = 64 * 1024;
    private long _at;

    /// <summary>The lines that match in what came since the last look; null when none does.</summary>
    /// <exception cref="RegexMatchTimeoutException">The pattern takes too long on this output.</exception>
    public string? Next()
    {
        try
        {
            using var handle = PrivateFiles.OpenRead(file);
            var length = RandomAccess.GetLength(handle);

            // A command can make its own output file shorter; what is there then is new.
            _at = _at > length ? 0 : _at;
            var matched = Matched(handle, length);
            _at = LastLineStart(handle, length);
            return matched;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private string? Matched(SafeFileHandle handle, long length)
    {
        var (text, count) = (new StringBuilder(), 0);
        var lines = new OutputLines(
            (line, _) =>
            {
                if (LongLine.Matched(line, pattern) is { } shown)
                {
                    text.Append(text.Length > 0 ? "\n" : "").Append(shown);
                    count++;
                }

                return count < MostLines;
            },
            LongLine.Searched);
        OutputReader.Read(handle, _at, length, lines);
        lines.Complete();
        return count == 0 ? null : text.ToString();
    }

    private long LastLineStart(SafeFileHandle handle, long length)
    {
        var buffer = new byte[PieceBytes];
        for (var end = length; end > _at;)
        {
            var begin = Math.Max(_at, end - PieceBytes);
            var piece = buffer.AsSpan(0, RandomAccess.Read(handle, buffer.AsSpan(0, (int)(end - begin)), begin));
            if (piece.LastIndexOf((byte)'\n') is >= 0 and var at)
            {
                return begin + at + 1;
            }

            end = begin;
        }

        return _at;
    }
}
