namespace Berth.Protocol;

/// <summary>Every limit of Berth, in one place. Sizes carry their unit in the name, durations are TimeSpan.</summary>
public static class Limits
{
    /// <summary>Background slots of one project, numbered from 1.</summary>
    public const int Slots = 16;

    /// <summary>Tasks of one session that may run at the same time; ended ones do not count.</summary>
    public const int LiveTasksPerSession = 64;

    /// <summary>Tasks that a list of a session's tasks shows beside those that run: the newest. JSON has all.</summary>
    public const int EndedTasksShown = 30;

    /// <summary>Sub-agents of one session that run at the same time.</summary>
    public const int SubagentsPerSession = 8;

    /// <summary>Sub-agents that one call may start; those over <see cref="SubagentsPerSession"/> wait their turn.</summary>
    public const int SubagentsPerGroup = 64;

    /// <summary>How long a sub-agent's result waits for the background tasks it started.</summary>
    public static readonly TimeSpan SubagentTaskWait = TimeSpan.FromMinutes(10);

    /// <summary>Characters of earlier results that a later sub-agent of a serial group gets.</summary>
    public const int EarlierResultsChars = 30_000;

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
    public const long PermissionSteps = 10_000_000;

    /// <summary>Longest silence before the first byte of a model's answer.</summary>
    public static readonly TimeSpan ModelFirstByte = TimeSpan.FromSeconds(180);

    /// <summary>Longest silence between two bytes of a model's answer; a model's <c>idle_timeout</c> replaces it.</summary>
    public static readonly TimeSpan ModelIdle = TimeSpan.FromSeconds(60);

    /// <summary>Longest time until a connection to a model's server stands.</summary>
    public static readonly TimeSpan ModelConnect = TimeSpan.FromSeconds(15);

    /// <summary>After the word that ends an answer: longest silence until its token counts and the stream's end.</summary>
    public static readonly TimeSpan ModelTail = TimeSpan.FromSeconds(5);

    /// <summary>Requests made for one step of a turn, the first included.</summary>
    public const int ModelRequests = 5;

    /// <summary>How long <c>/models /check</c> waits for a first word.</summary>
    public static readonly TimeSpan ModelCheck = TimeSpan.FromSeconds(60);

    /// <summary>How long git is waited for when a session begins; without an answer the system text says less.</summary>
    public static readonly TimeSpan GitCall = TimeSpan.FromSeconds(1);

    /// <summary>Changed files that the system text names.</summary>
    public const int GitFiles = 20;

    /// <summary>Sum of the waits between them that Berth itself chooses.</summary>
    public static readonly TimeSpan ModelOwnWaits = TimeSpan.FromSeconds(15);

    /// <summary>Longest Retry-After of a server that is waited for; a longer one is an error that names it.</summary>
    public static readonly TimeSpan ModelRetryAfter = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A request that waits for its key's limits is overtaken this often by sessions that a person looks at; then it
    /// goes next.
    /// </summary>
    public const int Overtaken = 3;

    /// <summary>
    /// After a wait that a server asked for, one request goes first; refused by nobody for this long, it counts as taken.
    /// </summary>
    public static readonly TimeSpan ModelProof = TimeSpan.FromSeconds(2);

    /// <summary>Characters that count as a token before the provider has counted.</summary>
    public const int CharsPerToken = 4;

    /// <summary>Tokens that an image counts as before the provider has counted.</summary>
    public const int TokensPerImage = 1_500;

    /// <summary>Bytes of one answer of a model on the wire, framing included.</summary>
    public const long ModelAnswerBytes = 128 * 1024 * 1024;

    /// <summary>Bytes of one line of a model's answer stream.</summary>
    public const int ModelLineBytes = 16 * 1024 * 1024;

    /// <summary>Bytes of an error answer that are read to say what it means.</summary>
    public const int ModelErrorBytes = 64 * 1024;

    /// <summary>Tool calls in one answer of a model; more count as a senseless answer.</summary>
    public const int CallsPerAnswer = 256;

    /// <summary>The same call with the same result, this often in a row: the model is told.</summary>
    public const int SameCallsTold = 5;

    /// <summary>The same call with the same result, this often in a row: the turn is stopped.</summary>
    public const int SameCalls = 10;

    /// <summary>The share of a model's limit from which on a context is compacted by itself.</summary>
    public const double CompactAt = 0.85;

    /// <summary>Tokens of the last turns that a compaction keeps word for word, at most.</summary>
    public const long CompactionKeptTokens = 16_000;

    /// <summary>After a compaction, the context grows by this part of the model's limit before another one is tried by itself.</summary>
    public const int CompactionGrowthShare = 20;

    /// <summary>Requests for one summary that bring none, because they are too long or answered without text.</summary>
    public const int CompactionTries = 4;

    /// <summary>Characters of a summary that are kept.</summary>
    public const int CompactionSummaryChars = 60_000;

    /// <summary>Characters of a person's own messages that stand beside the summary.</summary>
    public const int CompactionSaidChars = 12_000;

    /// <summary>Files that are named beside the summary as read, and as many as changed.</summary>
    public const int CompactionFiles = 200;

    /// <summary>Smallest distance between two stored pieces of streamed text.</summary>
    public static readonly TimeSpan ChunkInterval = TimeSpan.FromMilliseconds(30);

    /// <summary>Longest time a stored piece of streamed text may be missing on the disk itself.</summary>
    public static readonly TimeSpan ChunkDurable = TimeSpan.FromMilliseconds(200);

    /// <summary>With nobody attached and nothing busy, the daemon leaves after this time.</summary>
    public static readonly TimeSpan DaemonIdle = TimeSpan.FromMinutes(30);

    /// <summary>Between the polite and the hard signal to a task that is stopped.</summary>
    public static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(2);

    /// <summary>A background command that is silent for this long behind a question seems to wait for input.</summary>
    public static readonly TimeSpan PromptSilence = TimeSpan.FromSeconds(45);

    /// <summary>How long a headless run waits for the background tasks it started.</summary>
    public static readonly TimeSpan RunWait = TimeSpan.FromMinutes(10);

    /// <summary>Events of a long session that are sent to a terminal that begins to look at it.</summary>
    public const int HistoryEvents = 20_000;

    /// <summary>Rows of history a terminal draws when it looks at a session.</summary>
    public const int HistoryLines = 5_000;

    /// <summary>Bytes of one settings file.</summary>
    public const int SettingsFileBytes = 1_000_000;

    /// <summary>How long a change of the settings waits for another one to end.</summary>
    public static readonly TimeSpan SettingsLock = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of one AGENTS.md that reach the model; what is beyond is named and left out.</summary>
    public const int InstructionFileBytes = 64 * 1024;

    /// <summary>Bytes of all AGENTS.md files together.</summary>
    public const int InstructionBytes = 128 * 1024;

    /// <summary>Bytes of one definition: a sub-agent, a skill, a custom command.</summary>
    public const int DefinitionBytes = 256 * 1024;

    /// <summary>Files of one folder of definitions that are looked at.</summary>
    public const int DefinitionsPerPlace = 500;

    /// <summary>Characters that the list of skills takes in the system text.</summary>
    public const int SkillsChars = 24_000;

    /// <summary>Characters that one <c>@path</c> adds to a message.</summary>
    public const int MentionChars = 30_000;

    /// <summary>Characters that all <c>@path</c> of one message add to it.</summary>
    public const int MentionsChars = 120_000;

    /// <summary>Entries of a directory that one <c>@path</c> lists.</summary>
    public const int MentionEntries = 200;

    /// <summary>Files below a directory that the completion of <c>@path</c> looks through.</summary>
    public const int CompletionFiles = 200_000;

    /// <summary>How long a completion waits for them; later keys find what was found meanwhile.</summary>
    public static readonly TimeSpan CompletionPatience = TimeSpan.FromMilliseconds(150);

    /// <summary>Bytes of a page that <c>web_fetch</c> reads, unpacked.</summary>
    public const int FetchBytes = 5_000_000;

    /// <summary>How long <c>web_fetch</c> waits for a page, redirects included.</summary>
    public static readonly TimeSpan FetchTime = TimeSpan.FromSeconds(30);

    /// <summary>Items of a todo list.</summary>
    public const int Todos = 50;

    /// <summary>Characters of an item of a todo list.</summary>
    public const int TodoChars = 300;

    /// <summary>Lines that <c>read</c> gives when nothing else is asked for.</summary>
    public const int ReadLines = 2_000;

    /// <summary>Characters that one <c>read</c> gives.</summary>
    public const int ReadChars = 100_000;

    /// <summary>Entries of a directory that <c>read</c> lists when nothing else is asked for.</summary>
    public const int ReadEntries = 1_000;

    /// <summary>Bytes of an image that a model is shown: in base64 the 5 MB that providers take.</summary>
    public const int ImageBytes = 3_932_160;

    /// <summary>Pixels of an image's longer side.</summary>
    public const int ImagePixels = 8_000;

    /// <summary>Images in one request; when there are more, the oldest half is left out.</summary>
    public const int ImagesPerRequest = 20;

    /// <summary>Bytes of all images in one request; when there are more, the oldest half is left out.</summary>
    public const long ImageBytesPerRequest = 20_000_000;

    /// <summary>Bytes of a file that <c>edit</c> changes; larger ones are for other programs.</summary>
    public const int EditFileBytes = 16 * 1024 * 1024;

    /// <summary>Characters of a diff that a person is shown before a file is changed.</summary>
    public const int DiffChars = 200_000;

    /// <summary>Files in common with other sessions that a list names for one session.</summary>
    public const int ConflictsPerSession = 100;

    /// <summary>Paths that one <c>glob</c> gives.</summary>
    public const int GlobPaths = 300;

    /// <summary>Matches that <c>grep</c> gives when nothing else is asked for.</summary>
    public const int GrepMatches = 200;

    /// <summary>Matches of one file that <c>grep</c> gives when it looks through several.</summary>
    public const int GrepMatchesPerFile = 50;

    /// <summary>Files that one <c>glob</c> or <c>grep</c> looks at.</summary>
    public const int WalkFiles = 1_000_000;

    /// <summary>How long a pattern may look at one line before the search is given up.</summary>
    public static readonly TimeSpan PatternTime = TimeSpan.FromSeconds(2);
}
