using System.Text.Json;

namespace Berth.Core.Tools;

/// <summary>The arguments of one call, read with errors that tell the model what was wrong.</summary>
internal sealed class ToolInput
{
    private readonly string tool;
    private readonly JsonElement root;

    private ToolInput(string tool, JsonElement root)
    {
        this.tool = tool;
        this.root = root;
    }

    /// <summary>Parses the JSON text of a call; nothing at all counts as an empty object.</summary>
    /// <exception cref="ToolInputException">It is no JSON object.</exception>
    public static ToolInput Parse(string tool, string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(string.IsNullOrWhiteSpace(arguments) ? "{}" : arguments);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new ToolInput(tool, document.RootElement.Clone())
                : throw new ToolInputException($"The arguments of {tool} must be a JSON object.");
        }
        catch (JsonException e)
        {
            throw new ToolInputException(
                $"The arguments of {tool} are no valid JSON ({e.Message}). Send the call again with a whole JSON object.");
        }
    }

    /// <summary>A text that must be there and must not be empty.</summary>
    public string Text(string name) => OptionalText(name) is { Length: > 0 } text
        ? text
        : throw new ToolInputException($"{tool} needs '{name}': a string that is not empty.");

    /// <summary>A text that must be there and may be empty.</summary>
    public string AnyText(string name) => OptionalText(name)
        ?? throw new ToolInputException($"{tool} needs '{name}': a string.");

    /// <summary>A text, or null when it is absent.</summary>
    public string? OptionalText(string name) => Find(name) is not { } value
        ? null
        : value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : throw new ToolInputException($"'{name}' of {tool} must be a string.");

    /// <summary>A whole number within bounds, or null when it is absent. Numbers in quotes are understood.</summary>
    public long? Number(string name, long least, long most)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        var parsed = value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetDouble(out var number) && number == Math.Floor(number) => (long?)number,
            JsonValueKind.String when long.TryParse(value.GetString(), out var number) => number,
            _ => null,
        };
        return parsed >= least && parsed <= most
            ? parsed
            : throw new ToolInputException($"'{name}' of {tool} must be a whole number from {least} to {most}.");
    }

    /// <summary>A whole number from 1 that must be there.</summary>
    public long RequiredNumber(string name) => Number(name, 1, long.MaxValue)
        ?? throw new ToolInputException($"{tool} needs '{name}': a whole number.");

    /// <summary>Yes or no under the first of several names that is there; null when none is.</summary>
    public bool? Flag(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Find(name) is { } value)
            {
                return value.ValueKind switch
                {
                    JsonValueKind.True => true,
                    JsonValueKind.False => false,
                    JsonValueKind.String when bool.TryParse(value.GetString(), out var flag) => flag,
                    _ => throw new ToolInputException($"'{name}' of {tool} must be true or false."),
                };
            }
        }

        return null;
    }

    /// <summary>A value of any kind; null when it is absent or null.</summary>
    public JsonElement? Find(string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
