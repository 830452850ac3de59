using System.Text.Json.Serialization;

namespace Berth.Protocol.Messages;

/// <summary>The messages' JSON shapes, generated at build time: snake_case, nulls left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Hello))]
[JsonSerializable(typeof(Welcome))]
[JsonSerializable(typeof(OpenView))]
[JsonSerializable(typeof(Opened))]
[JsonSerializable(typeof(SendLine))]
[JsonSerializable(typeof(Reply))]
[JsonSerializable(typeof(StartRun))]
[JsonSerializable(typeof(RunStarted))]
[JsonSerializable(typeof(CompleteLine))]
[JsonSerializable(typeof(Completions))]
[JsonSerializable(typeof(Resized))]
[JsonSerializable(typeof(DaemonVerb))]
[JsonSerializable(typeof(DaemonStatus))]
[JsonSerializable(typeof(Look))]
[JsonSerializable(typeof(BoardNews))]
[JsonSerializable(typeof(Notice))]
[JsonSerializable(typeof(ErrorInfo))]
public sealed partial class MessageJson : JsonSerializerContext;
