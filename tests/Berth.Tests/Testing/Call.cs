using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Berth.Platform;

namespace Berth.Tests.Testing;

/// <summary>A running <c>berth</c>, with what it has written so far.</summary>
internal sealed class Call
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();
    private readonly Task reading;

    public Call(BerthHome home, IReadOnlyList<string> arguments, string? input, string directory)
    {
        var start = new ProcessStartInfo(BerthHome.Program, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var name in new[] { "PATH", "DOTNET_ROOT" })
        {
            start.Environment[name] = Environment.GetEnvironmentVariable(name) ?? "";
        }

        start.Environment["HOME"] = home.Home;
        start.Environment["BERTH_HOME"] = home.Home;
        foreach (var (name, value) in home.Variables)
        {
            start.Environment[name] = value;
        }

        process = Process.Start(start)!;
        reading = Task.WhenAll(
            Task.Run(() => Read(process.StandardOutput, output)), Task.Run(() => Read(process.StandardError, errors)));
        if (input is not null)
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
    }

    /// <summary>What it has written to standard output.</summary>
    public string Out => Copy(output);

    /// <summary>What it has written to standard error.</summary>
    public string Error => Copy(errors);

    /// <summary>Sends it a signal by number.</summary>
    public void Signal(PosixSignal signal) => ProcessTable.Signal(
        process.Id, CurrentProcess.StartTicks(process.Id), signal == PosixSignal.SIGINT ? 2 : signal == PosixSignal.SIGTERM ? 15 : 9);

    /// <summary>Waits for its end.</summary>
    public Ran End()
    {
        if (!process.WaitForExit(Longest) || !reading.Wait(Longest))
        {
            process.Kill();
            throw new TimeoutException($"berth did not end.\n{Out}\n{Error}");
        }

        return new Ran(process.ExitCode, Out, Error);
    }

    private static void Read(StreamReader from, StringBuilder into)
    {
        var buffer = new char[4096];
        while (from.Read(buffer) is > 0 and var count)
        {
            lock (into)
            {
                into.Append(buffer, 0, count);
            }
        }
    }

    private static string Copy(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
