using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Architecture;

/// <summary>Rules of the house that a compiler does not know.</summary>
public sealed partial class TidyTests
{
    private const int LongestFile = 400;

    [Fact]
    public void No_file_is_longer_than_its_limit() => Assert.All(Sources(), file =>
        Assert.True(File.ReadLines(Checkout.Place(file)).Count() <= LongestFile, $"{file} is over {LongestFile} lines"));

    [Fact]
    public void No_file_has_a_name_that_says_nothing() =>
        Assert.All(Sources(), file => Assert.DoesNotMatch(NamesThatSayNothing(), Path.GetFileName(file)));

    [Fact]
    public void The_namespace_is_the_folder() => Assert.All(Sources(), file =>
    {
        var spaces = File.ReadLines(Checkout.Place(file)).Where(line => line.StartsWith("namespace ", StringComparison.Ordinal));
        var folders = Path.GetDirectoryName(file)!.Split('/')[1..];
        Assert.All(spaces, line => Assert.Equal($"namespace {string.Join('.', folders)};", line));
    });

    [Fact]
    public void Only_the_platform_calls_into_the_operating_system()
    {
        var calling = from name in new[] { "Berth.Platform", "Berth.Protocol", "Berth.Core", "berth", "berthd" }
                      where HasNativeCalls(name)
                      select name;

        Assert.DoesNotContain(calling, name => name != "Berth.Platform");
    }

    [Fact]
    public void Every_project_has_its_lock_file() => Assert.All(
        new[] { "src", "tests", "benchmarks" }.SelectMany(folder => Checkout.Files(folder, "*.csproj")),
        project => Assert.True(File.Exists(Path.Combine(Checkout.Place(project), "..", "packages.lock.json")), project));

    [Fact]
    public void No_text_names_a_developers_machine()
    {
        var texts = new[] { "src", "tests", "benchmarks", "scripts", ".ci", "docs" }
            .Where(folder => Directory.Exists(Checkout.Place(folder)))
            .SelectMany(folder => Checkout.Files(folder, "*"))
            .Concat(Directory.EnumerateFiles(Checkout.Root()).Select(file => Path.GetFileName(file)!))
            .Where(file => !file.EndsWith(".png", StringComparison.Ordinal));

        Assert.All(texts, file =>
        {
            var text = File.ReadAllText(Checkout.Place(file));
            Assert.DoesNotContain(Checkout.Root() + "/", text);
            Assert.DoesNotMatch(SomebodysHome(), text);
        });
    }

    [Theory]
    [InlineData("src/Berth.Core/Tools", "ToolTable.cs", "*Tool.cs")]
    [InlineData("src/Berth.Core/Commands", "CommandTable.cs", "*Command.cs")]
    [InlineData("src/Berth/Cli", "VerbTable.cs", "*Verb.cs")]
    public void Every_file_of_a_table_has_its_row(string folder, string table, string files)
    {
        var parts = Checkout.Files(folder, files).Where(file => !Path.GetFileName(file).StartsWith('I')).ToArray();
        var rows = parts.Length > 0 ? File.ReadAllText(Checkout.Place(folder, table)) : "";

        Assert.All(parts, file => Assert.Contains(Path.GetFileNameWithoutExtension(file), rows));
    }

    [Fact]
    public void Every_tool_has_its_text_for_the_model_beside_it() => Assert.All(
        Checkout.Files("src/Berth.Core/Tools", "*Tool.cs").Where(file => Path.GetFileName(file) != "Tool.cs"),
        file => Assert.True(File.Exists(Checkout.Place(Path.ChangeExtension(file, ".md"))), file));

    private static IEnumerable<string> Sources() =>
        new[] { "src", "tests", "benchmarks" }.SelectMany(folder => Checkout.Files(folder, "*.cs"));

    private static bool HasNativeCalls(string assembly)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")));
        var metadata = file.GetMetadataReader();
        return metadata.MethodDefinitions.Any(method => !metadata.GetMethodDefinition(method).GetImport().Module.IsNil);
    }

    [GeneratedRegex(@"(Manager|Helper|Util|Utils|Utility|Service)s?\.cs$")]
    private static partial Regex NamesThatSayNothing();

    // Names that stand for anybody are fine in examples.
    [GeneratedRegex(@"(/home|/Users|\\Users)[/\\](?!(u|me|you|user|alice|bob)\b)\w+")]
    private static partial Regex SomebodysHome();
}
