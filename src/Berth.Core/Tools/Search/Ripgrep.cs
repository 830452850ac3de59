using Berth.Platform;

namespace Berth.Core.Tools.Search;

/// <summary>
/// ripgrep, where the session's PATH has it, as the fast eye over a large tree: it names the files that have a match, and
/// what is shown is found in these by our own search, so that results are the same with and without it.
/// </summary>
internal static class Ripgrep
{
    // It reads no configuration, runs no program, and takes the pattern and the path for nothing else.
    private static readonly string[] Safe =
    [
        "--no-config", "--no-messages", "--color=never", "--files-with-matches", "--null", "--crlf",
        "--no-require-git", "--no-ignore-global", "--no-ignore-dot", "--glob=!.git",
    ];

    private const int NoMatch = 1;
    private const int Error = 2;
    private const int Kill = 9;

    /// <summary>The files below a directory with a match, in the order of their paths.</summary>
    /// <param name="takesHidden">As in <see cref="FileWalk"/>.</param>
    /// <param name="most">Files; more make the answer null.</param>
    /// <returns>Null when ripgrep did not answer for sure: its regular expressions lack what this one needs, it met an error,
    /// or there are too many files.</returns>
    public static async Task<List<string>?> FilesAsync(
        string program, LinePattern pattern, string root, bool takesHidden, int most,
        Func<SpawnOptions, ChildProcess> start, CancellationToken cancellation)
    {
        string[] hidden = takesHidden ? ["--hidden"] : [];
        using var output = OutputPipe.Create();
        var options = new SpawnOptions(
            program, [.. Safe, .. hidden, $"--regexp={pattern.Text}", "--", root], root, new Dictionary<string, string>(),
            OutputTo: output.WriteEnd);
        ChildProcess child;
        try
        {
            child = start(options);
        }
        catch (SpawnFailure)
        {
            return null;
        }

        output.WriteEnd.Dispose();
        using var stop = cancellation.Register(() => child.SignalGroup(Kill));
        var files = await Task.Run(() => Read(output, most), CancellationToken.None).ConfigureAwait(false);
        if (files is null)
        {
            child.SignalGroup(Kill);
        }

        var ended = await child.Exited.ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        if (files is null || !IsSure(ended, files.Count))
        {
            return null;
        }

        files.Sort(StringComparer.Ordinal);
        return files;
    }

    // An error (2) beside results is a file that could not be read; without any it may be a pattern not understood.
    private static bool IsSure(ExitStatus ended, int files) =>
        ended is Exited { Code: 0 or NoMatch } || (ended is Exited { Code: Error } && files > 0);

    // Paths end with a NUL each. Null when there are too many.
    private static List<string>? Read(OutputPipe output, int most)
    {
        var files = new List<string>();
        var rest = new List<byte>();
        var block = new byte[64 * 1024];
        while (output.Read(block) is > 0 and var read)
        {
            var bytes = block.AsSpan(0, read);
            for (var end = bytes.IndexOf((byte)0); end >= 0; end = bytes.IndexOf((byte)0))
            {
                rest.AddRange(bytes[..end]);
                files.Add(System.Text.Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(rest)));
                rest.Clear();
                bytes = bytes[(end + 1)..];
            }

            rest.AddRange(bytes);
            if (files.Count > most || rest.Count > block.Length)
            {
                return null;
            }
        }

        return files;
    }
}
