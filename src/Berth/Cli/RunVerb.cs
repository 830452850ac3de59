using System.Text;
using Berth.Protocol;

namespace Berth.Cli;

/// <summary><c>berth run "PROMPT"</c>, and <c>berth -p</c>: one turn without a terminal.</summary>
internal static class RunVerb
{
    /// <summary>Its row.</summary>
    public static Verb Row => new(
        "run", ["berth run \"PROMPT\" [OPTIONS]", "berth -p \"PROMPT\" [OPTIONS]", "COMMAND | berth run [\"PROMPT\"] [OPTIONS]"],
        "one turn without a terminal: the answer on standard output, progress on standard error",
        [
            "What is piped in is added to the prompt; without one it is the prompt.",
            "--bg                 start it in the background, print its slot and session, return at once",
            "--json               one JSON object at the end: session, state, answer, usage, denied, tasks",
            "--stream             every event as a line of JSON, as it happens",
            "--model M            the model of the session",
            "--resume X           go on with a session: '#n' (row of 'berth sessions'), id or name; -c: the newest",
            "--name N             the session's name",
            "--permission-mode M  plan, ask, accept_edits or bypass",
            "--allow RULE         a rule for this session, such as 'bash(npm test*)'; may be repeated",
            "--wait 10m           how long to wait for background tasks that the run started",
            "Nobody is asked: what would be asked is denied, and the exit code is 3.",
        ],
        Run);

    private static int Run(Arguments arguments, Output output)
    {
        var options = RunOptions.Parse(arguments);
        var piped = PipedInput.Begin();
        var early = options.Prompt.Length == 0 ? piped?.Text(needed: true) : null;
        if (options.Prompt.Length == 0 && early is null)
        {
            throw CliFailure.Usage("The prompt is missing.", $"Right: {Row.Usage[0]}");
        }

        using var run = new HeadlessRun(options, output);
        run.Connect();
        var prompt = early ?? (piped?.Text(needed: false) is { } text ? $"{options.Prompt}\n\n{text}" : options.Prompt);
        return Encoding.UTF8.GetByteCount(prompt) > Limits.LineBytes
            ? throw CliFailure.Usage($"The prompt is longer than {Limits.LineBytes} bytes.", "Save the text in a file and name it in the prompt: @path")
            : run.Run(prompt, options.Prompt.Length);
    }
}
