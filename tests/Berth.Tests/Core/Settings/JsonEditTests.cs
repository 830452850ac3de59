using System.Text;
using System.Text.Json;
using Berth.Core.Settings;
using Xunit;

namespace Berth.Tests.Core.Settings;

public sealed class JsonEditTests
{
    [Theory]
    [InlineData("", "a", "1", "{\n  \"a\": 1\n}\n")]
    [InlineData("", "a.b", "1", "{\n  \"a\": {\n    \"b\": 1\n  }\n}\n")]
    [InlineData("{}", "a", "1", "{\n  \"a\": 1\n}")]
    [InlineData("{ }\n", "a", "1", "{\n  \"a\": 1\n}\n")]
    [InlineData("{\"a\":0}", "a", "1", "{\"a\":1}")]
    [InlineData("{\"a\":0}", "b", "1", "{\"a\":0, \"b\": 1}")]
    [InlineData("{\"a\":0,}", "b", "1", "{\"a\":0, \"b\": 1}")]
    [InlineData("{\n    \"a\": 0\n}", "b", "1", "{\n    \"a\": 0,\n    \"b\": 1\n}")]
    [InlineData("{\n\t\"a\": 0,\n}", "b", "1", "{\n\t\"a\": 0,\n\t\"b\": 1\n}")]
    [InlineData("{\n  \"a\": 0 // why\n}", "b", "1", "{\n  \"a\": 0, // why\n  \"b\": 1\n}")]
    [InlineData("{\n  \"a\": 0, // why, indeed\n}", "b", "1", "{\n  \"a\": 0, // why, indeed\n  \"b\": 1\n}")]
    [InlineData("{\n  \"a\": 0 /* no , here */\n  // end\n}", "b", "1", "{\n  \"a\": 0, /* no , here */\n  // end\n  \"b\": 1\n}")]
    [InlineData("{\n  // nothing yet\n}\n", "b", "1", "{\n  // nothing yet\n  \"b\": 1\n}\n")]
    [InlineData("// head\n{\n  \"p\": { \"x\": 1 } // p\n}\n// foot\n", "p.y", "[2]", "// head\n{\n  \"p\": { \"x\": 1, \"y\": [2] } // p\n}\n// foot\n")]
    [InlineData("{\"p\": 5}", "p.y", "1", "{\"p\": {\n    \"y\": 1\n  }}")]
    [InlineData("{\"a\": 1, \"a\": 2}", "a", "3", "{\"a\": 1, \"a\": 3}")]
    [InlineData("{\r\n  \"a\": 0\r\n}\r\n", "b", "1", "{\r\n  \"a\": 0,\n  \"b\": 1\r\n}\r\n")]
    public void Setting_a_value_leaves_the_rest_as_it_is_written(string before, string path, string json, string after) =>
        Assert.Equal(after, Text(JsonEdit.Set(Bytes(before), path.Split('.'), json)));

    [Theory]
    [InlineData("", "a", "")]
    [InlineData("{\"a\": 1}", "b", "{\"a\": 1}")]
    [InlineData("{\"a\": 1}", "a", "{}")]
    [InlineData("{\"a\": 1, \"b\": 2}", "a", "{\"b\": 2}")]
    [InlineData("{\"a\": 1, \"b\": 2}", "b", "{\"a\": 1}")]
    [InlineData("{\n  \"a\": 1,\n  \"b\": 2\n}", "a", "{\n  \"b\": 2\n}")]
    [InlineData("{\n  \"a\": 1,\n  \"b\": 2\n}", "b", "{\n  \"a\": 1\n}")]
    [InlineData("{\n  \"a\": 1, // one\n  \"b\": 2, // two\n}", "b", "{\n  \"a\": 1, // one\n  // two\n}")]
    [InlineData("{\n  \"a\": 1, // one\n  \"b\": 2 // two\n}", "b", "{\n  \"a\": 1 // one\n  // two\n}")]
    [InlineData("{\"p\": {\"x\": 1, \"y\": 2}, \"q\": 3}", "p.x", "{\"p\": {\"y\": 2}, \"q\": 3}")]
    [InlineData("{\"a\": 1, \"b\": 2, \"a\": 3}", "a", "{\"b\": 2}")]
    [InlineData("{\"p\": 5}", "p.x", "{\"p\": 5}")]
    public void Removing_a_value_leaves_the_rest_as_it_is_written(string before, string path, string after) =>
        Assert.Equal(after, Text(JsonEdit.Remove(Bytes(before), path.Split('.'))));

    [Theory]
    [InlineData("{}", "{\n  \"l\": [\"x\"]\n}")]
    [InlineData("{\"l\": []}", "{\"l\": [\"x\"]}")]
    [InlineData("{\"l\": [\"a\", \"b\"]}", "{\"l\": [\"a\", \"b\", \"x\"]}")]
    [InlineData("{\"l\": [\n    \"a\", // first\n    \"b\" // second\n  ]}", "{\"l\": [\n    \"a\", // first\n    \"b\", // second\n    \"x\"\n  ]}")]
    [InlineData("{\"l\": [ /* none */ ]}", "{\"l\": [ /* none */ \"x\"]}")]
    [InlineData("{\"l\": \"wrong\"}", "{\"l\": [\"x\"]}")]
    public void Appending_to_a_list_keeps_its_items_and_comments(string before, string after) =>
        Assert.Equal(after, Text(JsonEdit.Append(Bytes(before), ["l"], "x")));

    [Theory]
    [InlineData("{\"l\": [\"x\"]}", "{\"l\": []}")]
    [InlineData("{\"l\": [\"a\", \"x\", 7, \"b\"]}", "{\"l\": [\"a\", 7, \"b\"]}")]
    [InlineData("{\"l\": [\"a\", \"x\"]}", "{\"l\": [\"a\"]}")]
    [InlineData("{\"l\": [\n    \"a\", // first\n    \"x\" // second\n  ]}", "{\"l\": [\n    \"a\" // first\n    // second\n  ]}")]
    [InlineData("{\"l\": [\"x\", \"x\"]}", "{\"l\": []}")]
    [InlineData("{\"l\": 5}", "{\"l\": 5}")]
    [InlineData("{}", "{}")]
    public void Taking_an_item_out_of_a_list_keeps_the_others(string before, string after) =>
        Assert.Equal(after, Text(JsonEdit.RemoveItem(Bytes(before), ["l"], "x")));

    [Theory]
    [InlineData("{\"a\": }")]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("{} {}")]
    public void A_text_that_is_no_object_is_never_changed(string text)
    {
        Assert.Throws<PlacedJsonException>(() => JsonEdit.Set(Bytes(text), ["a"], "1"));
        Assert.Throws<PlacedJsonException>(() => JsonEdit.Remove(Bytes(text), ["a"]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_row_of_edits_means_what_the_same_edits_of_a_table_mean(int seed)
    {
        var chance = new Random(seed);
        var text = Bytes("// kept, always\n{ // and this\n}\n");
        var table = new Dictionary<string, string>();
        for (var step = 0; step < 400; step++)
        {
            var name = $"n{chance.Next(6)}";
            string[] path = chance.Next(2) == 0 ? [name] : ["in", "side", name];
            var at = string.Join('.', path);
            if (chance.Next(3) == 0)
            {
                text = JsonEdit.Remove(text, path);
                table.Remove(at);
            }
            else
            {
                var value = chance.Next(2) == 0 ? $"{step}" : $"[\"{step}\", // c,\n]";
                text = JsonEdit.Set(text, path, value);
                table[at] = value.StartsWith('[') ? $"[\"{step}\"]" : value;
            }

            Assert.Equal(table.OrderBy(one => one.Key), Leaves(text).OrderBy(one => one.Key));
        }

        Assert.StartsWith("// kept, always\n{ // and this", Text(text));
    }

    private static Dictionary<string, string> Leaves(byte[] text)
    {
        var options = new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
        using var document = JsonDocument.Parse(text, options);
        var leaves = new Dictionary<string, string>();
        Walk(document.RootElement, "");
        return leaves;

        void Walk(JsonElement element, string at)
        {
            foreach (var property in element.EnumerateObject())
            {
                var name = at + property.Name;
                if (property.Value.ValueKind == JsonValueKind.Object)
                {
                    Walk(property.Value, name + ".");
                }
                else
                {
                    leaves.Add(name, property.Value.ValueKind == JsonValueKind.Array
                        ? $"[\"{property.Value[0].GetString()}\"]" : property.Value.GetRawText());
                }
            }
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
