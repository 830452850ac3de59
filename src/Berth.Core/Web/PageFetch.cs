using System.Net;
using System.Net.Sockets;
using Berth.Protocol;

namespace Berth.Core.Web;

/// <summary>What a fetch needs from outside.</summary>
/// <param name="MayBePrivate">Whether a host may lie in a private network, because a person allowed it.</param>
/// <param name="ResolveAsync">The addresses of a host name.</param>
/// <param name="Time">The clock.</param>
internal sealed record FetchNeeds(
    Func<string, bool> MayBePrivate, Func<string, CancellationToken, Task<IPAddress[]>> ResolveAsync, TimeProvider Time);

/// <summary>What came from an address.</summary>
/// <param name="Address">Where it came from in the end.</param>
/// <param name="Elsewhere">It is a redirect to this other place, which was not followed.</param>
/// <param name="MediaType">In lower case, without parameters; null when the server says none.</param>
/// <param name="Charset">As the server names it.</param>
/// <param name="Bytes">The body, as far as it was read.</param>
/// <param name="IsCut">The body is longer.</param>
internal sealed record FetchedPage(
    Uri Address, HttpStatusCode Status, Uri? Elsewhere, string? MediaType, string? Charset, byte[] Bytes, bool IsCut);

/// <summary>Nothing came; the message says why, for the model and for people.</summary>
internal sealed class FetchFailure(string why) : Exception(why);

/// <summary>
/// One GET, without cookies, keys or a proxy, within bounds of size and time. The addresses of the host are looked up here
/// and checked, and the connection is made to a checked one, so that a name cannot mean another place a moment later.
/// </summary>
internal sealed class PageFetch(FetchNeeds needs)
{
    private const int Redirects = 5;
    private const int HeaderKilobytes = 64;
    private const string Accepted = "text/markdown, text/html;q=0.9, application/json;q=0.9, text/*;q=0.8, */*;q=0.1";

    /// <summary>Why an address is none to be fetched; null when it is one.</summary>
    public static string? Problem(Uri? address) => address switch
    {
        null or { IsAbsoluteUri: false } => "an address begins with https:// or http://",
        { Scheme: not ("https" or "http") } => $"only https and http are fetched, not {address.Scheme}",
        { UserInfo.Length: > 0 } => "an address must not hold a name or password",
        { IdnHost.Length: 0 } => "the address names no host",
        _ => null,
    };

    /// <summary>Why a host that names an address itself is not reached; null when it is, or is a name.</summary>
    public string? HostProblem(Uri address)
    {
        var host = HostOf(address);
        return IPAddress.TryParse(host, out var ip) && !PublicAddress.Is(ip) && !needs.MayBePrivate(host) ? Private(host, ip)
            : host is "localhost" && !needs.MayBePrivate(host) ? Private(host, IPAddress.Loopback)
            : null;
    }

    /// <summary>Gets a page.</summary>
    /// <exception cref="FetchFailure">There was no answer, or it must not be asked for.</exception>
    public async Task<FetchedPage> GetAsync(Uri address, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Limits.FetchTime, needs.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            return await FollowAsync(address, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new FetchFailure($"{address.IdnHost} did not answer in full within {Limits.FetchTime.TotalSeconds:0} s.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or InvalidDataException)
        {
            throw Inner(e) ?? new FetchFailure($"{address.IdnHost} could not be reached: {Deepest(e)}");
        }
    }

    private async Task<FetchedPage> FollowAsync(Uri address, CancellationToken cancellation)
    {
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.All,
            MaxResponseHeadersLength = HeaderKilobytes,
            ConnectCallback = ConnectAsync,
        };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        for (var i = 0; ; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.TryAddWithoutValidation("User-Agent", "Berth/1.0 (coding agent; fetched for its user)");
            request.Headers.TryAddWithoutValidation("Accept", Accepted);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation)
                .ConfigureAwait(false);
            if (Target(address, response) is { } target)
            {
                if (!IsSamePlace(address, target))
                {
                    return new FetchedPage(address, response.StatusCode, target, null, null, [], false);
                }

                address = i < Redirects ? target : throw new FetchFailure($"{address.IdnHost} redirects more than {Redirects} times.");
                continue;
            }

            var type = response.Content.Headers.ContentType;
            var (bytes, isCut) = await ReadAsync(response, cancellation).ConfigureAwait(false);
            return new FetchedPage(
                address, response.StatusCode, null, type?.MediaType?.ToLowerInvariant(), type?.CharSet?.Trim('"', '\''), bytes, isCut);
        }
    }

    private static Uri? Target(Uri from, HttpResponseMessage response)
    {
        if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
        {
            return null;
        }

        var target = location.IsAbsoluteUri ? location : new Uri(from, location);
        return Problem(target) is { } problem ? throw new FetchFailure($"{from.IdnHost} redirects to where nothing is fetched: {problem}.") : target;
    }

    // Another host is another decision; so is giving up encryption.
    private static bool IsSamePlace(Uri from, Uri to) => HostOf(from) == HostOf(to)
        && ((from.Scheme == to.Scheme && from.Port == to.Port)
            || (from is { Scheme: "http", IsDefaultPort: true } && to is { Scheme: "https", IsDefaultPort: true }));

    private static async Task<(byte[] Bytes, bool IsCut)> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        // Bounded behind decompression: a small answer can be a large one.
        var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var bytes = new MemoryStream();
        var buffer = new byte[32 * 1024];
        while (await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var read)
        {
            var room = (int)Math.Min(read, Limits.FetchBytes - bytes.Length);
            bytes.Write(buffer, 0, room);
            if (room < read)
            {
                return (bytes.ToArray(), true);
            }
        }

        return (bytes.ToArray(), false);
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var (host, port) = (context.DnsEndPoint.Host.TrimEnd('.').ToLowerInvariant(), context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var literal)
            ? [literal]
            : await needs.ResolveAsync(host, cancellation).ConfigureAwait(false);
        if (!needs.MayBePrivate(host) && addresses.FirstOrDefault(one => !PublicAddress.Is(one)) is { } inside)
        {
            // One among public ones, too: then the name does not mean what it seems to.
            throw new FetchFailure(Private(host, inside));
        }

        Exception? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellation).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                last = e;
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last ?? new FetchFailure($"{host} has no address.");
    }

    private static string Private(string host, IPAddress address) =>
        $"{host}{(address.ToString() == host ? "" : $" is {address},")} an address of this machine or a private network, which web_fetch "
        + $"does not reach. A person can allow it with: /conf private_hosts:{host}";

    private static string HostOf(Uri address) => address.IdnHost.TrimEnd('.').Trim('[', ']').ToLowerInvariant();

    private static FetchFailure? Inner(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is FetchFailure failure)
            {
                return failure;
            }
        }

        return null;
    }

    private static string Deepest(Exception e)
    {
        while (e.InnerException is { } inner)
        {
            e = inner;
        }

        return e.Message;
    }
}
