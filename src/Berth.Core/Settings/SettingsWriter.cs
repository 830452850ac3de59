using Berth.Platform;
using Berth.Protocol;

namespace Berth.Core.Settings;

/// <summary>
/// Changes settings files so that two writers at once lose nothing: one lock for all of them between the processes
/// that know it, and a last comparison for editors, which do not.
/// </summary>
/// <param name="directory">The user's config directory; the lock stands in it.</param>
internal sealed class SettingsWriter(string directory, TimeProvider time)
{
    private const int Attempts = 5;

    /// <summary>Replaces a file's content by what an edit makes of it.</summary>
    /// <param name="path">A missing file is empty, and made with its directory.</param>
    /// <param name="edit">Old bytes to new; called again when the file changed meanwhile. The same bytes: no write.</param>
    /// <returns>Whether the file changed.</returns>
    /// <exception cref="SettingsFailure">The file is broken, busy, or cannot be written; nothing changed.</exception>
    public async Task<bool> ChangeAsync(string path, Func<byte[], byte[]> edit, CancellationToken cancellation)
    {
        try
        {
            PrivateFiles.CreateDirectory(directory);
            using var held = await FileLock.TakeAsync(
                System.IO.Path.Combine(directory, "lock"), Limits.SettingsLock, time, cancellation)
                ?? throw new SettingsFailure("the settings are being changed by another program", "Try again");
            PrivateFiles.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var old = Content(path);
                var changed = edit(old);
                if (changed.AsSpan().SequenceEqual(old))
                {
                    return false;
                }

                if (Content(path).AsSpan().SequenceEqual(old))
                {
                    PrivateFiles.WriteAtomically(path, changed);
                    return true;
                }
            }

            throw new SettingsFailure($"{path} changes all the time; nothing was written", "Try again");
        }
        catch (PlacedJsonException failure)
        {
            throw new SettingsFailure(
                $"{path}:{failure.Line}:{failure.Column}: {failure.Message}; nothing was written",
                "Mend the file first", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SettingsFailure($"{path} was not written: {failure.Message}", null, failure);
        }
    }

    private static byte[] Content(string path) =>
        FileFacts.IsMissing(path) ? [] : FileFacts.ReadRegular(path, Limits.SettingsFileBytes, out _);
}
