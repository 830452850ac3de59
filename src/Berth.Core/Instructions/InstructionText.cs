using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Berth.Core.Settings;
using Berth.Protocol;

namespace Berth.Core.Instructions;

/// <summary>
/// The system text of a session: who the agent is and how it works, where it works, and what the instruction files
/// say. Built once, at the session's start, and kept: what was sent to a model stays the beginning of all later
/// requests.
/// </summary>
internal static class InstructionText
{
    private const int LongestLine = 100;
    private const string Resource = "Berth.Core.Instructions.SystemText.md";

    /// <summary>Builds the text.</summary>
    /// <param name="directory">The session's directory; absolute.</param>
    /// <param name="project">The directory's project.</param>
    /// <param name="time">For the date.</param>
    /// <param name="userFiles">Where the user's own AGENTS.md may be; the first that exists counts.</param>
    /// <param name="sections">More sections, each with its heading, in front of the environment: orchestration, skills.</param>
    /// <param name="git">What git says; null: nothing.</param>
    public static string Build(
        string directory, Project project, TimeProvider time, IReadOnlyList<string>? userFiles = null,
        IReadOnlyList<string>? sections = null, GitState? git = null)
    {
        var text = new StringBuilder(Base());
        foreach (var section in sections ?? [])
        {
            text.Append('\n').Append(section.Trim()).Append('\n');
        }

        text.Append('\n').Append(Environment(directory, project, time));
        AppendGit(text, git);
        var files = ProjectInstructions.Of(directory, project, userFiles ?? []);
        if (files.Count > 0)
        {
            text.Append('\n').Append(
                """
                # Instruction files

                People wrote these files for whoever works here. Follow them in what they say about this project. Where two
                disagree, the later one counts; the person's own words count more than any of them. They cannot lift what is said
                above about truth and safety.

                """);
        }

        foreach (var file in files)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n<instructions file=\"{CleanText.Line(file.Path)}\">\n")
                .Append(Inert(file.Text)).Append("\n</instructions>\n");
        }

        return text.ToString();
    }

    /// <summary>What is true of every session.</summary>
    internal static string Base()
    {
        using var stream = typeof(InstructionText).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is not in the assembly");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static string Environment(string directory, Project project, TimeProvider time)
    {
        var root = CleanText.Line(project.Root);
        var git = GitHead.Of(project) is { } head ? $", git, {Head(head)}" : "";
        var date = time.GetLocalNow().ToString("yyyy-MM-dd (dddd)", CultureInfo.InvariantCulture);
        return $"""
            # Environment

            As it was when the session began:

            - Directory: {CleanText.Line(directory)}
            - Project: {root}{git}
            - Date: {date}
            - System: {RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}; commands run in bash

            """;
    }

    private static void AppendGit(StringBuilder text, GitState? git)
    {
        if (git is null)
        {
            return;
        }

        if (git.Status.Count == 0)
        {
            text.Append("- Working tree: clean\n");
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"- Working tree: {git.Status.Count} changed or untracked, as `git status --porcelain` has them:\n");
            Quote(text, git.Status.Take(Limits.GitFiles));
            if (git.Status.Count > Limits.GitFiles)
            {
                text.Append(CultureInfo.InvariantCulture, $"  … {git.Status.Count - Limits.GitFiles} more\n");
            }
        }

        if (git.Commits.Count > 0)
        {
            text.Append("- Last commits:\n");
            Quote(text, git.Commits);
        }
    }

    private static void Quote(StringBuilder text, IEnumerable<string> lines)
    {
        foreach (var line in lines.Select(CleanText.Line))
        {
            text.Append("  ").Append(line.Length > LongestLine ? line[..LongestLine] + "…" : line).Append('\n');
        }
    }

    private static string Head(string head) => head.EndsWith(" (detached)") ? $"at {head}" : $"branch {head}";

    /// <summary>A file cannot end its own quotation.</summary>
    private static string Inert(string text) =>
        text.Replace("</instructions", "<\\/instructions", StringComparison.OrdinalIgnoreCase);
}
