namespace Berth.Core.Permissions;

/// <summary>What a tool is about to do, to be judged before it does.</summary>
/// <param name="Tool">The tool's name, as rules spell it.</param>
/// <param name="Action">The facts of the action.</param>
/// <param name="Place">Where it would happen.</param>
internal sealed record PermissionRequest(string Tool, ToolAction Action, Place Place);

/// <summary>The facts of an action. What is none of the cases below is <see cref="OtherAction"/>.</summary>
internal abstract record ToolAction;

/// <summary>Runs a line by <c>bash -c</c>, starting in the place's directory, not interactive.</summary>
internal sealed record CommandAction(string Line) : ToolAction;

/// <summary>Uses files.</summary>
internal sealed record PathAction(IReadOnlyList<PathUse> Uses) : ToolAction
{
    /// <summary>The use of one path.</summary>
    internal PathAction(string path, PathAccess access)
        : this([new PathUse(path, access)])
    {
    }
}

/// <summary>Fetches an address.</summary>
internal sealed record FetchAction(Uri Address) : ToolAction;

/// <summary>Concerns nothing but the session itself: its tasks, or sub-agents, which are judged on their own.</summary>
internal sealed record SessionAction : ToolAction;

/// <summary>Anything else; it is asked for.</summary>
internal sealed record OtherAction : ToolAction;

/// <summary>A path as it was given (relative ones count from the place's directory) and what is done with it.</summary>
internal sealed record PathUse(string Path, PathAccess Access);

/// <summary>What is done with a path.</summary>
internal enum PathAccess
{
    /// <summary>The file or the directory's names are read.</summary>
    Read,

    /// <summary>The file is created or changed.</summary>
    Write,

    /// <summary>Everything below the directory is read.</summary>
    Walk,

    /// <summary>As <see cref="Walk"/>, by a tool that leaves out every file to which <see cref="Policy.WalkFilter"/> says
    /// no; so rules about files below do not stop the whole walk.</summary>
    FilteredWalk,
}

/// <summary>Where an action would happen.</summary>
/// <param name="Directory">Absolute path of the working directory.</param>
/// <param name="Project">Absolute path of the project's root.</param>
/// <param name="Home">Absolute path of the user's home directory.</param>
/// <param name="Trusted">Whether the user trusts the project, so that its own rules count.</param>
/// <param name="Files">What may be asked of the file system.</param>
internal sealed record Place(string Directory, string Project, string Home, bool Trusted, FileLookup Files);

/// <summary>The few questions a decision asks of the file system; handed in, so that decisions stay pure.</summary>
/// <param name="RealPath">
/// The path with every symbolic link resolved as the kernel does it (<c>..</c> after a link counts from its target); parts
/// that do not exist yet are kept. Takes an absolute path as it was written; null when it cannot be told.
/// </param>
/// <param name="Names">The names in a directory, without <c>.</c> and <c>..</c>; none when it is no directory or cannot be
/// read; null when there are too many to look at.</param>
/// <param name="IsDirectory">Whether the path, links followed, is a directory.</param>
/// <param name="Program">The absolute path of the program that a name without a slash would start by the session's
/// <c>PATH</c>; null when none is found.</param>
internal sealed record FileLookup(
    Func<string, string?> RealPath, Func<string, IReadOnlyList<string>?> Names, Func<string, bool> IsDirectory,
    Func<string, string?> Program);
