using Berth.Protocol.Rows;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Architecture;

public sealed class GlossaryTests
{
    [Fact]
    public void Every_state_a_session_can_show_is_explained()
    {
        var glossary = File.ReadAllText(Checkout.Place("GLOSSARY.md"));
        var states = typeof(SessionStates).GetFields().Select(field => (string)field.GetRawConstantValue()!);

        Assert.All(states, state => Assert.Contains($"`{state}`", glossary));
    }

    [Fact]
    public void Every_word_is_used_in_the_source()
    {
        var source = string.Concat(Checkout.Files("src", "*.cs").Select(file => File.ReadAllText(Checkout.Place(file))));
        var words = File.ReadLines(Checkout.Place("GLOSSARY.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| word ", StringComparison.Ordinal))
            .SelectMany(line => line.Split('|')[1].Split(',', StringSplitOptions.TrimEntries));

        Assert.All(words, word => Assert.Contains(word, source, StringComparison.OrdinalIgnoreCase));
    }
}
