using System.Text;
using Berth.Core.Permissions.Shell;

namespace Berth.Core.Permissions;

/// <summary>The texts of a program call that command rules are matched against.</summary>
internal static class CallText
{
    // git's options before its command that take the next word.
    private static readonly string[] GitWithValue = ["-C", "-c", "--git-dir", "--work-tree", "--namespace", "--exec-path", "--config-env"];

    /// <summary>The call as allow rules see it: words joined by one space, words that hold spaces or quotes quoted, so that
    /// no argument passes for two.</summary>
    internal static string Canonical(IReadOnlyList<Argument> words)
    {
        var text = new StringBuilder();
        foreach (var word in words)
        {
            text.Append(text.Length > 0 ? " " : "");
            var plain = word.Sketch.Length > 0 && word.Sketch.AsSpan().IndexOfAny(" \t\n'\"\\;&|<>()$`") < 0;
            text.Append(plain ? word.Sketch : $"'{word.Sketch.Replace("'", "'\\''")}'");
        }

        return text.ToString();
    }

    /// <summary>The call as it is written, without assignments and redirections.</summary>
    internal static string Written(ShellCommand source) => string.Join(' ', source.Words.Select(word => word.Source));

    /// <summary>Every text by which a deny or ask rule may mean the call: as it is, without the program's directory, without
    /// the options before its first operand, with its assignments, and as it is written.</summary>
    internal static IEnumerable<string> Variants(ProgramCall call)
    {
        var words = call.Words;
        yield return Join(words, 0, null);
        yield return Joined(words);
        var name = call.NamesFile ? call.Program : null;
        if (name is not null)
        {
            yield return Join(words, 0, name);
        }

        var skipped = SkipOptions(call.Program, words);
        if (skipped > 1 && skipped < words.Count)
        {
            yield return $"{call.Program ?? words[0].Sketch} {Join(words, skipped, null)}";
        }

        if (call.Source.Assignments.Count > 0)
        {
            yield return $"{string.Join(' ', call.Source.Assignments.Select(a => a.Source))} {Join(words, 0, null)}";
        }

        foreach (var guess in call.Wrapped?.Guesses ?? [])
        {
            yield return guess;
        }
    }

    private static string Join(IReadOnlyList<Argument> words, int from, string? program)
    {
        var text = new StringBuilder();
        for (var i = from; i < words.Count; i++)
        {
            text.Append(i > from ? " " : "").Append(i == 0 && program is not null ? program : words[i].Sketch);
        }

        return text.ToString();
    }

    // Words that may vanish take the space before them along.
    private static string Joined(IReadOnlyList<Argument> words)
    {
        var text = new StringBuilder();
        foreach (var word in words)
        {
            text.Append(text.Length > 0 && !word.Many ? " " : "").Append(word.Sketch);
        }

        return text.ToString();
    }

    private static int SkipOptions(string? program, IReadOnlyList<Argument> words)
    {
        var at = 1;
        while (at < words.Count && words[at].Sketch.StartsWith('-'))
        {
            at += program == "git" && words[at].Is(GitWithValue) ? 2 : 1;
        }

        return at;
    }
}
