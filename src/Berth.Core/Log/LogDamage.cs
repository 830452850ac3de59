using System.Globalization;
using Berth.Platform;
using Microsoft.Win32.SafeHandles;

namespace Berth.Core.Log;

/// <summary>Something in a journal that was not whole when it was opened.</summary>
/// <param name="What">One line for people.</param>
/// <param name="KeptIn">The file beside the journal that holds the damaged bytes.</param>
internal sealed record LogDamage(string What, string KeptIn)
{
    /// <summary>
    /// Cuts a torn tail off the file after keeping its bytes beside; keeps a copy of a file that is damaged in the
    /// middle, which itself stays as it is.
    /// </summary>
    /// <exception cref="IOException">The bytes cannot be kept; then nothing is cut.</exception>
    internal static IReadOnlyList<LogDamage> KeepAside(
        string path, SafeFileHandle handle, JournalScan scan, TimeProvider time, IDisk disk)
    {
        var found = new List<LogDamage>();
        var stamp = time.GetUtcNow().ToString("yyyyMMdd-HHmmss-fff", CultureInfo.InvariantCulture);
        if (scan.Damaged.Count > 0)
        {
            var bytes = scan.Damaged.Sum(d => d.Length);
            var copy = $"{path}.damaged-{scan.Damaged[0].Offset}";
            if (!File.Exists(copy))
            {
                Copy(handle, 0, scan.FileLength, copy);
            }

            found.Add(new LogDamage(
                $"{bytes} damaged bytes in {Path.GetFileName(path)} are skipped (the first at byte {scan.Damaged[0].Offset}).",
                copy));
        }

        if (scan.FileLength > scan.WholeLength)
        {
            var copy = $"{path}.tail-{stamp}";
            Copy(handle, scan.WholeLength, scan.FileLength - scan.WholeLength, copy);
            disk.Cut(handle, scan.WholeLength);
            found.Add(new LogDamage(
                $"{scan.FileLength - scan.WholeLength} bytes of an unfinished write were cut off {Path.GetFileName(path)}.",
                copy));
        }

        return found;
    }

    /// <summary>The same findings for a file that may only be read: nothing is cut and nothing kept beside.</summary>
    internal static IReadOnlyList<LogDamage> Named(string path, JournalScan scan)
    {
        var bytes = scan.Damaged.Sum(d => d.Length) + scan.FileLength - scan.WholeLength;
        return bytes == 0 ? [] : [new LogDamage($"{bytes} damaged bytes in {Path.GetFileName(path)} are skipped.", path)];
    }

    private static void Copy(SafeFileHandle from, long offset, long length, string to)
    {
        using var target = PrivateFiles.OpenReadWrite(to);
        var buffer = new byte[64 * 1024];
        for (long done = 0; done < length;)
        {
            var read = RandomAccess.Read(from, buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - done)), offset + done);
            if (read == 0)
            {
                break;
            }

            PrivateFiles.Write(target, buffer.AsSpan(0, read), done);
            done += read;
        }

        PrivateFiles.SyncData(target);
    }
}
