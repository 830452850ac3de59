using System.Text;

namespace Berth.Cli;

/// <summary><c>berth --help</c> and <c>berth help COMMAND</c>.</summary>
internal static class HelpVerb
{
    private const int NameWidth = 10;

    /// <summary>Its row.</summary>
    public static Verb Row => new(
        "help", ["berth --help", "berth help COMMAND"], "this, and the help of one verb or slash command", [], Run);

    private static int Run(Arguments arguments, Output output)
    {
        arguments.Flag("--help", "-h", "-?");
        arguments.Flag("--json");
        var words = arguments.Rest(Row.Usage[1]);
        if (words.Count == 0)
        {
            output.Text(Everything());
            return ExitCodes.Done;
        }

        var name = words[0].TrimStart('/');
        if (VerbTable.Find(name) is var verb && verb.Name == name)
        {
            output.Text(Of(verb));
            return ExitCodes.Done;
        }

        words.RemoveAt(0);
        words.Add("/help");
        ReplyText.Write(LineVerb.Send(LineText.Of(name, words), null), output);
        return ExitCodes.Done;
    }

    private static string Everything()
    {
        var text = new StringBuilder("Berth runs many AI coding sessions in one terminal.\n\n");
        foreach (var verb in VerbTable.All())
        {
            foreach (var usage in verb.Usage)
            {
                text.Append("  ").Append(usage).Append('\n');
            }

            text.Append(' ', NameWidth).Append(verb.Summary).Append('\n');
        }

        return text.Append("\nMore: berth help VERB, berth help COMMAND\n").ToString();
    }

    private static string Of(Verb verb)
    {
        var text = new StringBuilder();
        foreach (var usage in verb.Usage)
        {
            text.Append(usage).Append('\n');
        }

        text.Append("  ").Append(verb.Summary).Append('\n');
        foreach (var line in verb.Details)
        {
            text.Append("  ").Append(line).Append('\n');
        }

        return text.ToString();
    }
}
