namespace Berth.Core.Permissions;

/// <summary>
/// Counts work instead of time, so that one line always meets the same end on every machine.
/// </summary>
/// <param name="steps">How much work one decision may cost; about a character looked at is one step.</param>
internal sealed class Budget(long steps)
{
    private long left = steps;

    /// <summary>Pays for work about to be done.</summary>
    /// <exception cref="UnclearException">The budget is used up; the answer is then to ask.</exception>
    internal void Spend(long steps = 1)
    {
        left -= steps;
        if (left < 0)
        {
            throw new UnclearException("it is too long or too entangled to look through");
        }
    }
}

/// <summary>What is to be judged cannot be understood. It never leaves this room: it becomes a question.</summary>
/// <param name="why">Completes "asks because …".</param>
internal sealed class UnclearException(string why) : Exception(why);
