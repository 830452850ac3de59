using System.Globalization;
using System.Text.Json;
using Berth.Core.Settings;
using Berth.Protocol.Messages;
using Berth.Protocol.Rows;

namespace Berth.Core.Commands;

/// <summary><c>/models</c>: the named models, their keys and parameters.</summary>
internal static class ModelsCommand
{
    public static Command Row { get; } = new(
        "models", "named models: list, add, remove, fork, keys and parameters",
        [
            new("/models [/list]", "the models with their providers, keys and prices"),
            new("/models /add NAME provider:P model:M base_url:URL key:K", "add one; key:env:NAME takes it from the environment"),
            new("/models /remove NAME", "remove one and its stored key"),
            new("/models /fork EXISTING NEW", "copy one; key and parameters are the copy's own"),
            new("/models /key NAME", "store its key; the input is hidden"),
            new("/models /set NAME k:v", "set a field, else a parameter of its requests"),
            new("/models /check [NAME]", "ask one for a word: it works, or what is wrong"),
            new("/models /use NAME", "the same as /model NAME"),
        ],
        RunAsync);

    private static Task<Reply> RunAsync(CommandContext context, CommandLine line) => line.SubCommand switch
    {
        "" when line.Count == 0 => Task.FromResult(List(context)),
        "list" when line.Count == 1 => Task.FromResult(List(context)),
        "add" => AddAsync(context, line),
        "remove" when line.Count == 2 => RemoveAsync(context, line[1]),
        "fork" when line.Count == 3 => ForkAsync(context, line[1], line[2]),
        "key" when line.Count is 2 or 3 => KeyAsync(context, line),
        "check" when line.Count is 1 or 2 => ModelsCheck.RunAsync(context, line.Count == 2 ? line[1] : null),
        "set" when line.Count >= 3 => SetAsync(context, line),
        "use" when line.Count == 2 => ModelCommand.UseAsync(context, line[1]),
        _ => Task.FromResult(Row.Wrong($"'{line.RestAfter(0)}' is not understood.", string.Join(", ", Row.Forms.Select(f => f.Usage)))),
    };

    private static Reply List(CommandContext context)
    {
        var environment = context.Environment.Variables;
        var models = context.Settings.Models;
        var configured = models.List();
        var inEnvironment = context.Settings.ModelNames(environment)
            .Except(configured.Select(m => m.Name))
            .Select(name => models.Find(name, environment)!);
        IReadOnlyList<ModelSettings> all = [.. configured, .. inEnvironment];
        var chosen = DefaultModel.Of(context.Settings.Config.Get(new Project(context.Project)).Model, models, environment);
        return new Reply(
            Table: new Table(
                ["Name", "Provider", "Model", "Key", "In / out per million", ""],
                [.. all.Select(m => (IReadOnlyList<Cell>)
                [
                    new(m.Name, "bold"), new(m.Provider), new(m.Model), Key(m, models, environment), new(Prices(m.Prices), "dim"),
                    new(m.Name == chosen.Model?.Name ? "default" : "", "dim"),
                ])]),
            After: chosen.Problem is { } problem ? [problem] : null,
            Data: Replies.JsonRows(all, (w, m) => WriteRow(w, m, models, environment, m.Name == chosen.Model?.Name)));
    }

    private static void WriteRow(
        Utf8JsonWriter writer, ModelSettings model, ModelStore models, IReadOnlyDictionary<string, string> environment, bool isDefault)
    {
        writer.WriteString("name", model.Name);
        writer.WriteString("provider", model.Provider);
        writer.WriteString("model", model.Model);
        writer.WriteString("base_url", model.BaseUrl?.ToString());
        writer.WriteString("key", models.ShowKey(model, environment));
        writer.WriteBoolean("has_key", models.ResolveKey(model, environment).Missing is null);
        writer.WriteBoolean("default", isDefault);
        Replies.Number(writer, "max_concurrent", model.MaxConcurrent);
        Replies.Number(writer, "requests_per_minute", model.RequestsPerMinute);
        Replies.Number(writer, "tokens_per_minute", model.TokensPerMinute);
        if (model.Prices is { } prices)
        {
            writer.WriteStartObject("prices");
            writer.WriteNumber("input", prices.Input);
            writer.WriteNumber("output", prices.Output);
            writer.WriteNumber("cached", prices.Cached ?? prices.Input);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("prices");
        }

        Replies.Number(writer, "context", model.Context);
        writer.WriteBoolean("images", model.TakesImages);
    }

    private static Cell Key(ModelSettings model, ModelStore models, IReadOnlyDictionary<string, string> environment) =>
        new(models.ShowKey(model, environment), models.ResolveKey(model, environment).Missing is null ? "dim" : SessionStates.Error);

    private static string Prices(ModelPrices? prices) => prices is null
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"${prices.Input} / ${prices.Output}")
            + (prices.Cached is { } cached ? string.Create(CultureInfo.InvariantCulture, $" (cached ${cached})") : "");

    private static async Task<Reply> AddAsync(CommandContext context, CommandLine line)
    {
        string[] words = [.. Enumerable.Range(1, line.Count - 1).Select(i => line[i])];
        var warnings = await context.Settings.Edit.AddAsync(words, CancellationToken.None).ConfigureAwait(false);
        var model = context.Settings.RequireModel(words[0], context.Environment.Variables);
        var key = context.Settings.Models.ResolveKey(model, context.Environment.Variables);
        return new Reply([
            $"Added {model.Name} ({model.Provider}: {model.Model}). Use it: /model {model.Name}, or for all: /conf model:{model.Name}",
            .. warnings, .. key.Missing is { } missing ? new[] { $"{missing}. {key.Hint}" } : [],
        ]);
    }

    private static async Task<Reply> RemoveAsync(CommandContext context, string name)
    {
        await context.Settings.Edit.RemoveAsync(name, CancellationToken.None).ConfigureAwait(false);
        return Replies.Lines($"Removed {name} and its stored key.");
    }

    private static async Task<Reply> ForkAsync(CommandContext context, string existing, string name)
    {
        await context.Settings.Edit.ForkAsync(existing, name, CancellationToken.None).ConfigureAwait(false);
        return Replies.Lines($"{name} is a copy of {existing}; change it with /models /set {name} k:v");
    }

    private static async Task<Reply> KeyAsync(CommandContext context, CommandLine line)
    {
        if (line.Count == 2)
        {
            // The client asks for the key without showing it and sends this line again, with the key behind it.
            return new Reply(Hidden: $"/models /key {line[1]} ");
        }

        await context.Settings.Edit.SetKeyAsync(line[1], line[2], CancellationToken.None).ConfigureAwait(false);
        return Replies.Lines($"The key of {line[1]} is stored.");
    }

    private static async Task<Reply> SetAsync(CommandContext context, CommandLine line)
    {
        await context.Settings.Edit.SetAsync(line[1], line.RestAfter(2), CancellationToken.None).ConfigureAwait(false);
        return Replies.Lines($"{line[1]}: {line.RestAfter(2)}");
    }
}
