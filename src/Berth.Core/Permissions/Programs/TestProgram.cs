using Berth.Core.Permissions.Shell;

namespace Berth.Core.Permissions.Programs;

/// <summary>
/// <c>test</c>, <c>[</c> and <c>[[</c>. They look harmless, but <c>-v</c> and, in <c>[[</c>, comparisons of numbers
/// evaluate their words again, and <c>a[$(…)]</c> in such a word runs a command.
/// </summary>
internal static class TestProgram
{
    private static readonly string[] OfPath =
        ["-e", "-f", "-d", "-r", "-w", "-x", "-s", "-L", "-h", "-b", "-c", "-p", "-S", "-g", "-u", "-k", "-O", "-G", "-N", "-a"];

    private static readonly string[] OfText = ["-n", "-z", "-t"];

    private static readonly string[] OfNumbers = ["-eq", "-ne", "-lt", "-le", "-gt", "-ge"];

    private static readonly string[] OfTexts = ["=", "==", "!=", "<", ">", "=~"];

    private static readonly string[] OfPaths = ["-nt", "-ot", "-ef"];

    private static readonly Objection Unclear = Objection.NotReadOnly("a test is not one of the plain forms");

    /// <summary>Judges <c>test …</c> and <c>[ … ]</c> by the forms of one, two and three words.</summary>
    internal static Objection? Judge(IReadOnlyList<Argument> words, ReadCheck reads)
    {
        List<Argument> rest = [.. words.Skip(1)];
        if (words[0].Is("["))
        {
            if (rest.Count == 0 || !rest[^1].Is("]"))
            {
                return Unclear;
            }

            rest.RemoveAt(rest.Count - 1);
        }

        if (rest.Exists(word => word.Many))
        {
            // It may split into an operator and a word of its own.
            return Objection.NotReadOnly("a word of the test is not quoted");
        }

        while (rest.Count > 1 && rest[0].Is("!"))
        {
            rest.RemoveAt(0);
        }

        return rest switch
        {
            [] or [_] => null,
            [var unary, _] when unary.Is(OfText) => null,
            [var unary, var path] when unary.Is(OfPath) => reads.Check(path),
            [_, var binary, _] when binary.Is(OfNumbers) || binary.Is(OfTexts) => null,
            [var one, var binary, var two] when binary.Is(OfPaths) => reads.Check(one) ?? reads.Check(two),
            _ => Unclear,
        };
    }

    /// <summary>Judges the words of <c>[[ … ]]</c>. Its operators are only what is written as such, so values that are not
    /// known cannot become one.</summary>
    internal static Objection? JudgeDouble(IReadOnlyList<Word> words, Func<Word, Argument> expand, ReadCheck reads)
    {
        for (var i = 0; i < words.Count; i++)
        {
            var operation = words[i].Bare ?? "";
            if (Array.IndexOf(OfNumbers, operation) >= 0)
            {
                if (i == 0 || i + 1 >= words.Count || !IsNumber(words[i - 1]) || !IsNumber(words[i + 1]))
                {
                    return Objection.NotReadOnly("[[ computes with a value that is not a plain number");
                }
            }
            else if (Array.IndexOf(OfPaths, operation) >= 0)
            {
                return Unclear;
            }
            else if (Array.IndexOf(OfPath, operation) >= 0 && i + 1 < words.Count)
            {
                if (reads.Check(expand(words[i + 1])) is { } objection)
                {
                    return objection;
                }
            }
            else if (operation.StartsWith('-') && operation.Length > 1 && Array.IndexOf(OfText, operation) < 0)
            {
                return Unclear;
            }
        }

        return null;
    }

    // $#, $? and their like are numbers whatever happens.
    private static bool IsNumber(Word word) => word.Literal is { Length: > 0 and < 19 } text && text.All(char.IsAsciiDigit)
        || word.Parts is [{ Kind: PartKind.Variable, Text: "#" or "?" or "$" }];
}
