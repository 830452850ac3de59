namespace Berth.Bench.Place;

/// <summary>A directory that goes away with the measurement.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>Absolute.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("berth-bench-").FullName;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
