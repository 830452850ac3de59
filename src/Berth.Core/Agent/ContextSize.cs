using System.Text;
using Berth.Core.Models;
using Berth.Protocol;
using Berth.Protocol.Events;

namespace Berth.Core.Agent;

/// <summary>
/// How many tokens the context takes: counted by the provider up to its last answer, estimated from there on. Part of the
/// fold, so it costs what is new and not what there is.
/// </summary>
internal sealed record ContextSize
{
    // What a message costs besides its text.
    private const int Frame = 4;

    // A server that counts less than this part of the estimate counts something else.
    private const int LeastShare = 4;

    // The estimate of all that is in the context, and what it was when the provider counted.
    private long estimated;
    private long estimatedThen;

    /// <summary>What the provider counted; 0 when it never has.</summary>
    public long Counted { get; private init; }

    /// <summary>The tokens of the context.</summary>
    public long Tokens => IsCounted ? Math.Max(Counted + estimated - estimatedThen, 0) : estimated;

    /// <summary>A provider has counted: tools and its own additions are in the count.</summary>
    public bool IsCounted => Counted > 0;

    /// <summary>The size with a text more.</summary>
    public ContextSize With(string? text) => text is null ? this : this with { estimated = estimated + Of(text) };

    /// <summary>The size with messages more.</summary>
    public ContextSize With(IEnumerable<ModelMessage> messages) => this with { estimated = estimated + messages.Sum(Of) };

    /// <summary>The size as the provider counted it with its answer, which is in the context already.</summary>
    public ContextSize Count(Usage usage) => usage.InputTokens <= 0
        ? this
        : this with
        {
            Counted = Math.Max(usage.InputTokens + Math.Max(usage.OutputTokens, 0), estimated / LeastShare), estimatedThen = estimated,
        };

    /// <summary>The size of a context that was made anew.</summary>
    public static ContextSize Compacted(long tokens, string? instructions, IEnumerable<ModelMessage> messages)
    {
        var size = new ContextSize().With(instructions).With(messages);
        return size with { Counted = Math.Max(tokens, 1), estimatedThen = size.estimated };
    }

    /// <summary>
    /// What the context will take when a part of it goes and another comes. The provider's own measure of what is there is
    /// taken for both, as far as it can be believed.
    /// </summary>
    public long After(long removed, long added)
    {
        var measure = IsCounted && estimatedThen > 0 ? Math.Clamp((double)Counted / estimatedThen, 0.7, 1.5) : 1;
        return Math.Max(Tokens - (long)((removed - added) * measure), added);
    }

    /// <summary>About how many tokens a message takes.</summary>
    public static long Of(ModelMessage message) => Frame + message switch
    {
        UserEntry user => Of(user.Text) + Limits.TokensPerImage * (user.Images?.Count ?? 0),
        AssistantEntry answer => Of(answer.Text) + answer.Calls.Sum(c => Frame + Of(c.Tool) + Of(c.Arguments)),
        ToolResultEntry result => Of(result.Output) + Limits.TokensPerImage * (result.Images?.Count ?? 0),
        _ => 0,
    };

    /// <summary>About how many tokens a text takes: four letters to one, but a sign of Chinese for each.</summary>
    public static long Of(string text)
    {
        var beyond = (Encoding.UTF8.GetByteCount(text) - text.Length) / 2;
        return beyond + (Math.Max(text.Length - beyond, 0) + 3) / 4;
    }
}
