using Berth.Core.Images;
using Berth.Core.Models;
using Berth.Protocol;
using Berth.Protocol.Events;
using Berth.Tests.Processes;
using Xunit;

namespace Berth.Tests.Core.Sessions;

/// <summary>An image that a session was shown is its own: whatever becomes of the file, the model is sent the same bytes.</summary>
public sealed class ImageTests : IAsyncDisposable
{
    private static readonly byte[] Png =
        [0x89, .. "PNG\r\n"u8, 0x1a, 0x0a, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 2, 128, 0, 0, 1, 224, 8, 6, 1, 2, 3];

    private readonly EngineLife life = new();

    public ValueTask DisposeAsync() => life.DisposeAsync();

    [Fact]
    public async Task What_was_read_is_sent_in_this_and_every_later_request_although_the_file_is_gone()
    {
        var session = await ReadAsync("logo.png", Png);
        File.Delete(Path.Combine(life.Project, "logo.png"));
        var next = await life.RestartAsync();
        next.Model.Answers("Yes.");

        var again = await next.FindAsync(session);
        await again.SubmitAsync("still?", life.Terminal);
        await Eventually.True(() => again.Row is { State: "done", Turns: 2 }, "the second turn is over");

        Assert.Equal("logo.png is a PNG image of 640×480 pixels, 29 bytes.", Assert.Single(next.Events<ToolEnded>(session)).Output);
        Assert.All(next.Model.Requests.Skip(1), request => Assert.Equal(Png, ShownIn(request)));
    }

    [Fact]
    public async Task The_log_holds_a_name_and_the_same_picture_is_kept_once()
    {
        var large = new byte[3_000_000];
        Png.CopyTo(large, 0);
        var session = await ReadAsync("a.png", large);
        File.WriteAllBytes(Path.Combine(life.Project, "b.png"), large);
        life.Model.Answers(Answer.Calling("read", """{"path":"b.png"}""", "r2"), Answer.Of("The same."));
        await session.SubmitAsync("and b?", life.Terminal);
        await Eventually.True(() => session.Row is { State: "done", Turns: 2 }, "the second turn is over");

        Assert.True(new FileInfo(Path.Combine(life.DirectoryOf(session), "log.jsonl")).Length < 20_000);
        var file = Assert.Single(Directory.GetFiles(Path.Combine(life.DirectoryOf(session), "images")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(["a.png", "b.png"], life.Events<ToolEnded>(session).Select(e => Assert.Single(e.Images!).Name));
    }

    [Fact]
    public async Task A_copy_of_the_session_has_its_images_and_outlives_it()
    {
        life.Model.HasForks = true;
        var session = await ReadAsync("logo.png", Png);
        var copy = (await life.Sessions.ForkAsync(session, life.Sessions.FreeId(), null, null, life.Terminal))!;
        Directory.Delete(life.DirectoryOf(session), recursive: true);

        life.Model.Answers("I see it.");
        await copy.SubmitAsync("still?", life.Terminal);
        await EngineLife.Is(copy, "done");

        Assert.Equal(Png, ShownIn(life.Model.Requests[^1]));
    }

    [Fact]
    public async Task A_message_carries_images_too()
    {
        var session = life.Begin();
        life.Model.Answers("A ship.");
        var kept = session.Images.Keep(new ImageFile(Png, ImageHead.Of(Png)!), "ship.png");

        await session.SubmitAsync("what is it?", life.Terminal, images: [kept]);
        await EngineLife.Is(session, "done");

        Assert.Equal(Png, ShownIn(life.Model.Requests[^1]));
        Assert.Equal([kept], Assert.Single(life.Events<UserMessage>(session)).Images);
    }

    [Theory]
    [InlineData("../../../../etc/passwd")]
    [InlineData("00000000000000000000000000000000./../../x")]
    [InlineData("")]
    [InlineData("log.jsonl")]
    public async Task A_name_of_a_foreign_hand_reaches_no_other_file(string name)
    {
        var session = await ReadAsync("logo.png", Png);

        Assert.Null(session.Images.Read(name));
        Assert.NotNull(session.Images.Read(life.Events<ToolEnded>(session)[0].Images![0].File));
    }

    [Fact]
    public async Task What_is_too_large_is_refused_with_the_reason()
    {
        var large = new byte[Limits.ImageBytes + 1];
        Png.CopyTo(large, 0);
        var session = await ReadAsync("large.png", large);

        var ended = Assert.Single(life.Events<ToolEnded>(session));

        Assert.Equal("error", ended.Outcome);
        Assert.StartsWith("large.png is a PNG image of 640×480 pixels with 3,932,161 bytes; an image may have 3,932,160", ended.Output);
    }

    private async Task<Berth.Core.Sessions.Session> ReadAsync(string name, byte[] bytes)
    {
        File.WriteAllBytes(Path.Combine(life.Project, name), bytes);
        life.Model.Answers(Answer.Calling("read", $$"""{"path":"{{name}}"}""", "r1"), Answer.Of("I see."));
        var session = await life.BeginAsync("look");
        await EngineLife.Is(session, "done");
        return session;
    }

    private static byte[] ShownIn(ModelRequest request)
    {
        var image = Assert.Single(request.Messages.SelectMany(m => (m as ToolResultEntry)?.Images ?? (m as UserEntry)?.Images ?? []));
        return request.ImageBytes!(image.Id)!.Value.ToArray();
    }
}
