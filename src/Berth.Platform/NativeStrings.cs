using System.Runtime.InteropServices;
using System.Text;

namespace Berth.Platform;

/// <summary>A null-ended array of C strings in native memory, as exec wants its arguments and variables.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private byte** _pointers;

    /// <exception cref="SpawnFailure">A string holds a NUL, which would cut it.</exception>
    public NativeStrings(IReadOnlyList<string> strings)
    {
        var bytes = 0;
        foreach (var text in strings)
        {
            if (text.Contains('\0'))
            {
                throw new SpawnFailure("The command or a variable holds a NUL, which no program can be given.");
            }

            bytes += Encoding.UTF8.GetByteCount(text) + 1;
        }

        var table = (strings.Count + 1) * sizeof(byte*);
        _pointers = (byte**)NativeMemory.Alloc((nuint)(table + bytes));
        var next = (byte*)_pointers + table;
        var end = next + bytes;
        for (var i = 0; i < strings.Count; i++)
        {
            _pointers[i] = next;
            next += Encoding.UTF8.GetBytes(strings[i], new Span<byte>(next, (int)(end - next)));
            *next++ = 0;
        }

        _pointers[strings.Count] = null;
    }

    public byte** Pointers => _pointers;

    public void Dispose()
    {
        NativeMemory.Free(_pointers);
        _pointers = null;
    }
}
