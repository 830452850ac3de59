using System.Runtime.Versioning;
using Xunit;

[assembly: UnsupportedOSPlatform("windows")]

namespace Berth.Tests.Processes;

/// <summary>A directory that goes away with the test.</summary>
internal sealed class Scratch : IDisposable
{
    public Scratch() => Root = Directory.CreateTempSubdirectory("berth-").FullName;

    public string Root { get; }

    public string Path(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Root, .. parts]);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (IOException)
        {
            // A process of the test may still be writing; the system cleans its temporary directory.
        }
    }
}

/// <summary>Waits for the thing itself, looking often and never for ever.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(5);

    public static Task True(Func<bool> what, string meaning) => TrueAsync(() => Task.FromResult(what()), meaning);

    public static async Task TrueAsync(Func<Task<bool>> what, string meaning)
    {
        var until = Environment.TickCount64 + (long)Longest.TotalMilliseconds;
        while (!await what())
        {
            Assert.True(Environment.TickCount64 < until, $"never came true: {meaning}");
            await Task.Delay(Between);
        }
    }
}

/// <summary>Tests that change what the whole process shares (its umask) run while no other test does.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;
