using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>What <c>./berth</c> does before the program runs.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly SampleCheckout checkout = new();

    public void Dispose() => checkout.Dispose();

    [Fact]
    public void It_builds_once_and_runs_the_program_where_it_was_called()
    {
        var first = checkout.Run(null, "/usr", "two words", "*");
        var second = checkout.Run(null, "/usr", "two words", "*");

        Assert.Equal(new Ran(0, "one|/usr|two words *\n", "Building Berth …\n"), first);
        Assert.Equal(new Ran(0, "one|/usr|two words *\n", ""), second);
        Assert.Equal(1, checkout.Builds);
    }

    [Fact]
    public void It_may_be_called_through_a_link()
    {
        var link = Path.Combine(checkout.Root, "..", "link");
        File.CreateSymbolicLink(link, Path.Combine(checkout.Root, "berth"));

        Assert.Equal("one|/usr|\n", checkout.Run(link, "/usr").Out);
    }

    [Fact]
    public void Every_state_of_the_sources_has_its_own_build_which_is_kept()
    {
        checkout.Run();

        checkout.Source("two");
        Assert.StartsWith("two|", checkout.Run().Out);
        checkout.Source("one");
        Assert.StartsWith("one|", checkout.Run().Out);

        Assert.Equal(2, checkout.Builds);
    }

    [Fact]
    public void A_file_that_came_or_went_counts_as_a_change()
    {
        checkout.Run();
        checkout.Source("more", "b.cs");
        checkout.Run();
        File.Delete(Path.Combine(checkout.Root, "src", "b.cs"));
        checkout.Run();

        Assert.Equal(2, checkout.Builds);
        Assert.Equal(2, checkout.Folders.Length);
    }

    [Fact]
    public void A_source_put_back_with_its_old_date_counts_as_a_change()
    {
        checkout.Run();
        checkout.Source("two");
        File.SetLastWriteTimeUtc(Path.Combine(checkout.Root, "src", "a.cs"), DateTime.UnixEpoch);

        Assert.StartsWith("two|", checkout.Run().Out);
    }

    [Fact]
    public async Task Two_first_calls_at_once_build_once()
    {
        var calls = Enumerable.Range(0, 4).Select(_ => Task.Run(() => checkout.Run())).ToList();

        Assert.All(await Task.WhenAll(calls), ran => Assert.StartsWith("one|", ran.Out));
        Assert.Equal(1, checkout.Builds);
    }

    [Fact]
    public void A_failed_build_shows_its_errors_and_runs_nothing()
    {
        checkout.Run();
        checkout.Source("mistake");

        var failed = checkout.Run();
        checkout.Source("mended");

        Assert.Equal((1, ""), (failed.Code, failed.Out));
        Assert.Contains("error CS1002", failed.Error);
        Assert.Contains("last good build", failed.Error);
        Assert.StartsWith("mended|", checkout.Run().Out);
    }

    [Fact]
    public void Without_the_packages_for_native_code_plain_code_is_built_and_nothing_is_said()
    {
        checkout.LosePackages();

        Assert.Equal(new Ran(0, "one|/|\n", "Building Berth …\n"), checkout.Run());
        Assert.Equal(["ready", "plain"], checkout.Kinds[^2..]);
        Assert.Equal("", checkout.Run().Error);
    }

    [Fact]
    public void A_mistake_is_not_built_a_second_time_in_another_way()
    {
        checkout.Source("mistake");

        Assert.Equal(1, checkout.Run().Code);
        Assert.Equal(1, checkout.Builds);
    }

    [Fact]
    public void No_variable_of_the_caller_reaches_the_build_as_a_property()
    {
        checkout.Run();

        Assert.Contains(checkout.BuildVariables, line => line.StartsWith("PATH=", StringComparison.Ordinal));
        Assert.DoesNotContain(checkout.BuildVariables, line => line.StartsWith("Configuration=", StringComparison.Ordinal)
            || line.StartsWith("OutputPath=", StringComparison.Ordinal));
    }

    [Fact]
    public void Old_builds_go_except_the_newest_three()
    {
        for (var i = 0; i < 6; i++)
        {
            checkout.Source($"state {i}");
            checkout.Run();
        }

        Assert.Equal(3, checkout.Folders.Length);
        Assert.StartsWith("state 5|", checkout.Run().Out);
    }

    [Fact]
    public async Task A_build_that_a_living_process_runs_from_is_kept()
    {
        // A program of the system stands for ours: what counts is the folder its file is in.
        checkout.Run();
        var folder = Assert.Single(checkout.Folders);
        File.Copy("/bin/sleep", Path.Combine(folder, "berth"), overwrite: true);
        using var living = checkout.Start(null, "/", "60");
        try
        {
            await BerthHome.Until(
                () => File.ResolveLinkTarget($"/proc/{living.Id}/exe", returnFinalTarget: false)?.FullName.StartsWith(folder) == true,
                "the program's start");
            for (var i = 0; i < 5; i++)
            {
                checkout.Source($"state {i}");
                checkout.Run();
            }

            Assert.Contains(folder, checkout.Folders);
        }
        finally
        {
            living.Kill();
            living.WaitForExit();
        }
    }
}
