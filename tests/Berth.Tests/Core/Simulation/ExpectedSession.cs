namespace Berth.Tests.Core.Simulation;

/// <summary>
/// What the simulation expects of one session: the rules of turns, queues and tasks in the simplest words. A message is a
/// kind and a number; the kind says what the model does with it.
/// </summary>
internal sealed class ExpectedSession
{
    private readonly List<Input> queue = [];

    /// <summary>Tasks that live: the number, and whether their end wakes the session.</summary>
    private readonly Dictionary<int, bool> background = [];

    /// <summary>The person's own commands that live: the number, and whether the person waits for it.</summary>
    private readonly Dictionary<int, bool> own = [];

    public string State { get; private set; } = "idle";

    public int Turns { get; private set; }

    /// <summary>It has had a message.</summary>
    public bool HasContent { get; private set; }

    /// <summary>What the open turn hangs on: "hold 7", "fg 8" or "ask 9"; null when no turn is open.</summary>
    public string? HangsOn { get; private set; }

    public int Tasks => background.Count + own.Count + (HangsOn?.StartsWith("fg", StringComparison.Ordinal) == true ? 1 : 0);

    public bool IsBusy => HangsOn is not null || Tasks > 0;

    /// <summary>Numbers of the live commands that a test can let end.</summary>
    public IEnumerable<int> Endable => HangsOn is { } hangs && hangs.StartsWith("fg", StringComparison.Ordinal)
        ? [.. background.Keys, .. own.Keys, Number(hangs)] : [.. background.Keys, .. own.Keys];

    private sealed record Input(string Text, bool FromPerson, bool IsNews);

    public void Submit(string message)
    {
        HasContent = true;
        queue.Add(new Input(message, FromPerson: true, IsNews: true));
        if (HangsOn is null)
        {
            BeginTurn();
        }
    }

    /// <summary>The model says the rest of a held answer.</summary>
    public void Release() => AfterAnswer();

    /// <summary>A person answers the request, however.</summary>
    public void Answer() => AfterTool();

    public void Interrupt()
    {
        foreach (var (number, _) in own.Where(o => o.Value).ToList())
        {
            own.Remove(number);
            AddNotice(wakes: false);
        }

        if (HangsOn is null)
        {
            return;
        }

        Close("cancelled");
        if (queue.Exists(i => i.FromPerson))
        {
            BeginTurn();
        }
    }

    /// <summary>The person runs a command of their own.</summary>
    public void Run(int number) => (HasContent, own[number]) = (true, true);

    /// <summary>Ctrl+B.</summary>
    public void Background()
    {
        foreach (var number in own.Keys)
        {
            own[number] = false;
        }

        if (HangsOn is { } hangs && hangs.StartsWith("fg", StringComparison.Ordinal))
        {
            background[Number(hangs)] = true;
            AfterTool();
        }
    }

    /// <summary>A command ends by itself.</summary>
    public void End(int number)
    {
        if (own.Remove(number))
        {
            AddNotice(wakes: false);
            return;
        }

        if (!background.Remove(number, out var wakes))
        {
            AfterTool();
            return;
        }

        AddNotice(wakes);
        if (wakes && HangsOn is null)
        {
            BeginTurn();
        }
    }

    /// <summary>The person stops a command.</summary>
    public void Stop(int number)
    {
        if (background.ContainsKey(number))
        {
            background[number] = false;
        }

        End(number);
    }

    /// <summary>Its context is compacted while nothing runs, or that fails: a turn of its own.</summary>
    public void Compact(bool failed)
    {
        Turns++;
        if (queue.Exists(i => i.IsNews))
        {
            Ask();
        }
        else
        {
            Close(failed ? "error" : "done");
        }
    }

    /// <summary>A copy: all but its commands, which stay.</summary>
    public ExpectedSession Copy()
    {
        var copy = new ExpectedSession { State = State, Turns = Turns, HasContent = HasContent };
        copy.queue.AddRange(queue);
        return copy;
    }

    public void Drop()
    {
        if (HangsOn is not null)
        {
            Close("cancelled");
        }

        for (var i = background.Count + own.Count; i > 0; i--)
        {
            AddNotice(wakes: false);
        }

        background.Clear();
        own.Clear();
    }

    /// <summary>The daemon ends, in order or not, and another one begins.</summary>
    public void Restart(bool inOrder)
    {
        foreach (var number in own.Keys)
        {
            own[number] = false;
        }

        if (HangsOn is null || HangsOn.StartsWith("ask", StringComparison.Ordinal))
        {
            return;
        }

        if (HangsOn.StartsWith("fg", StringComparison.Ordinal))
        {
            // The command is in the background now. Its end wakes the session only when the daemon left in order.
            background[Number(HangsOn)] = inOrder;
        }

        Close("interrupted");
    }

    public override string ToString() =>
        $"{State} on {HangsOn ?? "nothing"}, {Turns} turns, tasks {string.Join(',', Endable)}, queue {string.Join(',', queue.Select(q => q.Text))}";

    private static int Number(string message) => int.Parse(message.Split(' ')[1]);

    private void AddNotice(bool wakes) => queue.Add(new Input("notice", FromPerson: false, IsNews: wakes));

    private void Close(string state) => (State, HangsOn) = (state, null);

    private void BeginTurn()
    {
        Turns++;
        Ask();
    }

    // The model does what a person said last; whether a notice is before or behind it is a matter of moments.
    private void Ask()
    {
        var last = queue.FindLast(i => i.FromPerson)?.Text ?? "result";
        queue.Clear();
        switch (last.Split(' ')[0])
        {
            case "hold" or "fg":
                (State, HangsOn) = ("running", last);
                break;
            case "ask":
                (State, HangsOn) = ("waiting", last);
                break;
            case "task":
                background[Number(last)] = true;
                AfterTool();
                break;
            default:
                AfterAnswer();
                break;
        }
    }

    private void AfterTool() => Ask();

    private void AfterAnswer()
    {
        if (queue.Exists(i => i.IsNews))
        {
            Ask();
        }
        else
        {
            Close("done");
        }
    }
}
