using Berth.Core.Permissions.Shell;

namespace Berth.Core.Permissions;

/// <summary>
/// Holds the words of a line against the ask and deny rules about paths, so that <c>read(~/.ssh/**)</c> stops
/// <c>cat ~/.ssh/id_rsa</c> in every mode. A word is taken as a path wherever it could be one.
/// </summary>
internal sealed class CommandPaths
{
    // Linux takes no longer path (PATH_MAX).
    private const int MostPathChars = 4_096;

    // What matching one path against the rules costs, in steps.
    private const int PathSteps = 400;

    private readonly HashSet<(string Tool, string Path)> seen = [];
    private readonly List<(string Tool, PathFact Fact)> known = [];
    private readonly List<(string Tool, string Sketch)> sketches = [];
    private readonly Budget budget;
    private readonly PathScope scope;
    private readonly PathRules rules;
    private readonly ReadCheck reads;
    private readonly Place place;

    internal CommandPaths(
        CommandAnalysis analysis, Place place, PathScope scope, PathRules rules, ReadCheck reads, Budget budget)
    {
        (this.scope, this.rules, this.reads, this.place, this.budget) = (scope, rules, reads, place, budget);
        if (!rules.CanStop)
        {
            return;
        }

        var expansion = new WordExpansion(place.Home, budget);
        foreach (var call in analysis.Calls)
        {
            foreach (var word in call.Words.Skip(1))
            {
                AddWord(word);
            }
        }

        foreach (var redirection in analysis.Commands.SelectMany(command => command.Source.Redirections))
        {
            if (redirection.Kind is RedirectionKind.Read or RedirectionKind.Write)
            {
                var target = expansion.ExpandOne(redirection.Target).Sketch;
                Add(redirection.Kind == RedirectionKind.Read ? "read" : "write", target);
            }
        }
    }

    /// <summary>The rule of an effect that means a file of the line; null when there is none.</summary>
    internal PlacedRule? Stopping(RuleEffect effect) =>
        known.Select(use => rules.Stopping(effect, use.Tool, use.Fact)).FirstOrDefault(placed => placed is not null);

    /// <summary>A rule that may mean a file of the line that is not known yet; null when there is none.</summary>
    internal PlacedRule? Touching() =>
        sketches.Select(use => rules.Touching(use.Tool, use.Sketch)).FirstOrDefault(placed => placed is not null);

    // The word itself, what stands behind an option's "=", and what is attached to a short option.
    private void AddWord(Argument word)
    {
        var text = word.Sketch;
        if (text.Length > MostPathChars)
        {
            return;
        }

        AddBoth(text);
        var equals = text.IndexOf('=');
        if (equals > 0)
        {
            AddBoth(text[(equals + 1)..]);
        }

        if (text is ['-', not '-', _, ..])
        {
            AddBoth(text[2..]);
        }
    }

    private void AddBoth(string text)
    {
        Add("read", text);
        Add("write", text);
    }

    private void Add(string tool, string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        if (text == "~" || text.StartsWith("~/"))
        {
            text = place.Home + text[1..];
        }

        foreach (var directory in reads.Directories)
        {
            // What begins with an unknown part may be absolute as well.
            var absolute = text[0] is '/' or Wildcard.Unknown ? text : $"{directory}/{text}";
            if (!seen.Add((tool, absolute)))
            {
                continue;
            }

            budget.Spend(PathSteps);
            if (Wildcard.FirstOpen(absolute) < 0 && scope.Look(absolute, directory) is { } fact)
            {
                known.Add((tool, fact));
            }
            else
            {
                sketches.Add((tool, PathScope.Normalize(absolute) ?? Wildcard.Unknown.ToString()));
            }
        }
    }
}
