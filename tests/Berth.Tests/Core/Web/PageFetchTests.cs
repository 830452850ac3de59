using System.IO.Compression;
using System.Net;
using System.Text;
using Berth.Core.Web;
using Berth.Protocol;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Core.Web;

public sealed class PageFetchTests : IAsyncDisposable
{
    private readonly PageServer server = new();
    private readonly HeldTime time = new();
    private readonly List<string> resolved = [];
    private Func<string, bool> mayBePrivate = _ => true;
    private Func<string, IPAddress[]> resolve = _ => [IPAddress.Loopback];

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_page_is_asked_for_without_cookies_or_keys()
    {
        server.Page("/a?b=1", "text/plain; charset=\"utf-8\"", Encoding.UTF8.GetBytes("hello"), "Set-Cookie: id=1\r\n").Redirect("/b", "/a?b=1");

        var page = await GetAsync("/b");

        Assert.Equal((HttpStatusCode.OK, "text/plain", "utf-8", "hello", false), (page.Status, page.MediaType, page.Charset, Encoding.UTF8.GetString(page.Bytes), page.IsCut));
        Assert.Equal("/a?b=1", page.Address.PathAndQuery);
        Assert.All(server.Asked, head => Assert.DoesNotMatch("(?i)cookie|authorization|referer", head));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("site.test")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("127.1")]
    public async Task This_machine_is_not_reached_by_any_spelling_unless_it_is_allowed(string host)
    {
        mayBePrivate = _ => false;
        server.Page("/", "text/plain", "SECRET");

        var failure = await Assert.ThrowsAsync<FetchFailure>(() => GetAsync("/", host));

        Assert.Contains("private network, which web_fetch does not reach", failure.Message);
        Assert.Empty(server.Asked);
    }

    [Fact]
    public async Task One_private_address_among_public_ones_is_enough_to_refuse()
    {
        mayBePrivate = _ => false;
        resolve = _ => [IPAddress.Parse("93.184.215.14"), IPAddress.Parse("::ffff:10.0.0.1")];

        Assert.Contains("site.test is ::ffff:10.0.0.1", (await Assert.ThrowsAsync<FetchFailure>(() => GetAsync("/", "site.test"))).Message);
    }

    [Fact]
    public async Task The_address_that_was_checked_is_the_one_that_is_connected_to()
    {
        resolve = _ => resolved.Count == 1 ? [IPAddress.Loopback] : throw new InvalidOperationException("looked up again");
        server.Page("/", "text/plain", "hello");

        await GetAsync("/", "site.test");

        Assert.Equal(["site.test"], resolved);
        Assert.Contains($"Host: site.test:{server.Port}", server.Asked[0]);
    }

    [Fact]
    public async Task Every_host_on_the_way_is_checked_for_itself()
    {
        mayBePrivate = host => host == "open.test";
        server.Redirect("/", $"http://closed.test:{server.Port}/secret");

        var page = await GetAsync("/", "open.test");

        Assert.Equal("closed.test", page.Elsewhere!.Host);
        Assert.Single(server.Asked);
    }

    [Theory]
    [InlineData("http://other.test/x")]
    [InlineData("//other.test/x")]
    [InlineData("http://127.0.0.1:1/x")]
    [InlineData("https://127.0.0.1/x")]
    public async Task A_redirect_to_another_place_is_named_and_not_followed(string target)
    {
        server.Redirect("/", target, 307);

        Assert.Equal(new Uri(server.At("/"), target), (await GetAsync("/")).Elsewhere);
        Assert.Single(server.Asked);
    }

    [Theory]
    [InlineData("file:///etc/passwd", "only https and http are fetched, not file")]
    [InlineData("http://user:pass@127.0.0.1/", "an address must not hold a name or password")]
    [InlineData("/loop", "redirects more than 5 times")]
    public async Task A_redirect_that_leads_nowhere_is_a_failure(string target, string words)
    {
        server.Redirect("/loop", target);

        Assert.Contains(words, (await Assert.ThrowsAsync<FetchFailure>(() => GetAsync("/loop"))).Message);
    }

    [Fact]
    public async Task A_page_is_cut_at_the_limit_and_a_packed_one_behind_its_packing()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(new byte[20 * Limits.FetchBytes]);
        }

        server.Page("/large", "text/plain", new byte[Limits.FetchBytes + 1])
            .Page("/packed", "text/plain", packed.ToArray(), "Content-Encoding: gzip\r\n")
            .Page("/fits", "text/plain", new byte[Limits.FetchBytes]);

        foreach (var (path, isCut) in new[] { ("/large", true), ("/packed", true), ("/fits", false) })
        {
            var page = await GetAsync(path);
            Assert.Equal((Limits.FetchBytes, isCut), (page.Bytes.Length, page.IsCut));
        }
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_given_up()
    {
        var fetch = GetAsync("/silent");
        await server.IsWaitedFor;
        time.Advance(Limits.FetchTime);

        Assert.Contains("did not answer in full within 30 s", (await Assert.ThrowsAsync<FetchFailure>(() => fetch)).Message);
    }

    [Fact]
    public async Task An_interrupt_is_no_failure_of_the_server()
    {
        using var stop = new CancellationTokenSource();
        var fetch = new PageFetch(Needs()).GetAsync(server.At("/silent"), stop.Token);
        await server.IsWaitedFor;
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch);
    }

    [Fact]
    public async Task What_is_no_answer_is_a_failure_in_words()
    {
        server.Raw("/", "SSH-2.0-OpenSSH_9.0\r\n", []);
        resolve = _ => throw new System.Net.Sockets.SocketException(11001);

        Assert.StartsWith("127.0.0.1 could not be reached: ", (await Assert.ThrowsAsync<FetchFailure>(() => GetAsync("/"))).Message);
        Assert.StartsWith("no.test could not be reached: ", (await Assert.ThrowsAsync<FetchFailure>(() => GetAsync("/", "no.test"))).Message);
    }

    private Task<FetchedPage> GetAsync(string path, string host = "127.0.0.1") =>
        new PageFetch(Needs()).GetAsync(server.At(path, host), CancellationToken.None);

    private FetchNeeds Needs() => new(mayBePrivate, (host, _) =>
    {
        resolved.Add(host);
        return Task.FromResult(resolve(host));
    }, time);
}
