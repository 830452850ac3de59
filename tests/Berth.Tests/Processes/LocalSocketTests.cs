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
        using var client = LocalSocket.Connect(_scratch.Path("s.sock"));
        using var server = listener.Accept();

        client.Send("ping"u8);
        Assert.Equal("ping"u8.ToArray(), Receive(server, 4));
        server.Send("pong"u8);
        Assert.Equal("pong"u8.ToArray(), Receive(client, 4));

        Assert.Equal(CurrentProcess.UserId, LocalSocket.PeerUserId(server));
        Assert.Equal(Environment.ProcessId, LocalSocket.PeerProcessId(server));
        Assert.Equal(Environment.ProcessId, LocalSocket.PeerProcessId(client));
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
        using var client = LocalSocket.Connect(path);
        using var server = listener.Accept();
        client.Send("x"u8);

        Assert.Equal("x"u8.ToArray(), Receive(server, 1));
        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task Connecting_to_a_path_where_nobody_listens_is_a_socket_exception()
    {
        Assert.Throws<SocketException>(() => LocalSocket.Connect(_scratch.Path("none.sock")));
        Assert.Throws<SocketException>(() => LocalSocket.Connect(_scratch.Path(new string('d', 200), "none.sock")));

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

        using var client = LocalSocket.Connect(path);
        Assert.True(client.Connected);
    }

    [Fact]
    public void A_file_that_is_no_socket_is_left_alone()
    {
        File.WriteAllText(_scratch.Path("s.sock"), "precious");

        Assert.Throws<IOException>(() => LocalSocket.Listen(_scratch.Path("s.sock")));
        Assert.Equal("precious", File.ReadAllText(_scratch.Path("s.sock")));
    }

    private static bool Refuses(string path)
    {
        try
        {
            LocalSocket.Connect(path).Dispose();
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
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
