using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>A key goes into the request's header and nowhere else.</summary>
public sealed class SecretTests : IAsyncDisposable
{
    private const string Key = "sk-test-0123456789abcdef";

    private readonly BerthHome home = new();
    private readonly ScriptedModelServer server = ScriptedModelServer.Start();

    public async ValueTask DisposeAsync()
    {
        home.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public void It_stands_in_no_file_no_output_no_tools_environment_and_no_error()
    {
        var config = Directory.CreateDirectory(Path.Combine(home.Home, "config")).FullName;
        File.WriteAllText(Path.Combine(config, "config.json"), """{"model":"scripted"}""");
        File.WriteAllText(
            Path.Combine(config, "models.json"),
            $$$"""{"models":{"scripted":{"provider":"openai","model":"m-1","base_url":"{{{server.BaseUrl}}}","key":"env:MY_MODEL_KEY"} } }""");
        home.Variables["MY_MODEL_KEY"] = Key;
        home.Variables["HARMLESS"] = "seen";
        server.Answers(ModelScript.Call("bash", """{"command":"env; tr '\\0' '\\n' < /proc/$PPID/environ"}"""))
            .Answers(ModelScript.Error(401, $"Incorrect API key provided: {Key}"));

        var ran = home.Berth("run", "show the environment", "--permission-mode", "bypass", "--stream");

        Assert.Equal(1, ran.Code);
        Assert.All(server.Requests, r => Assert.Equal($"Bearer {Key}", r.Headers["Authorization"]));
        Assert.Contains("HARMLESS=seen", server.Requests[1].LastResult);
        Assert.DoesNotContain(Key, ran.Out + ran.Error + System.Text.Encoding.UTF8.GetString(server.Requests[1].Raw));
        Assert.Contains("Incorrect API key provided: …", ran.Error);
        Assert.All(
            Directory.EnumerateFiles(home.Home, "*", SearchOption.AllDirectories).Where(file => !file.StartsWith(Path.Combine(home.Home, "run"))),
            file => Assert.False(File.ReadAllBytes(file).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(Key)) >= 0, file));
    }
}
