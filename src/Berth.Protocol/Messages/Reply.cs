using System.Text.Json.Serialization;

namespace Berth.Protocol.Messages;

/// <summary>A table for people: columns, rows, and for each cell the style it is drawn in.</summary>
public sealed record Table(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<Cell>> Rows);

/// <summary>One cell of a table or one piece of a reply's line.</summary>
/// <param name="Style">A state's name, "dim", "bold", "error", or null.</param>
public sealed record Cell(string Text, string? Style = null);

/// <summary>
/// What a line answers to its terminal. Shown, never logged, never told to the model.
/// </summary>
/// <param name="Lines">Text for people, a line each.</param>
/// <param name="Table">Rows for people, below the lines.</param>
/// <param name="After">Lines below the table.</param>
/// <param name="Data">The same as JSON, for <c>--json</c>.</param>
/// <param name="Error">Set when nothing was done.</param>
/// <param name="Leave">The terminal leaves (<c>/exit</c>).</param>
/// <param name="Hidden">The terminal asks for a hidden line and sends it as the end of this line (a key).</param>
/// <param name="Failed">It is an answer, and what it says is bad news: exit code 1.</param>
public sealed record Reply(
    IReadOnlyList<string>? Lines = null, Table? Table = null, IReadOnlyList<string>? After = null,
    System.Text.Json.JsonElement? Data = null, ErrorInfo? Error = null, bool Leave = false, string? Hidden = null,
    bool Failed = false);

/// <summary>What went wrong and what to do.</summary>
/// <param name="Usage">The line itself was wrong: exit code 2.</param>
public sealed record ErrorInfo(string What, string? Hint = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Usage = false);
