using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary><c>/answer</c>: what the keys of a request's prompt send.</summary>
internal static class AnswerCommand
{
    public static Command Row { get; } = new(
        "answer", "answer the open request of this session",
        [new("/answer [REQUEST] y|n|a [TEXT]", "yes, no, or yes for this session; TEXT is told to the model")],
        RunAsync);

    /// <summary>The stored word for an answer as people give it; null when it is none.</summary>
    public static string? Parse(string word) => word.ToLowerInvariant() switch
    {
        "y" or "yes" => "yes",
        "n" or "no" => "no",
        "a" or "always" => "always",
        _ => null,
    };

    /// <summary>An answer in words.</summary>
    public static string Words(string answer) => answer is "always" ? "yes for this session" : answer;

    private static async Task<Reply> RunAsync(CommandContext context, CommandLine line)
    {
        if (context.Session is not { } session)
        {
            return Replies.Failed("There is no session whose request could be answered.", "Name one: --session X");
        }

        var named = Parse(line[0]) is null;
        var request = named && line.Count > 1 ? line[0] : null;
        var at = named ? 1 : 0;
        if (Parse(line[at]) is not { } answer)
        {
            return Row.Wrong(line.Count <= at ? "The answer is missing." : $"'{line[at]}' is no answer.");
        }

        var text = line.RestAfter(at + 1);
        var answered = await session
            .AnswerAsync(request, answer, text.Length == 0 ? null : text, context.Environment).ConfigureAwait(false);
        return answered is null
            ? Replies.Failed(request is null
                ? "No request is open in this session."
                : $"Request {request} is not open (it may have been answered elsewhere).")
            : new Reply();
    }
}
