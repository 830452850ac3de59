namespace Berth.Platform;

/// <summary>Finds programs as a shell would.</summary>
public static class Programs
{
    private const int ExecuteBits = 0x49; // 0111
    private const string UsualPath = "/usr/local/bin:/usr/bin:/bin";

    /// <summary>The absolute path of a program; null when there is none.</summary>
    /// <param name="path">The value of <c>PATH</c>; null for the usual directories. Relative entries are passed over:
    /// what they mean depends on a directory that a stranger may have filled.</param>
    public static string? Find(string name, string? path)
    {
        Linux.Require();
        foreach (var range in (path ?? UsualPath).AsSpan().Split(':'))
        {
            var directory = (path ?? UsualPath)[range];
            if (Path.IsPathFullyQualified(directory) &&
                Path.Join(directory, name) is var file &&
                FileStatus.Of(file) is { IsRegular: true } status &&
                (status.Mode & ExecuteBits) != 0)
            {
                return file;
            }
        }

        return null;
    }
}
