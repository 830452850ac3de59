namespace Berth.Editor;

/// <summary>The lines a person sent, oldest first, and a place among them that Up and Down move.</summary>
internal sealed class InputHistory
{
    /// <summary>Lines that are kept.</summary>
    public const int Kept = 1_000;

    private readonly List<string> lines = [];
    private int place;
    private Draft held = Draft.Empty;

    /// <summary>How many there are.</summary>
    public int Count => lines.Count;

    /// <summary>The line at a place, counted from the oldest.</summary>
    public string this[int index] => lines[index];

    /// <summary>Puts the stored lines before those of this terminal.</summary>
    public void AddStored(IReadOnlyList<string> stored)
    {
        lines.InsertRange(0, stored);
        place += stored.Count;
    }

    /// <summary>Adds a sent line; false when it repeats the one before or is blank.</summary>
    public bool Add(string line)
    {
        var isNew = line.Trim().Length > 0 && (lines.Count == 0 || lines[^1] != line);
        if (isNew)
        {
            lines.Add(line);
            if (lines.Count > Kept)
            {
                lines.RemoveAt(0);
            }
        }

        place = lines.Count;
        return isNew;
    }

    /// <summary>The line before the one shown; null at the oldest. What stands in the editor comes back at the end.</summary>
    public Draft? Older(Draft current)
    {
        if (place == 0)
        {
            return null;
        }

        if (place == lines.Count)
        {
            held = current;
        }

        place--;
        return AtPlace();
    }

    /// <summary>The line after the one shown, last of all the draft itself; null there.</summary>
    public Draft? Newer()
    {
        if (place == lines.Count)
        {
            return null;
        }

        place++;
        return place == lines.Count ? held : AtPlace();
    }

    /// <summary>Up begins at the newest again.</summary>
    public void Rewind() => place = lines.Count;

    private Draft AtPlace() => new(lines[place], lines[place].Length, []);
}
