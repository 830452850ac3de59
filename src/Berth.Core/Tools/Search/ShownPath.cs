using System.Text;

namespace Berth.Core.Tools.Search;

/// <summary>Paths as results name them.</summary>
internal static class ShownPath
{
    /// <summary>
    /// The path itself; one with control characters stands in quotes with escapes, so that a name can neither begin a new
    /// line of the result nor pass for another one.
    /// </summary>
    public static string Of(string path)
    {
        if (!path.AsSpan().ContainsAnyInRange('\0', '\x1f') && !path.AsSpan().ContainsAnyInRange('\x7f', '\x9f'))
        {
            return path;
        }

        var text = new StringBuilder("\"");
        foreach (var c in path)
        {
            text.Append(c switch
            {
                '\n' => "\\n",
                '\t' => "\\t",
                '\r' => "\\r",
                '"' => "\\\"",
                '\\' => "\\\\",
                _ when char.IsControl(c) => $"\\x{(int)c:x2}",
                _ => c.ToString(),
            });
        }

        return text.Append('"').ToString();
    }
}
