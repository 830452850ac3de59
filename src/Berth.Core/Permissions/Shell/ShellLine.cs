namespace Berth.Core.Permissions.Shell;

/// <summary>What a command of a line is.</summary>
internal enum ShellCommandKind
{
    /// <summary>A program or builtin with its words; without words only its assignments and redirections.</summary>
    Simple,

    /// <summary>The head of a <c>for</c> or <c>select</c>: the variable is its assignment, the list its words.</summary>
    For,

    /// <summary>The words of a <c>case</c>: subject and patterns.</summary>
    Case,

    /// <summary>A <c>[[ … ]]</c>: its words and operators.</summary>
    Test,

    /// <summary>The redirections behind a compound command.</summary>
    Compound,
}

/// <summary>One command, wherever in the line it stands: in a pipeline, a loop, a function or a substitution.</summary>
/// <param name="Source">As it is written, cut at the command's ends.</param>
/// <param name="Repeats">It stands in a loop or a function, so what stands behind it may run before it.</param>
internal sealed record ShellCommand(
    ShellCommandKind Kind, IReadOnlyList<Assignment> Assignments, IReadOnlyList<Word> Words,
    IReadOnlyList<Redirection> Redirections, string Source, bool Repeats)
{
    /// <summary>Every word whose value matters, those of assignments and redirections too.</summary>
    internal IEnumerable<Word> AllWords =>
        Words.Concat(Assignments.Select(a => a.Value)).Concat(Redirections.Select(r => r.Target));
}

/// <summary><c>NAME=value</c> or <c>NAME+=value</c> before a command or alone.</summary>
internal sealed record Assignment(string Name, Word Value, string Source);

/// <summary>What a redirection does.</summary>
internal enum RedirectionKind
{
    /// <summary>Reads the file.</summary>
    Read,

    /// <summary>Creates, empties or extends the file (<c>&gt;</c>, <c>&gt;&gt;</c>, <c>&gt;|</c>, <c>&amp;&gt;</c>,
    /// <c>&lt;&gt;</c>).</summary>
    Write,

    /// <summary>Copies or closes a descriptor; no file is opened.</summary>
    Duplicate,

    /// <summary>Gives text: a here-document or here-string.</summary>
    Text,
}

/// <summary>One redirection with its target (the text, for a here-document).</summary>
internal sealed record Redirection(RedirectionKind Kind, Word Target);

/// <summary>Something in a line that hides what it does.</summary>
/// <param name="Why">Completes "asks because it …".</param>
/// <param name="MayRun">Programs that nobody can see may run by it.</param>
internal sealed record Doubt(string Why, bool MayRun);

/// <summary>A parsed line: every command in it, flat and in the order of the text, and what stays in doubt.</summary>
internal sealed class ShellLine
{
    /// <summary>The commands; one in a substitution comes before the command whose word it is.</summary>
    internal List<ShellCommand> Commands { get; } = [];

    /// <summary>What cannot be judged.</summary>
    internal List<Doubt> Doubts { get; } = [];
}
