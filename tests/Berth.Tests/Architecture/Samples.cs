using System.Collections;
using System.Text.Json;

namespace Berth.Tests.Architecture;

/// <summary>
/// Makes records by their type: with every field set to something that is not its default, so that one which is not
/// written is missed; or with every field that may be absent left out.
/// </summary>
internal static class Samples
{
    private static readonly System.Reflection.NullabilityInfoContext Nullability = new();

    /// <summary>Every field set.</summary>
    public static object Full(Type type) => Make(type, sparse: false);

    /// <summary>Only what must be there.</summary>
    public static object Sparse(Type type) => Make(type, sparse: true);

    private static object Make(Type type, bool sparse)
    {
        var constructor = type.GetConstructors().MaxBy(one => one.GetParameters().Length)!;
        return constructor.Invoke([.. constructor.GetParameters().Select(p =>
            sparse && MayBeNull(p) ? null : Value(p.ParameterType, p.Name!, sparse))]);
    }

    private static bool MayBeNull(System.Reflection.ParameterInfo parameter) =>
        Nullability.Create(parameter).WriteState == System.Reflection.NullabilityState.Nullable;

    private static object Value(Type type, string name, bool sparse) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(string) => sparse ? "" : $"{name} \"ä<>&'+\n\u001b😀",
        var t when t == typeof(int) => sparse ? 0 : 41,
        var t when t == typeof(long) => sparse ? 0L : 1L << 40,
        var t when t == typeof(double) => sparse ? 0 : 1.25,
        var t when t == typeof(decimal) => sparse ? 0m : 0.0125m,
        var t when t == typeof(bool) => !sparse,
        var t when t == typeof(DateTimeOffset) => new DateTimeOffset(2026, 5, 6, 20, 14, 3, 123, TimeSpan.Zero),
        var t when t == typeof(JsonElement) => JsonDocument.Parse("""{"a":[1,null]}""").RootElement.Clone(),
        var t when t == typeof(IReadOnlyDictionary<string, string>) => new Dictionary<string, string> { ["PATH"] = "/bin", ["é"] = "" },
        { IsGenericType: true } t when t.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) =>
            List(t.GetGenericArguments()[0], name, sparse),
        { IsClass: true, Namespace: { } space } t when space.StartsWith("Berth.", StringComparison.Ordinal) => Make(t, sparse),
        _ => throw new NotSupportedException($"No sample for {type} {name}: add one."),
    };

    private static Array List(Type item, string name, bool sparse)
    {
        var items = new ArrayList();
        if (!sparse)
        {
            items.Add(Value(item, name, sparse: false));
            items.Add(Value(item, name, item != typeof(string)));
        }

        return items.ToArray(item);
    }
}
