using System.Globalization;
using Berth.Protocol;

namespace Berth.Cli;

/// <summary>What a call of <c>berth run</c> asks for.</summary>
/// <param name="Prompt">The words of the call; what is piped in comes behind it.</param>
/// <param name="Background">Start it in the background and return at once.</param>
/// <param name="Json">One JSON object at the end.</param>
/// <param name="Stream">Every event as a line of JSON, as it happens.</param>
/// <param name="Allow">Rules that hold for this session.</param>
/// <param name="Wait">How long to wait for background tasks that the run started.</param>
internal sealed record RunOptions(
    string Prompt, bool Background, bool Json, bool Stream, string? Model, string? Resume, string? Name,
    string? PermissionMode, IReadOnlyList<string> Allow, TimeSpan Wait)
{
    private const string NewestRow = "#1";
    private const string Usage = "berth run \"PROMPT\" [OPTIONS]";

    /// <summary>Reads the words behind <c>run</c>.</summary>
    /// <exception cref="CliFailure">They are no right call.</exception>
    public static RunOptions Parse(Arguments arguments)
    {
        arguments.Flag("-p", "--print");
        var options = new RunOptions(
            "", arguments.Flag("--bg"), arguments.Flag("--json"), arguments.Flag("--stream"), arguments.Value("--model"),
            arguments.Value("--resume", "-r") ?? (arguments.Flag("-c", "--continue") ? NewestRow : null), arguments.Value("--name"), arguments.Value("--permission-mode"),
            arguments.Values("--allow"), Duration(arguments.Value("--wait")));
        if (options is { Json: true, Stream: true })
        {
            throw CliFailure.Usage("--json and --stream do not go together.", "--json is one object at the end, --stream one event a line.");
        }

        if (options is { Background: true, Stream: true })
        {
            throw CliFailure.Usage("--bg and --stream do not go together.", "Follow it with: berth logs X -f --json");
        }

        return options with { Prompt = string.Join(' ', arguments.Rest(Usage)).Trim() };
    }

    // "90", "90s", "10m" or "2h".
    private static TimeSpan Duration(string? text)
    {
        if (text is null)
        {
            return Limits.RunWait;
        }

        var unit = text.Length == 0 ? ' ' : text[^1];
        var digits = char.IsAsciiDigit(unit) ? text : text[..Math.Max(0, text.Length - 1)];
        var seconds = unit switch { 's' => 1, 'm' => 60, 'h' => 3600, _ when char.IsAsciiDigit(unit) => 1, _ => 0 };
        return seconds > 0 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count <= 1_000_000
                ? TimeSpan.FromSeconds((double)count * seconds)
                : throw CliFailure.Usage($"'{text}' is no duration.", "Right: --wait 90s, --wait 10m or --wait 2h");
    }
}
