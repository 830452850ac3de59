using Berth.App;
using Berth.Protocol.Messages;

namespace Berth.Cli;

/// <summary>The program from its arguments to its exit code.</summary>
internal static class CommandLine
{
    private const int BrokenPipe = 32; // EPIPE

    /// <summary>Finds the verb and runs it. The one place where failures become words and a code.</summary>
    public static int Run(string[] words)
    {
        var arguments = new Arguments(words);
        var output = new Output { Json = arguments.Has("--json") || arguments.Has("--stream") };
        try
        {
            return VerbOf(words, arguments).Run(arguments, output);
        }
        catch (CliFailure e)
        {
            output.Error(e.Error);
            return e.Code;
        }
        catch (ConnectFailure e)
        {
            output.Error(new ErrorInfo(e.Message, e.Hint));
            return ExitCodes.Failed;
        }
        catch (IOException e) when (e.HResult == BrokenPipe)
        {
            // Who reads our output has seen enough.
            return ExitCodes.Done;
        }
        catch (IOException e)
        {
            output.Error(new ErrorInfo(e.Message));
            return ExitCodes.Failed;
        }
    }

    private static Verb VerbOf(string[] words, Arguments arguments)
    {
        var first = words.Length > 0 ? words[0] : "";
        switch (first)
        {
            case "--version":
                return VersionVerb.Row;
            case "--help" or "-h" or "-?":
                return HelpVerb.Row;
            case "" or ['-', ..]:
                return arguments.Has("-p") || arguments.Has("--print") ? RunVerb.Row : TerminalVerb.Row;
        }

        var verb = VerbTable.Find(first);
        if (verb.Name == first)
        {
            _ = arguments.First();
        }

        return verb;
    }
}
