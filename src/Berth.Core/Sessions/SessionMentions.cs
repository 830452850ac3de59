using Berth.Core.Instructions;
using Berth.Core.Settings;
using Berth.Protocol.Events;

namespace Berth.Core.Sessions;

// The part of a session that reads what a message mentions with @path.
internal sealed partial class Session
{
    // Beside the mailbox: a slow disk keeps no interrupt waiting.
    private Task<MentionExpansion> MentionedAsync(string typed, TerminalEnvironment brings)
    {
        if (!typed.Contains('@'))
        {
            return Task.FromResult(MentionExpansion.None);
        }

        var facts = new SessionFacts(Id, Project, Directory, Model: null, PermissionMode: null, Rules: [], brings);
        var place = new MentionPlace(
            Directory, brings.Variables.GetValueOrDefault("HOME"), path => host.Policy.WhyNotShown(facts, path), Images.Keep);
        return Task.Run(() => Mentions.Expand(typed, place));
    }

    private static UserMessage WithMentions(UserMessage message, MentionExpansion found) => found.Paths.Count == 0
        ? message
        : message with
        {
            Mentions = [.. message.Mentions ?? [], .. found.Paths],
            Images = found.Images.Count == 0 ? message.Images : [.. message.Images ?? [], .. found.Images],
        };

    // What the message shows counts as read: the model may edit it.
    private void NoteMentioned(MentionExpansion found)
    {
        foreach (var file in found.Files)
        {
            files.Note(RealPath.Of(file.Path), file.Facts, file.Hash);
        }
    }
}
