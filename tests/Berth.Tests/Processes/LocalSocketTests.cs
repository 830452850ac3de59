using System.Net.Sockets;
using Berth.Platform;
using Xunit;

namespace Berth.Tests.Processes;

public sealed class LocalSocketTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Bytes_go_both_ways_and_each_end_knows_who_the_other_is()
    {
        using var listener = LocalSocket.Listen(_scratch.Path("s.sock"));
        using var client = LocalStream.TryConnect(_scratch.Path("s.sock"))!;
        using var server = listener.Accept();

        client.Write("ping"u8);
        Assert.Equal("ping"u8.ToArray(), Receive(server, 4));
        server.Send("pong"u8);
        var answer = new byte[4];
        client.ReadExactly(answer);
        Assert.Equal("pong"u8.ToArray(), answer);

        Assert.Equal(CurrentProcess.UserId, LocalSocket.PeerUserId(server));
        Assert.Equal(Environment.ProcessId, LocalSocket.PeerProcessId(server));
        Assert.Equal(CurrentProcess.UserId, client.PeerUserId);
        Assert.Equal(Environment.ProcessId, client.PeerProcessId);
    }

    [Fact]
    public async Task A_read_ends_when_either_side_closes_the_connection()
    {
        using var listener = LocalSocket.Listen(_scratch.Path("s.sock"));
        using var left = LocalStream.TryConnect(_scratch.Path("s.sock"))!;
        using var closed = LocalStream.TryConnect(_scratch.Path("s.sock"))!;
        var reads = new[] { left, closed }.Select(stream => Task.Run(() => End(stream))).ToArray();

        listener.Accept().Dispose();
        closed.Dispose();

        var counts = await Task.WhenAll(reads).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.All(counts, count => Assert.Equal(0, count));
    }

    [Fact]
    public void A_write_to_a_connection_whose_other_side_is_gone_fails_and_does_not_end_the_program()
    {
        using var listener = LocalSocket.Listen(_scratch.Path("s.sock"));
        using var client = LocalStream.TryConnect(_scratch.Path("s.sock"))!;
        listener.Accept().Dispose();

        Assert.ThrowsAny<IOException>(() => client.Write("x"u8));
    }

    [Fact]
    public void A_read_waits_no_longer_than_it_has_patience()
    {
        using var listener = LocalSocket.Listen(_scratch.Path("s.sock"));
        using var client = LocalStream.TryConnect(_scratch.Path("s.sock"))!;
        using var server = listener.Accept();

        client.SetPatience(TimeSpan.FromMilliseconds(1.5));
        Assert.Throws<TimeoutException>(() => client.Read(new byte[1]));

        client.SetPatience(null);
        server.Send("x"u8);
        Assert.Equal(1, client.Read(new byte[1]));
    }

    [Theory]
    [InlineData(107)]
    [InlineData(108)]
    [InlineData(109)]
    [InlineData(700)]
    public void A_path_of_any_length_works(int bytes)
    {
        var path = _scratch.Root;
        while (path.Length < bytes - 130)
        {
            path += "/" + new string('d', 120);
        }

        path += "/" + new string('d', bytes - path.Length - "//s.sock".Length) + "/s.sock";
        Assert.Equal(bytes, path.Length);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        using var listener = LocalSocket.Listen(path);
        using var client = LocalStream.TryConnect(path)!;
        using var server = listener.Accept();
        client.Write("x"u8);

        Assert.Equal("x"u8.ToArray(), Receive(server, 1));
        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task There_is_no_connection_to_a_path_where_nobody_listens()
    {
        Assert.Null(LocalStream.TryConnect(_scratch.Path("none.sock")));
        Assert.Null(LocalStream.TryConnect(_scratch.Path(new string('d', 200), "none.sock")));

        LocalSocket.Listen(_scratch.Path("left.sock")).Dispose();
        Assert.True(File.Exists(_scratch.Path("left.sock")));
        // A process that another test is just starting holds a copy of the listener for an instant.
        await Eventually.True(() => Refuses(_scratch.Path("left.sock")), "nobody listens any more");
    }

    [Fact]
    public void A_socket_that_a_dead_listener_left_is_replaced_and_the_old_one_never_removes_the_new()
    {
        var path = _scratch.Path("s.sock");
        var old = LocalSocket.Listen(path);
        using var listener = LocalSocket.Listen(path);
        old.Dispose();

        using var client = LocalStream.TryConnect(path);
        Assert.NotNull(client);
    }

    [Fact]
    public void A_file_that_is_no_socket_is_left_alone()
    {
        File.WriteAllText(_scratch.Path("s.sock"), "precious");

        Assert.Throws<IOException>(() => LocalSocket.Listen(_scratch.Path("s.sock")));
        Assert.Equal("precious", File.ReadAllText(_scratch.Path("s.sock")));
    }

    // A read that only begins when the stream is closed already says so.
    private static int End(LocalStream stream)
    {
        try
        {
            return stream.Read(new byte[1]);
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    private static bool Refuses(string path)
    {
        using var client = LocalStream.TryConnect(path);
        return client is null;
    }

    private static byte[] Receive(Socket socket, int count)
    {
        var bytes = new byte[count];
        for (var filled = 0; filled < count;)
        {
            var got = socket.Receive(bytes.AsSpan(filled));
            Assert.NotEqual(0, got);
            filled += got;
        }

        return bytes;
    }
}
