using System.Net;
using System.Net.Sockets;

namespace Berth.Core.Web;

/// <summary>
/// Which addresses belong to the public Internet: all but those that the IANA registries keep for this machine, private
/// networks, links and special uses (https://www.iana.org/assignments/iana-ipv4-special-registry and …ipv6-…). An address
/// that carries another one (mapped, translated) is judged by that.
/// </summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
            "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    // Of IPv6 only this is given out to the Internet at all; within it these are not.
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] NotGlobal =
        [.. new[] { "2001::/23", "2001:db8::/32", "3fff::/20" }.Select(IPNetwork.Parse)];

    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Whether an address is one of the public Internet.</summary>
    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return !NotPublic.Any(network => network.Contains(address));
        }

        var bytes = address.GetAddressBytes();
        return Translated.Contains(address) ? Is(new IPAddress(bytes[12..]))
            : SixToFour.Contains(address) ? Is(new IPAddress(bytes[2..6]))
            : Global.Contains(address) && !NotGlobal.Any(network => network.Contains(address));
    }
}
