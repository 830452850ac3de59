using System.Runtime.InteropServices;
using System.Text;
using Berth.Core.Settings;
using Berth.Platform;
using Berth.Tests.Processes;
using Xunit;

namespace Berth.Tests.Core.Settings;

/// <summary>One user's settings in a directory that goes away, and a project beside them.</summary>
internal sealed partial class SettingsPlace : IDisposable
{
    private readonly Scratch scratch = new();

    public SettingsPlace()
    {
        Paths = BerthPaths.From(new Dictionary<string, string> { ["BERTH_HOME"] = scratch.Path("home") }, "/");
        Directory.CreateDirectory(scratch.Path("work", ".git"));
        Project = Project.Of(scratch.Path("work"));
        Trust = new TrustStore(Paths, Time);
        Config = new ConfigStore(Paths, Trust, Time);
        Models = new ModelStore(Paths, Time);
        Edit = new ModelEdit(Paths, Models, Time);
    }

    /// <summary>A clock that is ahead of the disk's, so that no file counts as changed just now.</summary>
    public static TimeProvider Time { get; } = new Ahead();

    public BerthPaths Paths { get; }

    public Project Project { get; }

    public TrustStore Trust { get; }

    public ConfigStore Config { get; }

    public ModelStore Models { get; }

    public ModelEdit Edit { get; }

    public string Global => Config.FileOf(project: null);

    public string User => Config.FileOf(Project);

    public string Own => Path.Combine(Project.OwnDirectory, "config.json");

    public string ModelsFile => Path.Combine(Paths.Config, "models.json");

    public string KeysFile => Path.Combine(Paths.Config, "keys.json");

    public Config Now => Config.Get(Project);

    public string At(params ReadOnlySpan<string> parts) => scratch.Path(parts);

    /// <summary>Stores of a daemon that starts now: nothing is remembered.</summary>
    public ConfigStore Restarted() => new(Paths, new TrustStore(Paths, Time), Time);

    public static string Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    public static string Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public static void MakePipe(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Assert.Equal(0, mkfifo(path, 0x180));
    }

    public void Dispose() => scratch.Dispose();

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifo(string path, uint mode);

    private sealed class Ahead : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromHours(1);
    }
}
