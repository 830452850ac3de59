using System.Globalization;
using System.Text;

namespace Berth.Core.Instructions;

/// <summary>Quoted scalars, and lists in brackets of them and of plain ones.</summary>
/// <param name="text">From the opening mark on.</param>
/// <param name="line">Of the text in its file.</param>
/// <param name="column">Of the text in its line.</param>
internal sealed class FrontMatterScalar(string text, int line, int column)
{
    private const int MostItems = 256;
    private const string Escapes = "0\0a\ab\bt\tn\nv\vf\fr\re\u001b  \"\"//\\\\_\u00a0";
    private int at;

    /// <summary>Whether a quoted scalar has its closing mark.</summary>
    public static bool IsClosed(string text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (text[0] == '"' && text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == text[0])
            {
                if (text[0] == '"' || i + 1 == text.Length || text[i + 1] != '\'')
                {
                    return true;
                }

                i++;
            }
        }

        return false;
    }

    /// <summary>A quoted scalar with nothing but a comment behind it.</summary>
    /// <exception cref="FrontMatterException">It does not hold.</exception>
    public string Quoted()
    {
        var value = Quotation();
        RequireEnd();
        return value;
    }

    /// <summary><c>[a, "b", c]</c>.</summary>
    /// <exception cref="FrontMatterException">It does not hold.</exception>
    public IReadOnlyList<string> FlowList()
    {
        var items = new List<string>();
        at = 1;
        for (PassBlanks(); at < text.Length && text[at] != ']'; PassBlanks())
        {
            if (items.Count == MostItems)
            {
                throw Wrong($"more than {MostItems} items");
            }

            items.Add(text[at] is '"' or '\'' ? Quotation() : Word());
            PassBlanks();
            if (at < text.Length && text[at] == ',')
            {
                at++;
            }
            else if (at < text.Length && text[at] != ']')
            {
                throw Wrong("expected ',' or ']'");
            }
        }

        if (at == text.Length)
        {
            throw Wrong("the list has no ']' on its line");
        }

        at++;
        RequireEnd();
        return items;
    }

    private string Word()
    {
        var end = text.AsSpan(at).IndexOfAny(",[]{}");
        end = end < 0 ? text.Length : at + end;
        if (end == at || (end < text.Length && text[end] is '[' or '{' or '}'))
        {
            throw Wrong("expected an item: a word or a quoted text");
        }

        var word = text[at..end].Trim();
        at = end;
        return word;
    }

    private string Quotation()
    {
        var value = new StringBuilder();
        var mark = text[at++];
        while (at < text.Length)
        {
            var character = text[at++];
            if (character == '\\' && mark == '"')
            {
                value.Append(Escaped());
            }
            else if (character != mark)
            {
                value.Append(character);
            }
            else if (mark == '\'' && at < text.Length && text[at] == '\'')
            {
                value.Append(text[at++]);
            }
            else
            {
                return value.ToString();
            }
        }

        throw Wrong($"the quotation has no closing {mark}");
    }

    private string Escaped()
    {
        var name = at < text.Length ? text[at++] : '\0';
        var digits = name switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0 && at + digits <= text.Length
            && uint.TryParse(text.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            at += digits;
            return digits == 8
                ? Rune.IsValid(code) ? new Rune(code).ToString() : "\uFFFD"
                : ((char)code).ToString();
        }

        for (var i = 0; digits == 0 && i < Escapes.Length; i += 2)
        {
            if (Escapes[i] == name)
            {
                return Escapes[i + 1].ToString();
            }
        }

        throw Wrong("an escape that is not known; a backslash is written twice");
    }

    private void RequireEnd()
    {
        PassBlanks();
        if (at < text.Length && text[at] != '#')
        {
            throw Wrong("text behind the value");
        }
    }

    private void PassBlanks()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
    }

    private FrontMatterException Wrong(string what) => new(line, column + at, what);
}
