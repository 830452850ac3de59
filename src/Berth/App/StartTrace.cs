using System.Runtime;
using Berth.Platform;

namespace Berth.App;

/// <summary>
/// Counts what the prompt cost: the number of methods compiled before it is a measure of the start that no clock
/// disturbs.
/// </summary>
internal static class StartTrace
{
    /// <summary>Appends <c>{"methods":N}</c> to a file; does nothing without one.</summary>
    public static void Write(string? path)
    {
        if (path is null)
        {
            return;
        }

        var methods = JitInfo.GetCompiledMethodCount();
        using var file = PrivateFiles.OpenAppend(path);
        RandomAccess.Write(file, System.Text.Encoding.UTF8.GetBytes($"{{\"methods\":{methods}}}\n"), 0);
    }
}
