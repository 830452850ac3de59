using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Berth.Core.Permissions;

/// <summary>The three answers.</summary>
internal enum Verdict
{
    /// <summary>Go on.</summary>
    Allow,

    /// <summary>A person decides. Where nobody can be asked this counts as denied.</summary>
    Ask,

    /// <summary>Refused; nobody is asked.</summary>
    Deny,
}

/// <summary>The answer to a <see cref="PermissionRequest"/>.</summary>
/// <param name="Verdict">Allow, ask or deny.</param>
/// <param name="Rule">The rule that decided; null when the mode did.</param>
/// <param name="Why">The reason in one sentence, without control characters: for a prompt, and for the model when it is
/// denied.</param>
/// <param name="GrantRule">What "yes for this session" would store; null when that is not offered.</param>
internal sealed record Decision(
    Verdict Verdict, PlacedRule? Rule, string Why, PermissionRule? GrantRule = null)
{
    /// <summary>The decision as <c>permissions check --json</c> prints it:
    /// <c>{"decision":"allow|ask|deny","rule":null,"why":"…"}</c>.</summary>
    internal string Explain()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("decision", Verdict switch
            {
                Verdict.Allow => "allow",
                Verdict.Deny => "deny",
                _ => "ask",
            });
            json.WriteString("rule", Rule?.Rule.ToString());
            json.WriteString("why", Why);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
