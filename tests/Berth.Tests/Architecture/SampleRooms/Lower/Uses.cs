using Berth.Tests.Architecture.SampleRooms.Upper;

namespace Berth.Tests.Architecture.SampleRooms.Lower;

// Each of these uses the upper room in one way only: the wall has to see all of them.
internal sealed class InALambda
{
    public static Func<int> Weigh() => () => new Marble().Weight;
}

internal sealed class InAnAsyncMethod
{
    public static async Task<int> WeighAsync()
    {
        await Task.Yield();
        return new Marble().Weight;
    }
}

internal sealed class InAnIterator
{
    public static IEnumerable<int> Weights()
    {
        yield return new Marble().Weight;
    }
}

internal sealed class InATypeArgument
{
    public static int Count() => Array.Empty<List<Marble?[]>>().Length;
}

internal sealed class InAnAttribute
{
    [Marble]
    public static int Nothing() => 0;
}

internal sealed class InAnAttributesArgument
{
    [SampleNames(typeof(Dictionary<string, Marble>))]
    public static int Nothing() => 0;
}

internal sealed class InACatch
{
    public static bool Try(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (MarbleFault)
        {
            return false;
        }
    }
}

internal sealed class InASignature
{
    public static bool IsNothing(Marble? marble) => marble is null;
}

internal sealed class InAConstraint
{
    public static T Same<T>(T value)
        where T : IMarble => value;
}

internal sealed class InAField
{
    public Marble? Held;
}

internal sealed class InATypeTest
{
    public static bool IsOne(object o) => o is Marble;
}

[AttributeUsage(AttributeTargets.All)]
internal sealed class SampleNamesAttribute(Type type) : Attribute
{
    public Type Type { get; } = type;
}
