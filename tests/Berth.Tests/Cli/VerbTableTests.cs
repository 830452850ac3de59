using Berth.Cli;
using Xunit;

namespace Berth.Tests.Cli;

public sealed class VerbTableTests
{
    [Fact]
    public void Every_verb_is_found_by_its_name() =>
        Assert.All(VerbTable.All(), verb => Assert.Equal(verb.Name, VerbTable.Find(verb.Name).Name));

    [Fact]
    public void Any_other_word_is_a_slash_commands() => Assert.Equal("", VerbTable.Find("bg").Name);
}
