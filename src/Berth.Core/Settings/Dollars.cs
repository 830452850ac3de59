using System.Globalization;

namespace Berth.Core.Settings;

/// <summary>Dollars as people read them.</summary>
public static class Dollars
{
    private const decimal Small = 0.1m;

    /// <summary>"$12.34"; a small amount with four places, so that a few cents are not nothing.</summary>
    public static string Of(decimal dollars) =>
        "$" + dollars.ToString(dollars is > 0 and < Small ? "0.0000" : "#,0.00", CultureInfo.InvariantCulture);
}
