using System.Collections;
using Berth.Platform;
using Berth.Protocol.Messages;
using Berth.Protocol.Wire;

namespace Berth.App;

/// <summary>What this process is and brings, as it tells the daemon.</summary>
internal static class ThisClient
{
    /// <summary>The version of this build, for example "0.1.0".</summary>
    public static string Version => typeof(ThisClient).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>The folder this program stands in; <c>berthd</c> stands beside it.</summary>
    public static string Build => AppContext.BaseDirectory;

    /// <summary>The first message of a connection.</summary>
    /// <exception cref="ConnectFailure">The working directory is gone.</exception>
    public static Hello Hello(bool terminal, int columns, int rows) => new(
        ProtocolVersion.Current, Version, Build, Directory(), Variables(), CurrentProcess.Umask, terminal, columns, rows);

    /// <summary>The environment of this process.</summary>
    public static Dictionary<string, string> Variables()
    {
        var all = Environment.GetEnvironmentVariables();
        var variables = new Dictionary<string, string>(all.Count);
        foreach (DictionaryEntry one in all)
        {
            variables[(string)one.Key] = (string?)one.Value ?? "";
        }

        return variables;
    }

    /// <summary>The working directory.</summary>
    /// <exception cref="ConnectFailure">It is gone.</exception>
    public static string Directory()
    {
        try
        {
            return Environment.CurrentDirectory;
        }
        catch (IOException e)
        {
            throw new ConnectFailure("The current directory is gone.", "Change to another one.", e);
        }
    }
}
