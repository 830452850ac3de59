using Berth.Protocol.Rows;
using Berth.Protocol.Events;
using Berth.Protocol.Messages;
using Berth.Rendering;

namespace Berth.Views;

/// <summary>What the last row of the screen says.</summary>
/// <param name="Model">Null while it is not known.</param>
/// <param name="Directory">Already shortened.</param>
/// <param name="Session">Null before the first look.</param>
/// <param name="Connection">A word when there is no daemon; null when there is.</param>
internal sealed record StatusFacts(
    string? Model, string Directory, string? Session, string? Name, string? PermissionMode, BoardNews? Board, TaskFacts? Tasks,
    Usage Usage, TimeSpan? Elapsed, string? Connection);

/// <summary>The tasks that run.</summary>
/// <param name="Newest">The newest one: its description, else its command.</param>
/// <param name="Elapsed">How long that one has run.</param>
internal sealed record TaskFacts(int Count, string Newest, TimeSpan Elapsed)
{
    private const int NameCells = 24;

    /// <summary>Null when none runs.</summary>
    public static TaskFacts? Of(IReadOnlyDictionary<long, (string Name, DateTimeOffset Began)> tasks, DateTimeOffset now)
    {
        var newest = 0L;
        foreach (var number in tasks.Keys)
        {
            newest = Math.Max(newest, number);
        }

        return tasks.TryGetValue(newest, out var task) ? new TaskFacts(tasks.Count, Short(task.Name), now - task.Began) : null;
    }

    // The first line, cut where it is long.
    private static string Short(string name)
    {
        var line = name.Trim();
        var end = line.AsSpan().IndexOfAny('\n', '\r');
        return new Row(end < 0 ? line : $"{line[..end].TrimEnd()} …").CutTo(NameCells).Text;
    }
}

/// <summary>
/// The status line. On a narrow screen the parts that matter least go first: the name, tokens, the mode, the time, the
/// directory, the model; what waits for a person stays longest.
/// </summary>
internal static class StatusLine
{
    private sealed record Part(int Rank, Row Row);

    /// <summary>The row, no wider than the screen.</summary>
    public static Row Draw(StatusFacts facts, int columns)
    {
        var parts = new List<Part>();
        Add(parts, 3, facts.Connection, new Style(Color.Yellow));
        Add(parts, 4, facts.Model, Style.Dim);
        Add(parts, 5, facts.Directory, Style.Dim);
        Add(parts, 2, facts.Session is { } id ? $"[{id}]" : null, Style.Dim);
        Add(parts, 9, facts.Name, Style.Dim);
        Add(parts, 7, facts.PermissionMode is { } mode and not "ask" ? mode : null,
            new Style(facts.PermissionMode == "bypass" ? Color.Red : Color.Cyan));
        Add(parts, 3, facts.Board is { Orchestration: true } ? "orchestration" : null, new Style(Color.Cyan));
        if (Background(facts.Board) is { } background)
        {
            parts.Add(new Part(1, background));
        }

        if (facts.Tasks is { } tasks)
        {
            Add(parts, 3, Figures.Plural(tasks.Count, "task"), new Style(Color.Yellow));
            Add(parts, 7, $"{tasks.Newest} {Figures.Duration(tasks.Elapsed)}", new Style(Color.Yellow));
        }

        Add(parts, 6, facts.Elapsed is { } elapsed ? Figures.Duration(elapsed) : null, Style.Dim);
        var tokens = facts.Usage.InputTokens + facts.Usage.OutputTokens;
        Add(parts, 8, tokens > 0 ? $"{Figures.Count(tokens)} tokens" : null, Style.Dim);
        while (parts.Count > 1 && Join(parts).Width > columns)
        {
            parts.RemoveAt(Least(parts));
        }

        return Join(parts).CutTo(columns);
    }

    private static void Add(List<Part> parts, int rank, string? text, Style style)
    {
        if (text is { Length: > 0 })
        {
            parts.Add(new Part(rank, new Row(text, style)));
        }
    }

    // "bg: 2 running · 1 waiting · 1 error · 3 done", each in its state's colour; nothing in the background shows nothing.
    private static Row? Background(BoardNews? board)
    {
        if (board is null || board.Running + board.Waiting + board.Done + board.Error + board.Interrupted == 0)
        {
            return null;
        }

        var pieces = new List<Piece> { new("bg: ", Style.Dim) };
        Count(board.Running, SessionStates.Running);
        Count(board.Waiting, SessionStates.Waiting);
        Count(board.Error, SessionStates.Error);
        Count(board.Interrupted, SessionStates.Interrupted);
        Count(board.Done, SessionStates.Done);
        return new Row([.. pieces]);

        void Count(int count, string state)
        {
            if (count > 0)
            {
                pieces.Add(new Piece(pieces.Count > 1 ? " · " : "", Style.Dim));
                pieces.Add(new Piece($"{count} {state}", Palette.Of(state)));
            }
        }
    }

    private static int Least(List<Part> parts)
    {
        var least = 0;
        for (var i = 1; i < parts.Count; i++)
        {
            least = parts[i].Rank > parts[least].Rank ? i : least;
        }

        return least;
    }

    private static Row Join(List<Part> parts)
    {
        var pieces = new List<Piece> { new(" ") };
        foreach (var part in parts)
        {
            if (pieces.Count > 1)
            {
                pieces.Add(new Piece(" · ", Style.Dim));
            }

            pieces.AddRange(part.Row.Pieces);
        }

        return new Row([.. pieces]);
    }
}
