using System.Globalization;
using System.Text;
using Berth.Platform;

namespace Berth.Core.Tasks;

/// <summary>
/// Hands out the numbers of tasks: from 1, unique per installation, never used again, also not after kill -9. The file
/// holds the first number that is not reserved; numbers are reserved a few at a time, so that most starts wait for no
/// disk, and what is left over is given back by a clean stop.
/// </summary>
/// <param name="file">In the state directory. Only one process may use it at a time.</param>
public sealed class TaskNumbers(string file) : IDisposable
{
    private const int Block = 8;
    private readonly Lock _gate = new();
    private long _next;
    private long _reserved;

    /// <summary>A number that nobody else has or had.</summary>
    /// <exception cref="IOException">The file cannot be read or written, or holds no number: handing out any then could
    /// give two tasks the same one.</exception>
    public long Next()
    {
        lock (_gate)
        {
            if (_next == _reserved)
            {
                _next = _next == 0 ? Stored() : _next;
                Store(_next + Block);
                _reserved = _next + Block;
            }

            return _next++;
        }
    }

    /// <summary>Gives the numbers back that were reserved and not used.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_next != _reserved)
            {
                Store(_next);
                _reserved = _next;
            }
        }
    }

    private void Store(long number) =>
        PrivateFiles.WriteAtomically(file, Encoding.ASCII.GetBytes($"{number}\n"));

    private long Stored()
    {
        if (!File.Exists(file))
        {
            return 1;
        }

        var text = File.ReadAllText(file).AsSpan().Trim();
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new IOException($"{file} holds no number. Write one into it that is above every task's so far.");
    }
}
