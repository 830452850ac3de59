using Berth.Core.Agent;
using Berth.Core.Commands;
using Berth.Core.Instructions;
using Berth.Core.Models;
using Berth.Core.Permissions;
using Berth.Core.Sessions;
using Berth.Core.Settings;

namespace Berth.Daemon;

/// <summary>Answers what sessions ask of the configuration, from the files as they are now.</summary>
internal sealed class SessionPolicy(SettingsStores settings, ModelTable models, TimeProvider time) : ISessionPolicy
{
    // Variables of the terminal that came last: after a restart they stand in for sessions whose terminal is gone.
    private volatile TerminalEnvironment? latest;

    /// <summary>A terminal connected with these variables.</summary>
    public void Remember(TerminalEnvironment environment) => latest = environment;

    /// <inheritdoc/>
    public string ModelName(SessionFacts facts) =>
        facts.Model ?? Default(facts.Project, facts.Environment).Model?.Name
        ?? settings.Config.Get(new Project(facts.Project)).Model ?? "none";

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
            var found = Default(facts.Project, facts.Environment);
            chosen = found.Model ?? throw new ModelFailure(found.Problem ?? "No model is configured.", "/models /add adds one.");
        }

        var key = settings.Models.ResolveKey(chosen, variables);
        return key.Missing is { } missing
            ? throw new ModelFailure(missing, key.Hint)
            : new NamedModel(
                chosen.Name, models.Create(chosen, key.Value, facts.IsForeground), chosen.Prices,
                chosen.Context ?? KnownContexts.Of(chosen.BaseUrl, chosen.Model));
    }

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
    public string Instructions(SessionFacts facts)
    {
        var (project, variables) = (new Project(facts.Project), Variables(facts.Environment));
        return InstructionText.Build(
            facts.Directory, project, time, settings.UserInstructions(variables),
            [.. Skills.Section(Skills.Of(settings.Scope(project, variables))) is { } skills ? [skills] : Array.Empty<string>()]);
    }

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

    private DefaultModel Default(string project, TerminalEnvironment environment) => Core.Settings.DefaultModel.Of(
        settings.Config.Get(new Project(project)).Model, settings.Models, Variables(environment));

    private IReadOnlyDictionary<string, string> Variables(TerminalEnvironment environment) =>
        environment.Variables.Count > 0 ? environment.Variables : latest?.Variables ?? environment.Variables;
}
