using System.IO.Pipelines;
using System.Text;
using Berth.Core.Models;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Core.Models;

public sealed class SilenceTests : IDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);

    private readonly HeldTime _time = new();
    private readonly Pipe _server = new();
    private readonly SilenceWatch _watch;
    private readonly AnswerBody _answer;
    private readonly byte[] _buffer = new byte[100];

    public SilenceTests()
    {
        _watch = new SilenceWatch(_time, CancellationToken.None);
        _watch.Allow(TimeSpan.FromSeconds(180));
        _answer = new AnswerBody(_server.Reader.AsStream(), _watch, Idle);
    }

    public void Dispose()
    {
        _answer.Dispose();
        _watch.Dispose();
    }

    [Fact]
    public async Task The_first_byte_may_take_long_and_the_others_not()
    {
        var first = ReadAsync();
        _time.Advance(TimeSpan.FromSeconds(179));
        await SayAsync("a");
        Assert.Equal("a", await first);

        var second = ReadAsync();
        _time.Advance(TimeSpan.FromSeconds(61));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(Idle, _watch.Exceeded);
    }

    [Fact]
    public async Task Comments_keep_an_answer_alive()
    {
        for (var i = 0; i < 5; i++)
        {
            var next = ReadAsync();
            _time.Advance(TimeSpan.FromSeconds(59));
            await SayAsync(": still thinking\n");
            Assert.Equal(": still thinking\n", await next);
        }

        Assert.Null(_watch.Exceeded);
    }

    [Fact]
    public async Task A_slow_reader_is_not_a_silent_server()
    {
        await SayAsync("a");
        Assert.Equal("a", await ReadAsync());
        _time.Advance(TimeSpan.FromHours(1));
        await SayAsync("b");

        Assert.Equal("b", await ReadAsync());
        Assert.Null(_watch.Exceeded);
    }

    [Fact]
    public async Task Silence_counts_from_when_somebody_listens()
    {
        await SayAsync("a");
        Assert.Equal("a", await ReadAsync());
        _time.Advance(TimeSpan.FromSeconds(59));
        var next = ReadAsync();
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    private async Task<string> ReadAsync() => Encoding.UTF8.GetString(_buffer, 0, await _answer.ReadAsync(_buffer));

    private async Task SayAsync(string text) => await _server.Writer.WriteAsync(Encoding.UTF8.GetBytes(text));
}
