namespace Berth.Protocol.Wire;

/// <summary>
/// The number client and daemon compare in their first message. It grows when one of them could misunderstand the
/// other; builds with the same number work together. The method "daemon" works whatever the numbers are.
/// </summary>
public static class ProtocolVersion
{
    /// <summary>This build's number.</summary>
    public const int Current = 1;
}
