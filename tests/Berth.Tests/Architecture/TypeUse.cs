namespace Berth.Tests.Architecture;

/// <summary>One place in compiled code that names a type.</summary>
/// <param name="Namespace">Of the outermost type the place belongs to: a lambda belongs to who wrote it.</param>
/// <param name="Type">That outermost type.</param>
/// <param name="Member">The method, field or property as written; empty for the type's own head.</param>
/// <param name="UsedNamespace">Namespace of the outermost type around the one that is named.</param>
/// <param name="Used">The type that is named.</param>
internal sealed record TypeUse(string Namespace, string Type, string Member, string UsedNamespace, string Used)
{
    public override string ToString() =>
        $"{Namespace}.{Type}{(Member.Length > 0 ? "." + Member : "")} uses {UsedNamespace}.{Used}";
}
