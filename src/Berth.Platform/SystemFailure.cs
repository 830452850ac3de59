using System.Runtime.InteropServices;

namespace Berth.Platform;

/// <summary>Turns error numbers of the system into exceptions that say what happened to what.</summary>
internal static class SystemFailure
{
    /// <summary>The exception for the error that the last call left.</summary>
    /// <param name="what">What was tried, for example "cannot open /x".</param>
    public static Exception Last(string what) => For(Marshal.GetLastPInvokeError(), what);

    /// <summary>The exception for an error number, of the type that .NET's own file calls would throw.</summary>
    public static Exception For(int error, string what)
    {
        var message = $"{what}: {Marshal.GetPInvokeErrorMessage(error)}";
        return error switch
        {
            Linux.NoEntry => new FileNotFoundException(message),
            Linux.NoAccess or Linux.NotPermitted => new UnauthorizedAccessException(message),
            _ => new IOException(message),
        };
    }
}
