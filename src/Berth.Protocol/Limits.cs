namespace Berth.Protocol;

/// <summary>Every limit of Berth, in one place. Sizes carry their unit in the name, durations are TimeSpan.</summary>
public static class Limits
{
    /// <summary>Background slots of one project, numbered from 1.</summary>
    public const int Slots = 16;

    /// <summary>Tasks of one session that may run at the same time; ended ones do not count.</summary>
    public const int LiveTasksPerSession = 64;

    /// <summary>Sub-agents of one session that run at the same time.</summary>
    public const int SubagentsPerSession = 8;

    /// <summary>Bytes a task may write to its output file before it ends with reason "output limit".</summary>
    public const long TaskOutputBytes = 200_000_000;

    /// <summary>Characters of output the model gets from one call: head and tail, with the exact number left out.</summary>
    public const int OutputCharsToModel = 30_000;

    /// <summary>Longest time a command is waited for before it goes to the background by itself.</summary>
    public static readonly TimeSpan AutoBackgroundAfter = TimeSpan.FromSeconds(120);

    /// <summary>A background command that ends within this time answers with its result.</summary>
    public static readonly TimeSpan QuickCommand = TimeSpan.FromMilliseconds(200);

    /// <summary>UTF-8 bytes of one line a person types (larger text is given as a file).</summary>
    public const int LineBytes = 1_000_000;

    /// <summary>Bytes of one message between client and daemon: a line, its escapes and the captured environment.</summary>
    public const int WireMessageBytes = 16 * 1024 * 1024;

    /// <summary>Bytes of one stored event; a longer line in a log counts as damage.</summary>
    public const int EventBytes = 64 * 1024 * 1024;

    /// <summary>How deep brackets, quotes and substitutions of a command line may nest before it is asked for.</summary>
    public const int CommandNesting = 50;

    /// <summary>Commands in one line before it is asked for.</summary>
    public const int CommandsPerLine = 2_000;

    /// <summary>Work one permission decision may cost (about one step for a character looked at) before it asks.</summary>
    public const long PermissionSteps = 20_000_000;

    /// <summary>Lines waiting in a session's mailbox.</summary>
    public const int Mailbox = 256;

    /// <summary>Longest silence before the first byte of a model's answer.</summary>
    public static readonly TimeSpan ModelFirstByte = TimeSpan.FromSeconds(180);

    /// <summary>Longest silence between two bytes of a model's answer; a model's <c>idle_timeout</c> replaces it.</summary>
    public static readonly TimeSpan ModelIdle = TimeSpan.FromSeconds(60);

    /// <summary>Smallest distance between two stored pieces of streamed text.</summary>
    public static readonly TimeSpan ChunkInterval = TimeSpan.FromMilliseconds(30);

    /// <summary>Longest time a stored piece of streamed text may be missing on the disk itself.</summary>
    public static readonly TimeSpan ChunkDurable = TimeSpan.FromMilliseconds(200);

    /// <summary>With nobody attached and nothing busy, the daemon leaves after this time.</summary>
    public static readonly TimeSpan DaemonIdle = TimeSpan.FromMinutes(30);

    /// <summary>Between the polite and the hard signal to a task that is stopped.</summary>
    public static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(2);

    /// <summary>How long a headless run waits for the background tasks it started.</summary>
    public static readonly TimeSpan RunWait = TimeSpan.FromMinutes(10);

    /// <summary>Rows of history a terminal draws when it looks at a session.</summary>
    public const int HistoryLines = 5_000;
}
