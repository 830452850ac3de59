namespace Berth.Cli;

/// <summary>One verb of the program: a row of <see cref="VerbTable"/>, and a function in a file of its own.</summary>
/// <param name="Name">The word behind <c>berth</c>.</param>
/// <param name="Usage">The right forms of the call, a line each.</param>
/// <param name="Summary">What it does, one line.</param>
/// <param name="Details">More lines for <c>berth help NAME</c>.</param>
/// <param name="Run">Does it and returns the exit code.</param>
internal sealed record Verb(
    string Name, IReadOnlyList<string> Usage, string Summary, IReadOnlyList<string> Details,
    Func<Arguments, Output, int> Run);
