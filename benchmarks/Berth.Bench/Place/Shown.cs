using System.Buffers;

namespace Berth.Bench.Place;

/// <summary>What to look for on a terminal.</summary>
internal static class Shown
{
    /// <summary>The sign in front of the line: with it the prompt stands.</summary>
    public const string Prompt = "❯";

    private const int IdLength = 8;

    private static readonly SearchValues<byte> Hex = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>A session's id in brackets, as the status line shows it once the daemon's look has been worked in.</summary>
    public static int Session(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; bytes[at..].IndexOf((byte)'[') is >= 0 and var next; at += next + 1)
        {
            var id = bytes[(at + next + 1)..];
            if (id.Length > IdLength && id[IdLength] == ']' && !id[..IdLength].ContainsAnyExcept(Hex))
            {
                return at + next + IdLength + 2;
            }
        }

        return -1;
    }
}
