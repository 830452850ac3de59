using Microsoft.Win32.SafeHandles;

namespace Berth.Platform;

/// <summary>
/// What a process is started with. It gets its own process session, default signals, standard input from /dev/null and
/// nothing of ours: no file descriptor, no controlling terminal, no variable but these.
/// </summary>
/// <param name="File">Absolute path of the program.</param>
/// <param name="Arguments">Without the program's name.</param>
/// <param name="Directory">Absolute path it starts in.</param>
/// <param name="Environment">All its variables.</param>
/// <param name="Output">File to which its standard output is appended (made 0600); null: /dev/null.</param>
/// <param name="Error">The same for standard error; null: where the output goes.</param>
/// <param name="Name">What it sees as its own name (<c>$0</c>); null: the path.</param>
/// <param name="OutputTo">The open end of a pipe, to which its standard output goes instead; standard error then goes nowhere.</param>
public sealed record SpawnOptions(
    string File, IReadOnlyList<string> Arguments, string Directory, IReadOnlyDictionary<string, string> Environment,
    string? Output = null, string? Error = null, string? Name = null,
    SafeFileHandle? OutputTo = null);

/// <summary>A process could not be started. The message says why, in words for people.</summary>
public sealed class SpawnFailure(string what) : IOException(what);
