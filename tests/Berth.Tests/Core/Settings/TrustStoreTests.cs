using Berth.Core.Settings;
using Xunit;
using static Berth.Tests.Core.Settings.SettingsPlace;

namespace Berth.Tests.Core.Settings;

public sealed class TrustStoreTests : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly SettingsPlace place = new();

    public void Dispose() => place.Dispose();

    private string File => Path.Combine(place.Paths.Config, "trust.json");

    [Fact]
    public async Task Trusting_a_directory_trusts_its_project_and_no_other()
    {
        Directory.CreateDirectory(place.At("work", "src"));
        Directory.CreateDirectory(place.At("work", "vendor", ".git"));

        Assert.False(place.Trust.IsTrusted(place.Project));
        Assert.Equal((place.Project, true), await place.Trust.TrustAsync(place.At("work", "src"), Never));
        Assert.Equal((place.Project, false), await place.Trust.TrustAsync(place.At("work"), Never));

        Assert.True(place.Trust.IsTrusted(place.Project));
        Assert.True(new TrustStore(place.Paths, Time).IsTrusted(place.Project));
        Assert.False(place.Trust.IsTrusted(Project.Of(place.At("work", "vendor"))));
        Assert.False(place.Trust.IsTrusted(Project.Of(place.At())));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"trusted\": \"/\"}")]
    [InlineData("")]
    public async Task A_broken_list_trusts_nobody_says_so_and_is_not_written_over(string text)
    {
        Write(File, text);

        Assert.False(place.Trust.IsTrusted(place.Project));
        Assert.Equal(File, place.Trust.Warning?.File);
        if (text.Length > 0)
        {
            await Assert.ThrowsAsync<SettingsFailure>(() => place.Trust.TrustAsync(place.Project.Root, Never));
            Assert.Equal(text, System.IO.File.ReadAllText(File));
        }
    }

    [Fact]
    public async Task A_directory_that_is_not_there_cannot_be_trusted()
    {
        await Assert.ThrowsAsync<SettingsFailure>(() => place.Trust.TrustAsync(place.At("nowhere"), Never));

        Assert.False(System.IO.File.Exists(File));
    }
}
