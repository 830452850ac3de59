using System.Text;
using Berth.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Berth.Core.Sessions;

/// <summary>
/// The output file of a group: what its sub-agents said and did, line by line, each line with the name of who it is
/// from. Written by the group's one reader.
/// </summary>
internal sealed class AgentOutput(SafeFileHandle file) : IDisposable
{
    private readonly StringBuilder text = new();

    /// <summary>Lines written.</summary>
    public long Lines { get; private set; }

    /// <summary>Bytes written.</summary>
    public long Bytes { get; private set; }

    /// <summary>The last line that was written; null before the first.</summary>
    public string? Last { get; private set; }

    /// <summary>It is as long as a task's output may be.</summary>
    public bool IsFull => Bytes >= Limits.TaskOutputBytes;

    /// <summary>Writes lines of one sub-agent.</summary>
    /// <exception cref="IOException">They could not be written.</exception>
    public void Write(string name, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0 || IsFull)
        {
            return;
        }

        text.Clear();
        foreach (var line in lines)
        {
            text.Append('[').Append(name).Append("] ").Append(line.TrimEnd('\r')).Append('\n');
            Last = line;
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        RandomAccess.Write(file, bytes, Bytes);
        Bytes += bytes.Length;
        Lines += lines.Count;
    }

    public void Dispose() => file.Dispose();
}
