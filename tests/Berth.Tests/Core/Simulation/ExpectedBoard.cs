namespace Berth.Tests.Core.Simulation;

/// <summary>What the simulation expects of slots and terminals, by the number of a session.</summary>
internal sealed class ExpectedBoard
{
    private const int MostSlots = 16;

    /// <summary>Slot → session.</summary>
    public SortedDictionary<int, int> Slots { get; } = [];

    /// <summary>Terminal → session.</summary>
    public Dictionary<int, int> Looks { get; } = [];

    public int? SlotOf(int session) => Slots.Where(s => s.Value == session).Select(s => (int?)s.Key).FirstOrDefault();

    /// <summary>Gives a session the lowest free slot unless it has one; false when all are taken.</summary>
    public bool Take(int session)
    {
        if (SlotOf(session) is not null)
        {
            return true;
        }

        var free = Enumerable.Range(1, MostSlots).FirstOrDefault(n => !Slots.ContainsKey(n));
        if (free == 0)
        {
            return false;
        }

        Slots[free] = session;
        return true;
    }

    /// <summary>A terminal looks at another session, or at none.</summary>
    public void Look(int terminal, int? next, Func<int, bool> isBusy)
    {
        var left = Looks.TryGetValue(terminal, out var looked) ? (int?)looked : null;
        Looks.Remove(terminal);
        if (next is { } session)
        {
            Looks[terminal] = session;
        }

        if (left is { } gone && isBusy(gone) && !Looks.ContainsValue(gone))
        {
            Take(gone);
        }
    }

    public void Swap(int slot, int leaving)
    {
        Slots.Remove(slot);
        if (SlotOf(leaving) is null)
        {
            Slots[slot] = leaving;
        }
    }
}
