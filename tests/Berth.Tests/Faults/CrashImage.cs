using Berth.Tests.Processes;

namespace Berth.Tests.Faults;

/// <summary>The files of an installation as a fall at one moment leaves them.</summary>
/// <param name="Moment">What happened there, for the message of a failing test.</param>
/// <param name="Files">A copy of everything.</param>
/// <param name="Promised">What was acknowledged before the fall.</param>
/// <param name="Effects">What tools had done before the fall: the name of each effect.</param>
internal sealed record CrashImage(string Moment, Scratch Files, IReadOnlyList<Promise> Promised, IReadOnlyList<string> Effects);

/// <summary>Something that was acknowledged.</summary>
internal abstract record Promise(string Session)
{
    /// <summary>A message is taken.</summary>
    internal sealed record Message(string Session, string Text) : Promise(Session);

    /// <summary>A request is answered.</summary>
    internal sealed record Answered(string Session, string Request) : Promise(Session);

    /// <summary>A session has a name.</summary>
    internal sealed record Named(string Session, string Name) : Promise(Session);

    /// <summary>A session is a copy of another one.</summary>
    internal sealed record Copied(string Session, string Origin) : Promise(Session);

    /// <summary>The slots are so, from number 1 on; empty: free.</summary>
    internal sealed record Slots(IReadOnlyList<string> Holders) : Promise("");
}

/// <summary>
/// Takes images while an engine works on a <see cref="ScriptedDisk"/>: at every write as the death of the program in its
/// middle and at its end leaves the files, at every write and sync as a power cut does.
/// </summary>
internal sealed class CrashCamera(Scratch life, ScriptedDisk disk, Random random, Func<bool> takes)
{
    private readonly Lock gate = new();
    private readonly List<Promise> promises = [];
    private readonly List<CrashImage> images = [];

    /// <summary>The images so far. To be read when the engine has ended.</summary>
    public IReadOnlyList<CrashImage> Images => images;

    /// <summary>How many moments there were, taken or not.</summary>
    public int Moments { get; private set; }

    /// <summary>Begins to look.</summary>
    public void Start()
    {
        disk.Before = request =>
        {
            if (request is { Work: DiskWork.Write, Bytes: { } bytes })
            {
                Take($"killed within the write of {bytes.Length} bytes", request, copy => Tear(copy, request, bytes));
            }
            else if (request.Work == DiskWork.Sync)
            {
                Take("power cut before the sync", request, PowerCut);
            }
        };
        disk.After = request =>
        {
            if (request.Work == DiskWork.Write)
            {
                Take("killed after the write", request, _ => { });
                Take("power cut after the write", request, PowerCut);
            }
            else if (request.Work == DiskWork.Sync)
            {
                Take("power cut after the sync", request, PowerCut);
            }
        };
    }

    /// <summary>Something was acknowledged.</summary>
    public void Promised(Promise promise)
    {
        lock (gate)
        {
            promises.Add(promise);
        }
    }

    private void Take(string moment, DiskRequest request, Action<string> fall)
    {
        Moments++;
        if (!takes())
        {
            return;
        }

        List<Promise> promised;
        lock (gate)
        {
            promised = [.. promises];
        }

        var effects = Directory.GetFiles(life.Path("project"), "effect-*").Select(f => Path.GetFileName(f)).ToList();
        var copy = new Scratch();
        Copy(life.Root, copy.Root);
        fall(copy.Root);
        images.Add(new CrashImage($"{moment} of {Path.GetRelativePath(life.Root, request.Path)}", copy, promised, effects));
    }

    private string InCopy(string copy, string path) => Path.Combine(copy, Path.GetRelativePath(life.Root, path));

    private void Tear(string copy, DiskRequest request, byte[] bytes)
    {
        using var file = File.OpenWrite(InCopy(copy, request.Path));
        file.Position = request.Offset;
        file.Write(bytes.AsSpan(0, random.Next(bytes.Length)));
    }

    // What was not synced is there, or is not, or is a page of zeros.
    private void PowerCut(string copy)
    {
        foreach (var (path, durable) in disk.Durable)
        {
            if (!File.Exists(InCopy(copy, path)))
            {
                continue;
            }

            using var file = File.Open(InCopy(copy, path), FileMode.Open, FileAccess.ReadWrite);
            var unsure = file.Length - durable;
            if (unsure <= 0)
            {
                continue;
            }

            switch (random.Next(3))
            {
                case 0:
                    file.SetLength(durable);
                    break;
                case 1:
                    file.SetLength(durable + random.NextInt64(unsure));
                    break;
                default:
                    var from = random.NextInt64(unsure);
                    file.Position = durable + from;
                    file.Write(new byte[unsure - from]);
                    break;
            }
        }
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var entry in new DirectoryInfo(from).EnumerateFileSystemInfos())
        {
            try
            {
                if (entry is DirectoryInfo directory)
                {
                    Copy(directory.FullName, Path.Combine(to, directory.Name));
                }
                else
                {
                    File.Copy(entry.FullName, Path.Combine(to, entry.Name));
                }
            }
            catch (FileNotFoundException)
            {
                // A temporary file has gone meanwhile.
            }
        }
    }
}
