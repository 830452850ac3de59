namespace Berth.Core.Permissions.Programs;

/// <summary>
/// Reads the small part of sed's language that prints and edits the stream: addresses, <c>p d q = n N g G h H x l D P</c>,
/// <c>s///</c> with the flags <c>g p i I M</c> and numbers, and <c>y///</c>. The commands that write files, read others or
/// run programs (<c>w W r R e</c>, the flags <c>w</c> and <c>e</c>) are not in it, and nothing unusual is.
/// </summary>
internal static class SedScript
{
    /// <summary>Whether the whole script is understood and only reads its input.</summary>
    internal static bool OnlyReads(string script)
    {
        var at = 0;
        while (true)
        {
            while (at < script.Length && script[at] is ' ' or ';' or '\n' or '{' or '}' or '\t')
            {
                at++;
            }

            if (at >= script.Length)
            {
                return true;
            }

            if (!Command(script, ref at))
            {
                return false;
            }
        }
    }

    private static char At(string script, int at) => at < script.Length ? script[at] : '\0';

    private static bool Command(string script, ref int at)
    {
        if (Address(script, ref at) && At(script, at) == ',')
        {
            at++;
            if (!Address(script, ref at))
            {
                return false;
            }
        }

        while (At(script, at) is ' ' or '!')
        {
            at++;
        }

        var command = At(script, at);
        at++;
        switch (command)
        {
            case '{':
                return true;
            case 'p' or 'd' or '=' or 'n' or 'N' or 'g' or 'G' or 'h' or 'H' or 'x' or 'D' or 'P':
                break;
            case 'q' or 'Q' or 'l':
                Digits(script, ref at);
                break;
            case 's':
                if (!Parts(script, ref at))
                {
                    return false;
                }

                while (At(script, at) is 'g' or 'p' or 'i' or 'I' or 'M' or (>= '0' and <= '9'))
                {
                    at++;
                }

                break;
            case 'y':
                if (!Parts(script, ref at))
                {
                    return false;
                }

                break;
            default:
                return false;
        }

        while (At(script, at) == ' ')
        {
            at++;
        }

        return at >= script.Length || script[at] is ';' or '\n' or '}';
    }

    // A number, a step, "$", "+3", or a regular expression between slashes.
    private static bool Address(string script, ref int at)
    {
        var start = at;
        if (At(script, at) == '$')
        {
            at++;
        }
        else if (At(script, at) == '/')
        {
            at++;
            if (!Regex(script, ref at, '/'))
            {
                return false;
            }

            while (At(script, at) is 'I' or 'M')
            {
                at++;
            }
        }
        else
        {
            if (At(script, at) is '+' or '~')
            {
                at++;
            }

            Digits(script, ref at);
            if (at > start && At(script, at) == '~')
            {
                at++;
                Digits(script, ref at);
            }
        }

        return at > start;
    }

    private static void Digits(string script, ref int at)
    {
        while (char.IsAsciiDigit(At(script, at)))
        {
            at++;
        }
    }

    // The two parts behind s or y, up to and with the last delimiter.
    private static bool Parts(string script, ref int at)
    {
        var delimiter = At(script, at);
        if (char.IsAsciiLetterOrDigit(delimiter) || delimiter is '\0' or '\\' or '\n' or ' ' or '[' or ']' or ';' or '{' or '}')
        {
            return false;
        }

        at++;
        return Regex(script, ref at, delimiter) && Regex(script, ref at, delimiter);
    }

    // Whether a delimiter in a bracket expression ends the part differs between versions; such parts are refused.
    private static bool Regex(string script, ref int at, char delimiter)
    {
        var start = at;
        while (at < script.Length && script[at] != delimiter)
        {
            if (script[at] == '\n' || (script[at] == '\\' && At(script, at + 1) is '\n' or '\0'))
            {
                return false;
            }

            at += script[at] == '\\' ? 2 : 1;
        }

        if (at >= script.Length)
        {
            return false;
        }

        var part = script.AsSpan(start, at - start);
        at++;
        var open = part.IndexOf('[');
        return open < 0 || (part.LastIndexOf(']') > part.LastIndexOf('[') && part.IndexOf("[]") < 0 && part.IndexOf("[^]") < 0
            && part.IndexOf("[[") < 0);
    }
}
