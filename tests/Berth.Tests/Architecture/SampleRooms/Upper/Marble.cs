namespace Berth.Tests.Architecture.SampleRooms.Upper;

internal sealed class Marble
{
    public int Weight { get; init; } = 3;
}

internal interface IMarble;

internal sealed class MarbleFault : Exception;

[AttributeUsage(AttributeTargets.All)]
internal sealed class MarbleAttribute : Attribute;
