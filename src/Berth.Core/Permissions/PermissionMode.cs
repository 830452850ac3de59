namespace Berth.Core.Permissions;

/// <summary>How much a session may do before a person is asked.</summary>
internal enum PermissionMode
{
    /// <summary>Read-only: whatever could change something is denied.</summary>
    Plan,

    /// <summary>Reading inside the project is free, everything else asks.</summary>
    Ask,

    /// <summary>As <see cref="Ask"/>, and edits inside the project are free too.</summary>
    AcceptEdits,

    /// <summary>Everything is free but what an ask or deny rule names.</summary>
    Bypass,
}

/// <summary>The words for the modes, as the configuration and the command line spell them.</summary>
internal static class PermissionModes
{
    /// <summary>The word of a mode: <c>plan</c>, <c>ask</c>, <c>accept_edits</c> or <c>bypass</c>.</summary>
    internal static string Word(this PermissionMode mode) => mode switch
    {
        PermissionMode.Plan => "plan",
        PermissionMode.AcceptEdits => "accept_edits",
        PermissionMode.Bypass => "bypass",
        _ => "ask",
    };

    /// <summary>The mode a word names; false for every other word, and <paramref name="mode"/> is then the careful
    /// <see cref="PermissionMode.Ask"/>.</summary>
    internal static bool TryParse(string? word, out PermissionMode mode)
    {
        mode = word switch
        {
            "plan" => PermissionMode.Plan,
            "accept_edits" => PermissionMode.AcceptEdits,
            "bypass" => PermissionMode.Bypass,
            _ => PermissionMode.Ask,
        };
        return mode.Word() == word;
    }
}
