using System.Text.Json;
using Berth.Core.Permissions;
using Berth.Protocol.Events;

namespace Berth.Core.Tools;

/// <summary>A tool the model may call: its words for the model, what permission judges, and what it does.</summary>
/// <param name="Name">As the model calls it.</param>
/// <param name="Description">The text beside the tool's file.</param>
/// <param name="Schema">JSON Schema of the arguments.</param>
/// <param name="Asks">What the call is about to do, in words for a person and facts for the policy.</param>
/// <param name="Run">Does it. Expected failures are results; an exception becomes an error result.</param>
/// <param name="InTurn">Its calls in one answer wait for each other, in the answer's order.</param>
internal sealed record Tool(
    string Name, string Description, JsonElement Schema, Func<ToolInput, ToolContext, ToolAsk> Asks,
    Func<ToolInput, ToolContext, CancellationToken, Task<ToolResult>> Run, bool InTurn = false);

/// <summary>What a call is about to do, for the person who may be asked and for the policy that decides.</summary>
/// <param name="Title">One line.</param>
/// <param name="Detail">The whole command, path or diff.</param>
/// <param name="Problem">Why the call cannot work as things are, in words for the model: then nobody is asked for it.</param>
internal sealed record ToolAsk(string Title, string Detail, ToolAction Action, string? Problem = null);

/// <summary>What a call brought.</summary>
/// <param name="Ok">False: the model is told that it failed.</param>
/// <param name="Output">What the model gets.</param>
/// <param name="Summary">A short result for people, one line.</param>
/// <param name="Images">Images that belong to the output; they are kept already.</param>
/// <param name="Unasked">Something in it was denied only because nobody could be asked.</param>
internal sealed record ToolResult(
    bool Ok, string Output, string? Summary = null, IReadOnlyList<StoredImage>? Images = null, bool Unasked = false)
{
    /// <summary>A failure in words for the model; the first line is shown to people.</summary>
    public static ToolResult Failure(string why) => new(false, why, why.Split('\n')[0]);
}

/// <summary>The arguments of a call are not what the tool takes; the message tells the model what is.</summary>
internal sealed class ToolInputException(string message) : Exception(message);
