using System.Diagnostics;

namespace Berth.Tests.Testing;

/// <summary>
/// A checkout with the real scripts, one source file, and an SDK that only writes down that it was called. What it
/// builds is a program that says which build it is, where it runs and what it was given.
/// </summary>
internal sealed class SampleCheckout : IDisposable
{
    private const string Sdk =
        """
        #!/bin/bash
        case $1 in
        --list-sdks) echo "10.0.100 [@/sdk]" ;;
        --list-runtimes) echo "Microsoft.NETCore.App 10.0.0 [@/shared/Microsoft.NETCore.App]" ;;
        msbuild)
            env >>"@/environment"
            case "$*" in *PublishAot=true*) echo native ;; *PublishReadyToRun=true*) echo ready ;; *) echo plain ;; esac >>"@/calls"
            if [ -e "@/only-plain" ] && [ "$(tail -n 1 "@/calls")" != plain ]; then echo "error NU1101: no such package"; exit 1; fi
            if grep -q mistake src/a.cs; then echo "a.cs(1,1): error CS1002: ; expected"; exit 1; fi
            sleep 0.2
            for word; do case $word in -p:Into=*) into=${word#-p:Into=} ;; esac; done
            mkdir -p "$into" && { echo '#!/bin/bash'; echo "echo \"$(cat src/a.cs)|\$PWD|\$*\"; [ \"\$1\" != stay ] || read -r _"; } >"$into/berth"
            chmod +x "$into/berth" ;;
        esac
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("berth scripts ").FullName;

    public SampleCheckout()
    {
        foreach (var name in new[] { "berth", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json" }
            .Concat(Checkout.Files("scripts", "*")))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Root, name))!);
            File.Copy(Checkout.Place(name), Path.Combine(Root, name));
        }

        Directory.CreateDirectory(Path.Combine(Root, "src"));
        Directory.CreateDirectory(SdkRoot);
        File.WriteAllText(Path.Combine(SdkRoot, "dotnet"), Sdk.Replace("@", SdkRoot));
        File.SetUnixFileMode(Path.Combine(SdkRoot, "dotnet"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Source("one");
    }

    /// <summary>The checkout.</summary>
    public string Root => Path.Combine(folder, "checkout");

    /// <summary>How often it was built.</summary>
    public int Builds => Kinds.Length;

    /// <summary>The kinds of code that were tried to be built, one for each time.</summary>
    public string[] Kinds => Lines("calls");

    /// <summary>The variables that builds saw, <c>NAME=VALUE</c>.</summary>
    public string[] BuildVariables => Lines("environment");

    /// <summary>The folders of builds.</summary>
    public string[] Folders => [.. Directory.GetDirectories(Path.Combine(Root, ".build")).Where(d => Path.GetFileName(d).Length == 16)];

    private string SdkRoot => Path.Combine(folder, "sdk");

    /// <summary>From now on the packages that compile ahead of time cannot be had.</summary>
    public void LosePackages() => File.WriteAllText(Path.Combine(SdkRoot, "only-plain"), "");

    /// <summary>Writes the one source file.</summary>
    public void Source(string text, string name = "a.cs") => File.WriteAllText(Path.Combine(Root, "src", name), text);

    /// <summary>Runs a script to its end.</summary>
    public Ran Run(string? script = null, string directory = "/", params string[] arguments)
    {
        using var process = Start(script, directory, arguments);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Ran(process.ExitCode, output, errors.Result);
    }

    /// <summary>Starts a script.</summary>
    public Process Start(string? script = null, string directory = "/", params string[] arguments)
    {
        var start = new ProcessStartInfo(script ?? Path.Combine(Root, "berth"), arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{SdkRoot}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment.Remove("BERTH_BUILD");
        start.Environment["Configuration"] = "Debug";
        start.Environment["OutputPath"] = "/nowhere";
        return Process.Start(start)!;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string[] Lines(string file) =>
        File.Exists(Path.Combine(SdkRoot, file)) ? File.ReadAllLines(Path.Combine(SdkRoot, file)) : [];
}
