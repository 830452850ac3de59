using System.Globalization;
using Berth.Core.Models;
using Berth.Core.Settings;
using Berth.Protocol;
using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary><c>/models /check</c>: asks a model for a word, and says what came or what is wrong.</summary>
internal static class ModelsCheck
{
    private static readonly ModelRequest Question = new("", [new UserEntry("Answer with the word: ok")], []);

    /// <summary>Checks one model.</summary>
    /// <param name="name">Null: the model of the session, else the default one.</param>
    public static async Task<Reply> RunAsync(CommandContext context, string? name)
    {
        name ??= context.Session is { } session
            ? (await session.ViewAsync(context.Environment).ConfigureAwait(false)).Model
            : null;
        var variables = context.Environment.Variables;
        var chosen = name is null ? DefaultModel.Of(context.Settings.Config.Get(new Project(context.Project)).Model, context.Settings.Models, variables) : null;
        if (chosen is { Model: null })
        {
            return Replies.Failed(chosen.Problem ?? "No model is configured.", chosen.Hint);
        }

        var model = chosen?.Model ?? context.Settings.RequireModel(name!, variables);
        try
        {
            var key = context.Settings.Models.ResolveKey(model, variables);
            return key.Missing is { } missing
                ? Replies.Failed($"{missing}.", key.Hint)
                : Works(model, context, await FirstWordAsync(context, model, key.Value).ConfigureAwait(false));
        }
        catch (ModelFailure failure)
        {
            return Replies.Failed(failure.Message, failure.Hint);
        }
    }

    // The time until the model says something; it is left then, so that it costs a token or two.
    private static async Task<TimeSpan> FirstWordAsync(CommandContext context, ModelSettings model, string? key)
    {
        var began = context.Time.GetTimestamp();
        using var late = new CancellationTokenSource(Limits.ModelCheck, context.Time);
        try
        {
            await foreach (var piece in context.Models.Create(model, key).AnswerAsync(Question, late.Token).ConfigureAwait(false))
            {
                if (piece is RetryPiece retry)
                {
                    // A person waits for the answer, and wants to know now.
                    throw new ModelFailure(retry.Why, "A turn would try again by itself. If it stays so, check its base_url and the provider's status.");
                }

                break;
            }

            return context.Time.GetElapsedTime(began);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw new ModelFailure(
                $"Model '{model.Name}' said nothing within {Limits.ModelCheck.TotalSeconds:0} s.", "Check its base_url and the network.");
        }
    }

    private static Reply Works(ModelSettings model, CommandContext context, TimeSpan time)
    {
        var seconds = time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        var shown = context.Settings.Models.ShowKey(model, context.Environment.Variables);
        return new Reply(
            [$"{model.Name} answers: first word after {seconds} s ({model.Provider}: {model.Model}, key: {shown})."],
            Data: Replies.Json(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("name", model.Name);
                writer.WriteBoolean("ok", true);
                writer.WriteNumber("first_word_ms", (long)time.TotalMilliseconds);
                writer.WriteEndObject();
            }));
    }
}
