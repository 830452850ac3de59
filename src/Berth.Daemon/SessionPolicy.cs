using Berth.Core.Agent;
using Berth.Core.Commands;
using Berth.Core.Instructions;
using Berth.Core.Models;
using Berth.Core.Permissions;
using Berth.Core.Sessions;
using Berth.Core.Settings;
using Berth.Core.Tools;
using Berth.Platform;

namespace Berth.Daemon;

/// <summary>Answers what sessions ask of the configuration, from the files as they are now.</summary>
/// <param name="start">Starts git.</param>
internal sealed class SessionPolicy(
    SettingsStores settings, ModelTable models, TimeProvider time, Func<SpawnOptions, ChildProcess> start) : ISessionPolicy
{
    // Variables of the terminal that came last: after a restart they stand in for sessions whose terminal is gone.
    private volatile TerminalEnvironment? latest;

    /// <summary>A terminal connected with these variables.</summary>
    public void Remember(TerminalEnvironment environment) => latest = environment;

    /// <inheritdoc/>
    public string ModelName(SessionFacts facts) =>
        facts.Model ?? Default(facts).Model?.Name ?? Configured(facts) ?? "none";

    /// <inheritdoc/>
    public NamedModel Model(SessionFacts facts)
    {
        var variables = Variables(facts.Environment);
        ModelSettings? chosen;
        if (facts.Model is { } own)
        {
            chosen = settings.Models.Find(own, variables) ?? throw new ModelFailure(
                $"The model '{own}' of this session is not configured any more.", "Choose another one: /model NAME (/models lists them).");
        }
        else
        {
            var found = Default(facts);
            chosen = found.Model ?? throw new ModelFailure(found.Problem ?? "No model is configured.", found.Hint ?? "/models /add adds one.");
        }

        var key = settings.Models.ResolveKey(chosen, variables);
        return key.Missing is { } missing
            ? throw new ModelFailure(missing, key.Hint)
            : new NamedModel(
                chosen.Name, models.Create(chosen, key.Value, facts.IsForeground), chosen.Prices, LimitOf(chosen));
    }

    /// <inheritdoc/>
    public long? ContextLimit(SessionFacts facts) =>
        (facts.Model is { } own
            ? settings.Models.Find(own, Variables(facts.Environment))
            : Default(facts.Project, facts.Environment).Model) is { } model ? LimitOf(model) : null;

    /// <inheritdoc/>
    public string PermissionMode(SessionFacts facts) =>
        facts.PermissionMode ?? PermissionModes.Word(settings.Config.Get(new Project(facts.Project)).PermissionMode);

    /// <inheritdoc/>
    public Decision Decide(SessionFacts facts, string tool, ToolAction action) =>
        SessionRules.Decide(settings, facts, PermissionMode(facts), tool, action);

    /// <inheritdoc/>
    public Func<string, bool> WalkFilter(SessionFacts facts, string tool) => SessionRules.WalkFilter(settings, facts, tool);

    /// <inheritdoc/>
    public string? WhyNotShown(SessionFacts facts, string path) => SessionRules.WhyNotShown(settings, facts, path);

    /// <inheritdoc/>
    public bool IsPrivateHost(SessionFacts facts, string host) =>
        PrivateHosts.Hold(settings.Config.Get(new Project(facts.Project)).PrivateHosts, host);

    /// <inheritdoc/>
    public async Task<string> InstructionsAsync(SessionFacts facts)
    {
        var (project, variables) = (new Project(facts.Project), Variables(facts.Environment));
        var isGit = GitHead.Of(project) is not null;
        var git = isGit ? await GitState.OfAsync(facts.Project, variables, start, time).ConfigureAwait(false) : null;
        string?[] sections =
        [
            facts.Agent is { } agent ? AgentText.Of(agent.Agent, agent.Text) : AgentText.List(Agents(facts)),
            Skills.Section(Skills.Of(settings.Scope(project, variables))),
        ];
        return InstructionText.Build(
            facts.Directory, project, time, settings.UserInstructions(variables), [.. sections.OfType<string>()], git);
    }

    /// <inheritdoc/>
    public AgentCatalog Agents(SessionFacts facts) => AgentDefinitions.Of(
        settings.Scope(new Project(facts.Project), Variables(facts.Environment)),
        new AgentBounds(
            [.. ToolTable.All.Select(t => t.Name).Where(name => name != RunSubagentsTool.Name)],
            name => ModelProblem(facts, name)));

    /// <inheritdoc/>
    public string? ModelProblem(SessionFacts facts, string name) =>
        settings.Models.Find(name, Variables(facts.Environment)) is null ? settings.Models.Unknown(name).Message : null;

    /// <inheritdoc/>
    public bool Orchestrates(SessionFacts facts) =>
        facts.Agent is null && settings.Config.Get(new Project(facts.Project)).EnableSubagentOrchestration;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> ToolEnvironment(SessionFacts facts)
    {
        var hidden = settings.Models.KeyVariables();
        var passed = settings.Config.Get(new Project(facts.Project)).PassEnv;
        var variables = new Dictionary<string, string>();
        foreach (var (name, value) in Variables(facts.Environment))
        {
            if (!hidden.Contains(name) || passed.Contains(name))
            {
                variables[name] = value;
            }
        }

        return variables;
    }

    /// <inheritdoc/>
    public Budgets Budgets(SessionFacts facts) => settings.Config.Get(new Project(facts.Project)).Budgets;

    /// <inheritdoc/>
    public TimeSpan AutoBackgroundAfter(SessionFacts facts) =>
        settings.Config.Get(new Project(facts.Project)).AutoBackgroundAfter;

    /// <inheritdoc/>
    public double? CompactAt(SessionFacts facts) => settings.Config.Get(new Project(facts.Project)).CompactAt;

    /// <summary>The model a new session of this terminal would use.</summary>
    public string DefaultModel(string project, TerminalEnvironment environment) =>
        Default(project, environment).Model?.Name ?? "none";

    /// <summary>What every client of this project is told when it connects.</summary>
    public IEnumerable<string> Warnings(string project, TerminalEnvironment environment)
    {
        var config = settings.Config.Get(new Project(project));
        foreach (var warning in config.Warnings.Concat(settings.Models.Warnings()))
        {
            yield return warning.ToString();
        }

        if (config.Untrusted is { } untrusted)
        {
            yield return untrusted;
        }

        if (Unused(new Project(project), environment) is { Count: > 0 } unused)
        {
            yield return $"{string.Join(", ", unused)}: not used before this project is trusted: /trust";
        }

        var chosen = Default(project, environment);
        if (chosen.Problem is { } problem)
        {
            yield return problem;
        }
        else if (config.Model is null && chosen.Model == ModelStore.Demo)
        {
            yield return chosen.Why;
        }
    }

    // The main agent has a model of its own while it leads others.
    private string? Configured(SessionFacts facts)
    {
        var config = settings.Config.Get(new Project(facts.Project));
        return Orchestrates(facts) ? config.CodeModel ?? config.Model : config.Model;
    }

    private DefaultModel Default(SessionFacts facts) =>
        Core.Settings.DefaultModel.Of(Configured(facts), settings.Models, Variables(facts.Environment));

    // The folders of an untrusted project that hold what would count.
    private List<string> Unused(Project project, TerminalEnvironment environment)
    {
        var scope = settings.Scope(project, Variables(environment));
        if (scope.IsTrusted)
        {
            return [];
        }

        var trusted = scope with { IsTrusted = true };
        return [.. trusted.Agents.Concat(trusted.Skills).Concat(trusted.Commands)
            .Where(place => place.Within is not null && Directory.Exists(place.Directory)).Select(place => place.Origin).Distinct()];
    }

    private static long? LimitOf(ModelSettings model) => model.Context ?? KnownContexts.Of(model.BaseUrl, model.Model);

    private DefaultModel Default(string project, TerminalEnvironment environment) => Core.Settings.DefaultModel.Of(
        settings.Config.Get(new Project(project)).Model, settings.Models, Variables(environment));

    private IReadOnlyDictionary<string, string> Variables(TerminalEnvironment environment) =>
        environment.Variables.Count > 0 ? environment.Variables : latest?.Variables ?? environment.Variables;
}
