using Berth.Core.Commands;
using Berth.Core.Permissions;
using Berth.Core.Sessions;

namespace Berth.Daemon;

internal static class SessionRules
{
    public static Decision Decide(SettingsStores settings, string mode, SessionFacts facts, string tool, ToolAction action)
    {
        if (mode == "bypass")
        {
            return new Decision(Verdict.Allow, null, "mode bypass");
        }

        if (action is PathAction { Uses: [{ Access: PathAccess.Read } use] } && (use.Path + "/").StartsWith(facts.Project + "/"))
        {
            return new Decision(Verdict.Allow, null, "inside the project");
        }

        var line = action is CommandAction c ? c.Line : ((PathAction)action).Uses[0].Path;
        return facts.Rules.Any(r => r.Rule == $"{tool}({line})")
            ? new Decision(Verdict.Allow, null, "session")
            : new Decision(Verdict.Ask, null, "mode ask", PermissionRule.Exactly(tool, line));
    }
}
