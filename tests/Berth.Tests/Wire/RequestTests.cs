using System.Text;
using System.Text.Json;
using Berth.Core.Models;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Wire;

/// <summary>What is sent: valid for a strict server, stable from one request to the next, nothing lost.</summary>
public sealed class RequestTests : IDisposable
{
    private readonly ModelTable _models = new(TimeProvider.System);

    public void Dispose() => _models.Dispose();

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task A_turn_with_calls_goes_on_and_its_requests_are_valid(string provider)
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(ModelScript.Call("bash", """{"command":"ls"}""").ThenCall("read", "{oops").ThenReasoning("Hm."))
            .Answers("Two files.");
        var model = _models.Create(WireTest.Settings(server.BaseUrl, provider), "sk-1");
        var user = new UserEntry("What is here?");
        var first = await model.HearAsync(WireTest.Request(user));

        var second = await model.HearAsync(WireTest.Request(
            user, new AssistantEntry(first.Text, first.Answer!.Calls, first.Answer.Provider),
            new ToolResultEntry(first.Answer.Calls[0].Id, "a.txt\nb.txt", IsError: false),
            new ToolResultEntry(first.Answer.Calls[1].Id, "", IsError: true),
            new UserEntry("And quick.")));

        Assert.Equal("Two files. | stop", second.ToString());
        Assert.Equal("And quick.", server.Requests[1].LastUser);
        Assert.All(server.Requests, r => Assert.Null(r.Fault));
    }

    [Theory]
    [InlineData("openai", 11)]
    [InlineData("openai", 12)]
    [InlineData("anthropic", 13)]
    [InlineData("anthropic", 14)]
    public async Task Any_conversation_makes_a_request_that_a_strict_server_accepts(string provider, int seed)
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(_ => ModelScript.Text("ok"));
        var model = _models.Create(WireTest.Settings(server.BaseUrl, provider) with { Images = seed % 2 == 0 }, null);
        var conversations = new RandomConversations(new Random(seed));

        for (var i = 0; i < 150; i++)
        {
            var request = conversations.Next();
            var heard = await model.HearAsync(request);
            Assert.True(heard.Failure is null, $"seed {seed}, conversation {i}: {heard.Failure?.Message}");
        }
    }

    [Fact]
    public void What_was_sent_stays_the_beginning_of_the_next_request_byte_for_byte()
    {
        var settings = WireTest.Settings(new Uri("http://x"));
        var random = new Random(5);
        var conversations = new RandomConversations(random);
        for (var i = 0; i < 50; i++)
        {
            var longer = conversations.Next();
            var shorter = longer with { Messages = [.. longer.Messages.Take(random.Next(longer.Messages.Count))] };

            // A tool's images follow the results of the whole answer, so a request may only end behind all of them.
            if (shorter.Messages.LastOrDefault() is ToolResultEntry or AssistantEntry)
            {
                continue;
            }

            var all = Encoding.UTF8.GetString(OpenAiRequest.Write(longer, settings, new ServerTraits()).Span);
            var start = Encoding.UTF8.GetString(OpenAiRequest.Write(shorter, settings, new ServerTraits()).Span);
            Assert.StartsWith(start[..^2], all);
        }
    }

    [Fact]
    public void A_chat_request_says_everything_in_this_form()
    {
        var settings = WireTest.Settings(new Uri("http://x")) with
        {
            Images = true,
            Parameters = Parameters("""{"temperature":0.10,"stream_options":null,"stop":["a"],"user":null}"""),
        };
        var request = new ModelRequest("Be \"good\" ü.",
        [
            new UserEntry("Look.", [Png("abc")]),
            new AssistantEntry("", [new ModelToolCall("c1", "read.file", "")]),
            new ToolResultEntry("c1", "see", false, [Png("d")]),
        ], [WireTest.Tools[0]], WireTest.ImageBytes);

        Assert.Equal(
            """{"model":"scripted","stream":true,"temperature":0.10,"stop":["a"],"tools":[{"type":"function","function":{"name":"bash","description":"Runs a command.","parameters":{"type":"object","properties":{"command":{"type":"string"}}}}}],"messages":["""
            + """{"role":"system","content":"Be \"good\" ü."},"""
            + """{"role":"user","content":[{"type":"text","text":"Look."},{"type":"image_url","image_url":{"url":"data:image/png;base64,YWJj"}}]},"""
            + """{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"read_file","arguments":"{}"}}]},"""
            + """{"role":"tool","tool_call_id":"c1","content":"see"},"""
            + """{"role":"user","content":[{"type":"text","text":"(the images of the tool results above)"},{"type":"image_url","image_url":{"url":"data:image/png;base64,ZA=="}}]}]}""",
            Encoding.UTF8.GetString(OpenAiRequest.Write(request, settings, new ServerTraits()).Span));
    }

    [Fact]
    public void A_messages_request_says_everything_in_this_form_with_its_marks()
    {
        var settings = WireTest.Settings(new Uri("http://x"), "anthropic") with
        {
            Images = true,
            Parameters = Parameters("""{"thinking":{"type":"enabled","budget_tokens":30000}}"""),
        };
        var request = new ModelRequest("Be good.",
        [
            new UserEntry("One."), new UserEntry("Look.", [Png("abc")]),
            new AssistantEntry("Sure.", [new ModelToolCall("a:1", "read", "{\"x\": 1}"), new ModelToolCall("c2", "bash", "[]")]),
            new ToolResultEntry("a:1", "see", false, [Png("d")]),
            new ToolResultEntry("c2", " ", true),
            new UserEntry("Well?"),
        ], [WireTest.Tools[0]], WireTest.ImageBytes);

        const string Mark = ""","cache_control":{"type":"ephemeral"}""";
        Assert.Equal(
            """{"model":"scripted","max_tokens":46000,"stream":true,"thinking":{"type":"enabled","budget_tokens":30000},"tools":[{"name":"bash","description":"Runs a command.","input_schema":{"type":"object","properties":{"command":{"type":"string"}}}""" + Mark + """}],"system":[{"type":"text","text":"Be good." """.TrimEnd() + Mark + """}],"messages":["""
            + """{"role":"user","content":[{"type":"text","text":"One."},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"YWJj"}},{"type":"text","text":"Look." """.TrimEnd() + Mark + "}]},"
            + """{"role":"assistant","content":[{"type":"text","text":"Sure."},{"type":"tool_use","id":"a_1_e661e41904a09e69","name":"read","input":{"x": 1}},{"type":"tool_use","id":"c2","name":"bash","input":{"invalid_arguments":"[]"}}]},"""
            + """{"role":"user","content":[{"type":"tool_result","tool_use_id":"a_1_e661e41904a09e69","content":[{"type":"text","text":"see"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"ZA=="}}]},{"type":"tool_result","tool_use_id":"c2","content":"(no output)","is_error":true},{"type":"text","text":"Well?" """.TrimEnd() + Mark + "}]}]}",
            Encoding.UTF8.GetString(AnthropicRequest.Write(request, settings, new ServerTraits()).Span));
    }

    [Theory]
    [InlineData("""{"reasoning_content":"Hm"}""", """{"reasoning_content":"."}""", """
        {"reasoning_content":"Hm."}
        """)]
    [InlineData("""{"reasoning":"Hm","reasoning_details":[{"type":"reasoning.text","text":"H","index":0}]}""",
        """{"reasoning":".","reasoning_details":[{"type":"reasoning.text","text":"m","index":0,"signature":"s"},{"type":"reasoning.encrypted","data":"x","id":"r"}]}""", """
        {"reasoning":"Hm.","reasoning_details":[{"type":"reasoning.text","text":"Hm","index":0,"signature":"s"},{"type":"reasoning.encrypted","data":"x","id":"r"}]}
        """)]
    public async Task Reasoning_goes_back_with_its_calls_to_the_model_that_gave_it_and_to_no_other(
        string one, string two, string fields)
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(new ModelScript().ThenBytes(Delta(one) + Delta(two)).ThenCall("bash", "{}", "c1"));
        var heard = await _models.Create(WireTest.Settings(server.BaseUrl), null).HearAsync(WireTest.Ask("Go."));

        var entry = new AssistantEntry("", heard.Answer!.Calls, heard.Answer.Provider);
        var request = WireTest.Request(new UserEntry("Go."), entry, new ToolResultEntry("c1", "done", false));
        var settings = WireTest.Settings(server.BaseUrl);

        Assert.Contains($"\"content\":null,{fields.Trim()[1..^1]},\"tool_calls\"",
            Encoding.UTF8.GetString(OpenAiRequest.Write(request, settings, new ServerTraits()).Span));
        Assert.DoesNotContain("reasoning", Encoding.UTF8.GetString(OpenAiRequest.Write(request, settings with { Model = "other" }, new ServerTraits()).Span));
        Assert.DoesNotContain("reasoning", Encoding.UTF8.GetString(AnthropicRequest.Write(request, settings, new ServerTraits()).Span));
    }

    [Fact]
    public async Task What_a_server_adds_to_a_call_goes_back_with_it()
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(new ModelScript().ThenCall("read", "{}", "c0").ThenBytes(Delta(
            """{"tool_calls":[{"index":1,"id":"c1","type":"function","function":{"name":"bash","arguments":"{}"},"extra_content":{"google":{"thought_signature":"abc"}}}]}""")));
        var heard = await _models.Create(WireTest.Settings(server.BaseUrl), null).HearAsync(WireTest.Ask("Go."));

        var request = WireTest.Request(new UserEntry("Go."), new AssistantEntry("", heard.Answer!.Calls, heard.Answer.Provider));

        Assert.Contains(
            """{"id":"c1","type":"function","function":{"name":"bash","arguments":"{}"},"extra_content":{"google":{"thought_signature":"abc"}}}""",
            Encoding.UTF8.GetString(OpenAiRequest.Write(request, WireTest.Settings(server.BaseUrl), new ServerTraits()).Span));
    }

    [Fact]
    public async Task Signed_thinking_goes_back_in_its_place()
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(new ModelScript().ThenReasoning("Hm", ".").ThenText("I ", "look.").ThenReasoning("So.")
            .ThenCall("bash", "{}", "c1")).Answers("Done.");
        var model = _models.Create(WireTest.Settings(server.BaseUrl, "anthropic"), null);
        var heard = await model.HearAsync(WireTest.Ask("Go."));
        await model.HearAsync(WireTest.Request(
            new UserEntry("Go."), new AssistantEntry(heard.Text, heard.Answer!.Calls, heard.Answer.Provider),
            new ToolResultEntry("c1", "done", false)));

        Assert.Equal(
            """[{"type":"thinking","thinking":"Hm.","signature":"c2lnbmVk"},{"type":"text","text":"I look."},{"type":"thinking","thinking":"So.","signature":"c2lnbmVk"},{"type":"tool_use","id":"c1","name":"bash","input":{}}]""",
            server.Requests[1].Messages.ElementAt(1).GetProperty("content").GetRawText());
    }

    [Fact]
    public async Task Missing_and_repeated_call_ids_become_unique_in_the_whole_conversation()
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(ModelScript.Call("bash", "{}", "old").ThenCall("bash", "{}", "new").ThenCall("bash", "{}", "new")
            .ThenCall("bash", "{}", "").ThenCall("bash", "{}", "with space").ThenCall("bash", "{}", new string('x', 65)));

        var heard = await _models.Create(WireTest.Settings(server.BaseUrl), null).HearAsync(WireTest.Request(
            new UserEntry("Go."), new AssistantEntry("", [new ModelToolCall("old", "bash", "{}")]),
            new ToolResultEntry("old", "done", false)));

        Assert.Equal(["call00002", "new", "call00004", "call00005", "call00006", "call00007"],
            heard.Answer!.Calls.Select(c => c.Id));
    }

    private static ImageData Png(string id) => new(id, "image/png", id.Length);

    private static string Delta(string delta) => $$"""data: {"choices":[{"index":0,"delta":{{delta}}}]}""" + "\n\n";

    private static Dictionary<string, JsonElement> Parameters(string json) =>
        JsonElement.Parse(json).EnumerateObject().ToDictionary(p => p.Name, p => p.Value);
}
