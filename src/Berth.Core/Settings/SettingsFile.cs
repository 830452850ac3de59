using Berth.Platform;
using Berth.Protocol;

namespace Berth.Core.Settings;

/// <summary>What a settings file says now.</summary>
/// <param name="Value">What is in force: the file's, or what it said when it was last whole.</param>
/// <param name="Broken">Why the file as it stands does not count; null when it does.</param>
/// <param name="Lost">The file is broken and was never seen whole: nobody knows what it meant to say.</param>
internal sealed record SettingsReading<T>(T Value, SettingsWarning? Broken = null, bool Lost = false);

/// <summary>
/// One settings file. Each look costs a stat; the file is read again when it changed, by whomever. A file that got
/// broken keeps in force what it said before.
/// </summary>
/// <param name="path">Of the file; it may be missing.</param>
/// <param name="missing">What a missing file means.</param>
/// <param name="read">Understands the text; throws <see cref="PlacedJsonException"/> when it is not of its form.</param>
internal sealed class SettingsFile<T>(string path, TimeProvider time, T missing, Func<PlacedJson, T> read)
    where T : class
{
    /// <summary>
    /// Two writes within one tick of a file system's clock leave equal facts, so a file that changed just now is
    /// looked into again.
    /// </summary>
    private static readonly TimeSpan ClockTick = TimeSpan.FromMilliseconds(100);

    private readonly Lock gate = new();
    private SettingsReading<T> last = new(missing);
    private FileFacts? seen;
    private T? good;

    /// <summary>The file's path.</summary>
    public string Path => path;

    /// <summary>What the file says now. The same object as long as nothing changed.</summary>
    public SettingsReading<T> Read()
    {
        lock (gate)
        {
            var now = FileFacts.Of(path);
            if (now is null && FileFacts.IsMissing(path))
            {
                last = good is null && last.Broken is null ? last : new SettingsReading<T>(missing);
                good = null;
                seen = null;
            }
            else if (now is null || now != seen)
            {
                last = Fresh();
            }

            return last;
        }
    }

    private SettingsReading<T> Fresh()
    {
        seen = null;
        try
        {
            var bytes = FileFacts.ReadRegular(path, Limits.SettingsFileBytes, out var facts);
            seen = time.GetUtcNow() - facts.Changed > ClockTick ? facts : null;
            good = read(PlacedJson.Parse(bytes));
            return new SettingsReading<T>(good);
        }
        catch (PlacedJsonException failure)
        {
            return Broken(failure.Line, failure.Column, failure.Message);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Broken(null, null, failure.Message);
        }
    }

    private SettingsReading<T> Broken(int? line, int? column, string why)
    {
        var force = good is null
            ? "nothing of it is in force"
            : "what it said before stays in force";
        return new SettingsReading<T>(
            good ?? missing, new SettingsWarning(path, line, column, $"{why} ({force})"), good is null);
    }
}
