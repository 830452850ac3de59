using Berth.Core.Settings;
using Berth.Protocol.Messages;
using Berth.Protocol.Rows;

namespace Berth.Daemon;

// The part of a client that hears of the configuration: what it says to a terminal, and what is wrong in its files. It is
// looked at whenever the board has news, so before every turn: a file edited by hand counts from there on.
internal sealed partial class Client
{
    private readonly HashSet<string> warned = [];
    private TerminalSettings? told;

    private TerminalSettings Settings()
    {
        var config = engine.Settings.Config.Get(new Project(project));
        told = new TerminalSettings(
            NotifyModes.Words[(int)config.Notify], [.. config.Keys.Select(key => new BoundKeys(key.Key, key.Value))]);
        return told;
    }

    private void TellSettings()
    {
        var before = told;
        var now = Settings();
        if (before is not null && (before.Notify != now.Notify || !before.Keys.SequenceEqual(now.Keys)))
        {
            outbox.Add(new OutMessage(WireWriter.Notification(DaemonMethods.Settings, now, MessageJson.TerminalSettings)));
        }

        var warnings = engine.Policy.Warnings(project, environment).ToList();
        foreach (var warning in warnings.Where(warned.Add))
        {
            Tell(warning, SessionStates.Running);
        }

        // What was mended and breaks again is said again.
        warned.IntersectWith(warnings);
    }

    // A line may have changed the configuration.
    private void NewsAfterLine()
    {
        if (hello is { Terminal: true })
        {
            Interlocked.Exchange(ref boardChanged, 1);
            outbox.Wake();
        }
    }
}
