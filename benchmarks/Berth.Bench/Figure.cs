namespace Berth.Bench;

/// <summary>What a figure counts in.</summary>
internal enum Unit
{
    Milliseconds,
    Microseconds,
    Seconds,
    Megabytes,
}

/// <summary>The least that the same thing could cost, measured in the same run.</summary>
/// <param name="Name">What was measured for it.</param>
internal sealed record Floor(string Name, double Value);

/// <summary>What a figure shall keep to.</summary>
internal abstract record Aim
{
    private Aim()
    {
    }

    /// <summary>A value of its own.</summary>
    internal sealed record AtMost(double Value) : Aim;

    /// <summary>So much more than the floor.</summary>
    internal sealed record Above(double Value) : Aim;

    /// <summary>So many times the floor.</summary>
    internal sealed record Times(double Factor) : Aim;

    /// <summary>The figure's largest value that keeps to it.</summary>
    public double Limit(Floor? floor) => this switch
    {
        AtMost aim => aim.Value,
        Above aim => floor!.Value + aim.Value,
        Times aim => floor!.Value * aim.Factor,
        _ => double.NaN,
    };
}

/// <summary>One row of the table.</summary>
/// <param name="What">What was measured, in words.</param>
/// <param name="Floor">Null where nothing smaller can be named.</param>
/// <param name="Aim">Null for a figure that only explains another one.</param>
internal sealed record Figure(string What, double Value, Unit Unit, Floor? Floor = null, Aim? Aim = null)
{
    /// <summary>The figure over its floor; null without one.</summary>
    public double? Ratio => Floor is null ? null : Value / Floor.Value;

    /// <summary>Whether the aim is met; null without one.</summary>
    public bool? IsMet => Aim is null ? null : Value <= Aim.Limit(Floor);
}
