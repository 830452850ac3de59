using Berth.Cli;

namespace Berth;

internal static class Program
{
    private static int Main(string[] words) => CommandLine.Run(words);
}
