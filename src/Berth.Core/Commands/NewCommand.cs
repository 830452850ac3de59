using Berth.Protocol.Events;
using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary><c>/new</c>, <c>/clear</c>: a clean session; the old one is kept, and goes on if it runs.</summary>
internal static class NewCommand
{
    public static Command Row { get; } = new(
        "new", "a clean session; the old one is kept",
        [new("/new", "a clean session; a running one goes to the background"), new("/new /name N", "the same, with a name")],
        RunAsync)
    {
        Aliases = ["clear"],
    };

    private static async Task<Reply> RunAsync(CommandContext context, CommandLine line)
    {
        var name = line.Is(0, "name") ? line.RestAfter(1) : null;
        if (line.Count > 0 && string.IsNullOrWhiteSpace(name))
        {
            return Row.Wrong(name is null ? $"'{line.RestAfter(0)}' is not understood." : "The name is missing.",
                "/new, /new /name N");
        }

        if (context.LookAsync is null)
        {
            return Replies.Failed("There is no terminal for a new session.", "berth starts one; berth run \"PROMPT\" needs none.");
        }

        var left = context.Session;
        var fresh = context.Begin();
        if (name is not null)
        {
            var (given, taken) = await SessionNames.GivenAsync(context, fresh.Project, fresh.Id, name).ConfigureAwait(false);
            if (taken is not null)
            {
                context.Sessions.ForgetUnborn(fresh);
                return taken;
            }

            name = given;
        }

        if (name is not null)
        {
            await fresh.ChangeAsync(new SessionRenamed(name)).ConfigureAwait(false);
        }

        await context.LookAsync(fresh).ConfigureAwait(false);
        return Replies.Lines([$"New foreground session [{fresh.Id}]", .. Leaving.Lines(context, left)]);
    }
}
