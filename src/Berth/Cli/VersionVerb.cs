using Berth.App;

namespace Berth.Cli;

/// <summary><c>berth --version</c>.</summary>
internal static class VersionVerb
{
    /// <summary>Its row.</summary>
    public static Verb Row => new("version", ["berth --version"], "the version", [], Run);

    private static int Run(Arguments arguments, Output output)
    {
        arguments.Flag("--version");
        arguments.Flag("--json");
        arguments.None("berth --version");
        if (output.Json)
        {
            Output.Value(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("version"u8, ThisClient.Version);
                writer.WriteEndObject();
            });
        }
        else
        {
            output.Text($"berth {ThisClient.Version}\n");
        }

        return ExitCodes.Done;
    }
}
