using Berth.Core.Tasks;
using Berth.Tests.Processes;
using Xunit;

namespace Berth.Tests.Core.Tasks;

public sealed class TaskNumbersTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Numbers_count_from_one_and_a_clean_stop_leaves_no_gap()
    {
        for (var start = 0; start < 5; start++)
        {
            using var numbers = new TaskNumbers(_scratch.Path("numbers"));
            for (var i = 1; i <= 13; i++)
            {
                Assert.Equal((13 * start) + i, numbers.Next());
            }
        }
    }

    [Fact]
    public void A_stop_without_any_use_changes_nothing()
    {
        new TaskNumbers(_scratch.Path("numbers")).Dispose();

        Assert.False(File.Exists(_scratch.Path("numbers")));
    }

    [Fact]
    public void After_a_crash_no_number_comes_again_and_the_gap_is_small()
    {
        long last = 0;
        for (var crash = 0; crash < 20; crash++)
        {
            // Never disposed: the process was killed.
            var numbers = new TaskNumbers(_scratch.Path("numbers"));
            var first = numbers.Next();
            Assert.InRange(first, last + 1, last + 8);
            last = first;
            for (var i = 0; i < crash; i++)
            {
                Assert.Equal(++last, numbers.Next());
            }
        }
    }

    [Fact]
    public async Task Many_takers_at_once_get_different_numbers()
    {
        using var numbers = new TaskNumbers(_scratch.Path("numbers"));
        var taken = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(numbers.Next)));

        Assert.Equal(Enumerable.Range(1, 200).Select(n => (long)n), taken.Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("many")]
    [InlineData("-3")]
    [InlineData("0")]
    public void A_damaged_file_is_named_and_no_number_is_handed_out(string content)
    {
        File.WriteAllText(_scratch.Path("numbers"), content);
        using var numbers = new TaskNumbers(_scratch.Path("numbers"));

        var failure = Assert.Throws<IOException>(() => numbers.Next());
        Assert.Contains(_scratch.Path("numbers"), failure.Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(_scratch.Path("numbers")));
    }
}
