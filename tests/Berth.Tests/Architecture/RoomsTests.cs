using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Architecture;

public sealed class RoomsTests
{
    private const string Sample = "Berth.Tests.Architecture.SampleRooms";

    [Fact]
    public void The_code_uses_only_what_the_room_table_allows() =>
        Assert.Empty(Walls.Violations(Ours(), Table(), "Berth"));

    [Fact]
    public void Every_namespace_has_a_room()
    {
        var spaces = Ours().Select(use => use.Namespace)
            .Where(space => space.StartsWith("Berth", StringComparison.Ordinal) && space != "Berth.Protocol")
            .Distinct();

        Assert.All(spaces, space => Assert.NotNull(Table().RoomOf(space, "Berth")));
    }

    [Fact]
    public void Limits_is_the_only_type_that_stands_outside_the_rooms() =>
        Assert.Equal(["Limits"], Ours().Where(use => use.Namespace == "Berth.Protocol").Select(use => use.Type).Distinct());

    [Fact]
    public void The_wall_sees_every_kind_of_use()
    {
        var table = new RoomTable(new Dictionary<string, IReadOnlyList<string>> { ["Upper"] = [], ["Lower"] = [] });

        var seen = Walls.Violations(CompiledCode.UsesIn(typeof(RoomsTests).Assembly.Location), table, Sample);

        Assert.Equal(
        [
            "InACatch.Try", "InAConstraint.Same", "InAField.Held", "InALambda.Weigh", "InASignature.IsNothing",
            "InATypeArgument.Count", "InATypeTest.IsOne", "InAnAsyncMethod.WeighAsync", "InAnAttribute.Nothing",
            "InAnAttributesArgument.Nothing", "InAnIterator.Weights",
        ],
            seen.Select(line => line.Split(' ')[1]).Distinct().Order(StringComparer.Ordinal));
        Assert.Contains(
            $"Lower: InALambda.Weigh uses {Sample}.Upper.Marble (Upper), which the table does not allow.", seen);
    }

    [Fact]
    public void An_allowed_use_is_no_violation()
    {
        var table = new RoomTable(new Dictionary<string, IReadOnlyList<string>> { ["Upper"] = [], ["Lower"] = ["Upper"] });

        Assert.Empty(Walls.Violations(CompiledCode.UsesIn(typeof(RoomsTests).Assembly.Location), table, Sample));
    }

    [Fact]
    public void The_table_is_read_as_it_stands()
    {
        var table = RoomTable.Parse("text\n\n| room | may use |\n|---|---|\n| A | – |\n| B.C | A, D.* |\n\n| E | A |\n");

        Assert.Equal(["A", "B.C"], table.Rows.Keys);
        Assert.Equal([true, true, true, false, false],
        [
            table.Allows("B.C", "B.C"), table.Allows("B.C", "A"), table.Allows("B.C", "D.X"), table.Allows("B.C", "E"),
            table.Allows("A", "B.C"),
        ]);
        Assert.Equal("B.C", table.RoomOf("Root.B.C.Deeper", "Root"));
        Assert.Null(table.RoomOf("Root.B", "Root"));
    }

    private static RoomTable Table() => RoomTable.Parse(File.ReadAllText(Checkout.Place("ARCHITECTURE.md")));

    private static IEnumerable<TypeUse> Ours() =>
        new[] { "Berth.Platform", "Berth.Protocol", "Berth.Core", "berth", "berthd" }
            .SelectMany(name => CompiledCode.UsesIn(Path.Combine(AppContext.BaseDirectory, name + ".dll")));
}
