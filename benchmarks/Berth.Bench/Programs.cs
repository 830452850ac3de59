namespace Berth.Bench;

/// <summary>The programs that are measured, as <c>./berth</c> builds them, and the floor beside them.</summary>
/// <param name="Folder">Holds <c>berth</c> and <c>berthd</c>.</param>
/// <param name="Hello">A .NET program that says one word, built in the same way.</param>
internal sealed record Programs(string Folder, string Hello)
{
    private const string FolderVariable = "BERTH_BENCH_PROGRAMS";
    private const string HelloVariable = "BERTH_BENCH_HELLO";

    /// <summary>The client.</summary>
    public string Berth => Path.Combine(Folder, "berth");

    /// <summary>A shell, for floors.</summary>
    public static string Bash => "/bin/bash";

    /// <summary>What <c>./bench</c> built; null when this was not started by it.</summary>
    public static Programs? FromEnvironment() =>
        Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder
        && Environment.GetEnvironmentVariable(HelloVariable) is { Length: > 0 } hello
            ? new Programs(folder, hello) : null;
}
