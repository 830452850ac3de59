using System.Diagnostics.CodeAnalysis;
using Berth.Core.Settings;

namespace Berth.Core.Permissions;

/// <summary>
/// One rule as people write it: <c>tool</c> (every use of it) or <c>tool(pattern)</c>, where <c>*</c> in the pattern
/// stands for any characters and everything else for itself.
/// </summary>
/// <param name="Tool">The tool's name; <c>edit</c> holds for <c>write</c> too, <c>read</c> for <c>glob</c> and
/// <c>grep</c>.</param>
/// <param name="Pattern">What is matched: a command line, a path, or <c>domain:HOST</c>; null for every use.</param>
/// <param name="Exact">The pattern is one literal text, a <c>*</c> in it too. What "yes for this session" stores.</param>
internal sealed record PermissionRule(string Tool, string? Pattern = null, bool Exact = false)
{
    /// <summary>Characters a pattern may have; longer ones would make matching slow and nobody could read them.</summary>
    internal const int PatternChars = 500;

    private const string DomainPrefix = "domain:";

    private static readonly string[] CommandTools = ["bash"];
    private static readonly string[] PathTools = ["read", "edit", "write", "glob", "grep"];
    private static readonly string[] DomainTools = ["web_fetch"];
    private static readonly string[] PlainTools = ["task_status", "task_output", "task_stop", "RunSubagents", "todo"];

    /// <summary>Every use of the tool is meant, also by a pattern of stars alone.</summary>
    internal bool IsEveryUse => Pattern is null || (!Exact && Pattern.AsSpan().Trim('*').IsEmpty);

    /// <summary>The literal rule for one command line or one absolute path.</summary>
    internal static PermissionRule Exactly(string tool, string text) => new(tool, text, Exact: true);

    /// <summary>Whether this rule speaks of a tool, itself or by holding for it.</summary>
    internal bool HoldsFor(string tool) => Tool == tool || (Tool, tool) switch
    {
        ("edit", "write") or ("read", "glob") or ("read", "grep") => true,
        _ => false,
    };

    /// <summary>Reads a rule; when it is none, <paramref name="error"/> says in one line what is wrong.</summary>
    /// <param name="text">For example <c>bash(npm test*)</c>.</param>
    /// <param name="exact">The text in brackets is literal, as a stored "yes for this session" has it.</param>
    internal static bool TryParse(
        string? text, [NotNullWhen(true)] out PermissionRule? rule, [NotNullWhen(false)] out string? error,
        bool exact = false)
    {
        rule = null;
        text = text?.Trim() ?? "";
        var open = text.IndexOf('(');
        var tool = (open < 0 ? text : text[..open]).Trim();
        error = ToolError(text, tool);
        if (error is not null)
        {
            return false;
        }

        tool = KnownName(tool)!;
        if (open < 0)
        {
            rule = new PermissionRule(tool);
            return true;
        }

        if (text[^1] != ')')
        {
            error = $"'{Plain.Short(text)}' does not end with ')'. Write {Form(tool)}.";
            return false;
        }

        var pattern = text[(open + 1)..^1];
        pattern = exact ? pattern : pattern.Trim();
        error = exact ? null : PatternError(tool, pattern);
        if (error is null)
        {
            // A literal path is absolute; "edit(**)", which "yes for this session" stores too, is a pattern all the same.
            var literal = exact && (Array.IndexOf(PathTools, tool) < 0 || pattern.StartsWith('/'));
            rule = new PermissionRule(tool, pattern, literal);
        }

        return error is null;
    }

    /// <summary>The rule as people write it; reading it again gives the same rule.</summary>
    public override string ToString() => Pattern is null ? Tool : $"{Tool}({Pattern})";

    private static string? ToolError(string text, string tool)
    {
        if (text.Length == 0)
        {
            return "A rule is empty. Write tool or tool(pattern), for example bash(npm test*).";
        }

        if (KnownName(tool) is not null)
        {
            return null;
        }

        var question = Nearest.Question(tool, Names);
        return tool.Length == 0
            ? $"'{Plain.Short(text)}' names no tool. Write tool(pattern), for example bash(npm test*)."
            : $"There is no tool '{Plain.Short(tool)}'{(question.Length == 0 ? "." : question)}";
    }

    private static string? PatternError(string tool, string pattern)
    {
        if (pattern.Length == 0)
        {
            return $"{tool}() has nothing in its brackets. Write {tool} alone for every use of it.";
        }

        if (pattern.Length > PatternChars)
        {
            return $"The pattern is longer than {PatternChars} characters. Use * for a part of it.";
        }

        if (pattern.AsSpan().IndexOfAnyInRange('\0', '\u001f') >= 0)
        {
            return "The pattern holds a control character, which nothing would match.";
        }

        if (Array.IndexOf(PlainTools, tool) >= 0)
        {
            return $"{tool} takes no pattern. Write {tool} alone.";
        }

        if (Array.IndexOf(DomainTools, tool) < 0)
        {
            return null;
        }

        var host = pattern.StartsWith(DomainPrefix) ? pattern.AsSpan(DomainPrefix.Length) : [];
        return host.IsEmpty || host.IndexOfAny("/:@ ") >= 0
            ? $"A pattern of {tool} names a host. Write {Form(tool)}."
            : null;
    }

    private static string Form(string tool) => tool switch
    {
        "bash" => "bash(npm test*)",
        "web_fetch" => "web_fetch(domain:example.com)",
        _ => $"{tool}(src/**)",
    };

    private static IEnumerable<string> Names => [.. CommandTools, .. PathTools, .. DomainTools, .. PlainTools];

    private static string? KnownName(string tool) =>
        Names.FirstOrDefault(name => name.Equals(tool, StringComparison.OrdinalIgnoreCase));
}
