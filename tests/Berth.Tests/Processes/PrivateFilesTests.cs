using System.Runtime.InteropServices;
using System.Text;
using Berth.Platform;
using Xunit;

namespace Berth.Tests.Processes;

[Collection("alone")]
public sealed partial class PrivateFilesTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateDirectory = Private | UnixFileMode.UserExecute;
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(0x1FF)]
    public void Directories_are_0700_and_files_0600_whatever_the_umask(int umask)
    {
        var before = SetUmask(umask);
        try
        {
            PrivateFiles.CreateDirectory(_scratch.Path("a", "b", "c"));
            PrivateFiles.OpenAppend(_scratch.Path("a", "b", "append")).Dispose();
            PrivateFiles.OpenReadWrite(_scratch.Path("a", "b", "both")).Dispose();
            PrivateFiles.CreateNew(_scratch.Path("a", "b", "new")).Dispose();
            PrivateFiles.WriteAtomically(_scratch.Path("a", "b", "whole"), "x"u8);
            FileLock.TryTake(_scratch.Path("a", "b", "lock"))!.Dispose();
        }
        finally
        {
            _ = SetUmask(before);
        }

        Assert.All(
            Directory.EnumerateDirectories(_scratch.Root, "*", SearchOption.AllDirectories),
            d => Assert.Equal(PrivateDirectory, File.GetUnixFileMode(d)));
        var files = Directory.GetFiles(_scratch.Root, "*", SearchOption.AllDirectories);
        Assert.Equal(5, files.Length);
        Assert.All(files, f => Assert.Equal(Private, File.GetUnixFileMode(f)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0x12)]
    [InlineData(0x3F)]
    public void The_umask_is_read_and_stays_as_it_is(int umask)
    {
        var before = SetUmask(umask);
        try
        {
            Assert.Equal(umask, CurrentProcess.Umask);
            Assert.Equal(umask, CurrentProcess.Umask);
        }
        finally
        {
            _ = SetUmask(before);
        }
    }

    [Fact]
    public void A_directory_that_is_open_to_others_is_closed_when_it_is_ours()
    {
        Directory.CreateDirectory(_scratch.Path("open"), PrivateDirectory | UnixFileMode.OtherRead);

        PrivateFiles.CreateDirectory(_scratch.Path("open"));

        Assert.Equal(PrivateDirectory, File.GetUnixFileMode(_scratch.Path("open")));
    }

    [Fact]
    public void A_directory_that_is_meant_for_all_users_is_refused_and_left_as_it_is()
    {
        var shared = PrivateDirectory | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute | UnixFileMode.StickyBit;
        Directory.CreateDirectory(_scratch.Path("shared"));
        File.SetUnixFileMode(_scratch.Path("shared"), shared);

        Assert.Throws<UnauthorizedAccessException>(() => PrivateFiles.CreateDirectory(_scratch.Path("shared")));
        Assert.Equal(shared, File.GetUnixFileMode(_scratch.Path("shared")));
        Assert.Throws<UnauthorizedAccessException>(() => PrivateFiles.CreateDirectory("/"));
    }

    [Fact]
    public async Task A_directory_of_another_user_is_refused()
    {
        Assert.SkipUnless(CurrentProcess.UserId == 0, "only root can make a directory of another user");
        Directory.CreateDirectory(_scratch.Path("theirs"));
        using var children = new Children();
        await children.Start(Bash.Options(_scratch.Root, "chown 1 theirs")).Exited;

        Assert.Throws<UnauthorizedAccessException>(() => PrivateFiles.CreateDirectory(_scratch.Path("theirs")));
    }

    [Fact]
    public void A_file_in_the_way_of_a_directory_is_named()
    {
        File.WriteAllText(_scratch.Path("file"), "");

        var failure = Assert.Throws<IOException>(() => PrivateFiles.CreateDirectory(_scratch.Path("file")));
        Assert.Contains(_scratch.Path("file"), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_symbolic_link_is_followed_and_no_pipe_is_taken_for_a_file()
    {
        File.WriteAllText(_scratch.Path("victim"), "precious");
        File.CreateSymbolicLink(_scratch.Path("link"), _scratch.Path("victim"));

        Assert.Throws<UnauthorizedAccessException>(() => PrivateFiles.OpenAppend(_scratch.Path("link")));
        Assert.Throws<UnauthorizedAccessException>(() => PrivateFiles.OpenRead(_scratch.Path("link")));
        Assert.Throws<IOException>(() => PrivateFiles.OpenRead("/dev/null"));
    }

    [Fact]
    public void A_missing_file_is_a_file_not_found_exception_that_names_it()
    {
        var failure = Assert.Throws<FileNotFoundException>(() => PrivateFiles.OpenRead(_scratch.Path("none")));

        Assert.Contains(_scratch.Path("none"), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Writes_to_an_appending_file_go_to_its_end()
    {
        using (var first = PrivateFiles.OpenAppend(_scratch.Path("log")))
        using (var second = PrivateFiles.OpenAppend(_scratch.Path("log")))
        {
            RandomAccess.Write(first, "one "u8, 0);
            RandomAccess.Write(second, "two "u8, 0);
            RandomAccess.Write(first, "three"u8, 0);
            PrivateFiles.SyncData(first);
        }

        PrivateFiles.SyncDirectory(_scratch.Root);
        Assert.Equal("one two three", File.ReadAllText(_scratch.Path("log")));
    }

    [Fact]
    public void An_atomic_write_keeps_mode_and_link_and_leaves_nothing_beside()
    {
        var mode = Private | UnixFileMode.GroupRead;
        File.WriteAllText(_scratch.Path("real"), "old");
        File.SetUnixFileMode(_scratch.Path("real"), mode);
        File.CreateSymbolicLink(_scratch.Path("link"), _scratch.Path("real"));

        PrivateFiles.WriteAtomically(_scratch.Path("link"), Encoding.UTF8.GetBytes("new"));

        Assert.Equal("new", File.ReadAllText(_scratch.Path("real")));
        Assert.Equal(mode, File.GetUnixFileMode(_scratch.Path("real")));
        Assert.NotNull(new FileInfo(_scratch.Path("link")).LinkTarget);
        Assert.Equal(2, Directory.GetFiles(_scratch.Root).Length);
    }

    [Fact]
    public void An_atomic_write_that_fails_leaves_the_old_content_and_nothing_beside()
    {
        Directory.CreateDirectory(_scratch.Path("target"));

        Assert.ThrowsAny<IOException>(() => PrivateFiles.WriteAtomically(_scratch.Path("target"), "x"u8));
        Assert.Empty(Directory.GetFiles(_scratch.Root));
        Assert.Throws<FileNotFoundException>(() => PrivateFiles.WriteAtomically(_scratch.Path("none", "x"), "x"u8));
    }

    [Fact]
    public void A_hard_link_is_the_same_file_and_never_replaces_another()
    {
        File.WriteAllText(_scratch.Path("a"), "one");
        PrivateFiles.HardLink(_scratch.Path("a"), _scratch.Path("b"));
        File.AppendAllText(_scratch.Path("a"), " two");

        Assert.Equal("one two", File.ReadAllText(_scratch.Path("b")));
        Assert.Throws<IOException>(() => PrivateFiles.HardLink(_scratch.Path("a"), _scratch.Path("b")));
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial int SetUmask(int umask);
}
