using Berth.Core.Agent;
using Berth.Core.Instructions;
using Berth.Core.Models;
using Berth.Core.Permissions;
using Berth.Core.Sessions;
using Berth.Core.Settings;

namespace Berth.Tests.Core.Sessions;

/// <summary>A configuration that a test holds in its hands.</summary>
internal sealed class ScriptedPolicy(ScriptedModel model) : ISessionPolicy
{
    /// <summary>What is said to a command line; the rules that the session grants come first.</summary>
    public Func<string, Verdict> Judge { get; set; } = _ => Verdict.Allow;

    /// <summary>Why a mentioned file is not shown.</summary>
    public Func<string, string?> NotShown { get; set; } = _ => null;

    /// <summary>How long a command is waited for.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The system text of a session: it names it, so that a model knows whom it hears.</summary>
    public static string InstructionsOf(string session) => $"You are session {session}.";

    public string ModelName(SessionFacts facts) => facts.Model ?? "scripted";

    /// <summary>What turns and sessions may use.</summary>
    public Budgets Spending { get; set; } = Berth.Core.Settings.Budgets.None;

    /// <summary>What the model's tokens cost.</summary>
    public ModelPrices? Prices { get; set; }

    /// <summary>Why there is no model; null: there is one.</summary>
    public string? NoModel { get; set; }

    public NamedModel Model(SessionFacts facts) =>
        NoModel is { } why ? throw new ModelFailure(why) : new(ModelName(facts), model, Prices, Limit);

    public Budgets Budgets(SessionFacts facts) => Spending;

    /// <summary>Tokens that the model takes.</summary>
    public long? Limit { get; set; }

    public long? ContextLimit(SessionFacts facts) => Limit;

    public double? CompactAt(SessionFacts facts) => 0.8;

    public string PermissionMode(SessionFacts facts) => facts.PermissionMode ?? "ask";

    public Decision Decide(SessionFacts facts, string tool, ToolAction action)
    {
        var line = action is CommandAction command ? command.Line : tool;
        if (facts.Rules.Any(granted => granted.Rule == $"{tool}({line})"))
        {
            return new Decision(Verdict.Allow, null, "granted for this session");
        }

        var verdict = Judge(line);
        return new Decision(verdict, null, $"the test says {verdict}", verdict is Verdict.Ask ? PermissionRule.Exactly(tool, line) : null);
    }

    public Func<string, bool> WalkFilter(SessionFacts facts, string tool) => _ => true;

    public string? WhyNotShown(SessionFacts facts, string path) => NotShown(path);

    public bool IsPrivateHost(SessionFacts facts, string host) => false;

    /// <summary>The sub-agents that can be called.</summary>
    public AgentCatalog Catalog { get; set; } = new(
        [
            new AgentDefinition("explore", "finds out", ["read", "grep", "bash"], null, "plan", "You look.", "built in", null),
            new AgentDefinition("general", "does", null, null, null, "You do.", "built in", null),
        ],
        []);

    /// <summary>The main agent leads others.</summary>
    public bool IsOrchestrating { get; set; }

    public AgentCatalog Agents(SessionFacts facts) => Catalog;

    public string? ModelProblem(SessionFacts facts, string name) =>
        name.StartsWith("no-", StringComparison.Ordinal) ? $"unknown model '{name}'; did you mean 'scripted'?" : null;

    public bool Orchestrates(SessionFacts facts) => IsOrchestrating && facts.Agent is null;

    public Task<string> InstructionsAsync(SessionFacts facts) => Task.FromResult(InstructionsOf(facts.Session));

    public IReadOnlyDictionary<string, string> ToolEnvironment(SessionFacts facts) => facts.Environment.Variables;

    public TimeSpan AutoBackgroundAfter(SessionFacts facts) => Patience;
}
