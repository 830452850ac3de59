using System.Text;
using Berth.Platform;

namespace Berth.Core.Instructions;

/// <summary>Runs git, with an environment of its own and to an end in time.</summary>
/// <param name="Program">Absolute path.</param>
/// <param name="Late">When it is killed.</param>
internal sealed record GitCall(
    string Program, string Root, string Home, Func<SpawnOptions, ChildProcess> Start, CancellationToken Late)
{
    /// <summary>What <c>git config</c> ends with when there is no such key.</summary>
    public const int NothingFound = 1;

    private const int MostBytes = 256 * 1024;
    private const int Kill = 9;

    // Objects that are missing must not be fetched: no protocol is allowed.
    private readonly Dictionary<string, string> environment = new()
    {
        ["HOME"] = Home, ["PATH"] = "/usr/local/bin:/usr/bin:/bin", ["LC_ALL"] = "C.UTF-8", ["GIT_OPTIONAL_LOCKS"] = "0",
        ["GIT_TERMINAL_PROMPT"] = "0", ["GIT_ALLOW_PROTOCOL"] = "none", ["GIT_NO_LAZY_FETCH"] = "1",
        ["GIT_CEILING_DIRECTORIES"] = Path.GetDirectoryName(Root) ?? "/",
    };

    /// <summary>What it writes, parted at NUL; null when it fails, is too late or says too much.</summary>
    /// <param name="alsoGood">An exit code that is no failure either.</param>
    public async Task<IReadOnlyList<string>?> AskAsync(IReadOnlyList<string> arguments, int alsoGood = 0)
    {
        using var output = OutputPipe.Create();
        ChildProcess child;
        try
        {
            child = Start(new SpawnOptions(Program, arguments, Root, environment, OutputTo: output.WriteEnd));
        }
        catch (SpawnFailure)
        {
            return null;
        }

        output.WriteEnd.Dispose();
        using var stop = Late.Register(() => child.SignalGroup(Kill));
        var text = await Task.Run(() => Read(output), CancellationToken.None).ConfigureAwait(false);
        if (text is null)
        {
            child.SignalGroup(Kill);
        }

        var ended = await child.Exited.ConfigureAwait(false);
        return text is not null && ended is Exited { Code: var code } && (code == 0 || code == alsoGood)
            ? text.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            : null;
    }

    private static string? Read(OutputPipe output)
    {
        var bytes = new byte[MostBytes];
        var length = 0;
        while (length < bytes.Length && output.Read(bytes.AsSpan(length)) is > 0 and var read)
        {
            length += read;
        }

        return length == bytes.Length ? null : Encoding.UTF8.GetString(bytes, 0, length);
    }
}
