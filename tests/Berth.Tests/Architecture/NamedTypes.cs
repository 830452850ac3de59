using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Berth.Tests.Architecture;

/// <summary>A type by its outermost type: nested types live where that one lives.</summary>
internal readonly record struct NamedType(string Namespace, string Name);

/// <summary>All types that a signature or an attribute names, whatever they are wrapped in.</summary>
internal sealed class NamedTypes : ISignatureTypeProvider<ImmutableArray<NamedType>, object?>,
    ICustomAttributeTypeProvider<ImmutableArray<NamedType>>
{
    private static readonly ImmutableArray<NamedType> Nothing = [];

    public static NamedType Outermost(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil)
        {
            type = reader.GetTypeDefinition(type.GetDeclaringType());
        }

        return new NamedType(reader.GetString(type.Namespace), reader.GetString(type.Name));
    }

    public ImmutableArray<NamedType> GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte kind) =>
        [Outermost(reader, handle)];

    public ImmutableArray<NamedType> GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte kind)
    {
        var type = reader.GetTypeReference(handle);
        while (type.ResolutionScope.Kind == HandleKind.TypeReference)
        {
            type = reader.GetTypeReference((TypeReferenceHandle)type.ResolutionScope);
        }

        return [new NamedType(reader.GetString(type.Namespace), reader.GetString(type.Name))];
    }

    public ImmutableArray<NamedType> GetTypeFromSpecification(
        MetadataReader reader, object? context, TypeSpecificationHandle handle, byte kind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, context);

    public ImmutableArray<NamedType> GetGenericInstantiation(
        ImmutableArray<NamedType> generic, ImmutableArray<ImmutableArray<NamedType>> arguments) =>
        [.. generic, .. arguments.SelectMany(argument => argument)];

    public ImmutableArray<NamedType> GetFunctionPointerType(MethodSignature<ImmutableArray<NamedType>> signature) =>
        [.. signature.ReturnType, .. signature.ParameterTypes.SelectMany(parameter => parameter)];

    public ImmutableArray<NamedType> GetModifiedType(
        ImmutableArray<NamedType> modifier, ImmutableArray<NamedType> unmodified, bool isRequired) =>
        [.. modifier, .. unmodified];

    public ImmutableArray<NamedType> GetArrayType(ImmutableArray<NamedType> element, ArrayShape shape) => element;

    public ImmutableArray<NamedType> GetByReferenceType(ImmutableArray<NamedType> element) => element;

    public ImmutableArray<NamedType> GetPinnedType(ImmutableArray<NamedType> element) => element;

    public ImmutableArray<NamedType> GetPointerType(ImmutableArray<NamedType> element) => element;

    public ImmutableArray<NamedType> GetSZArrayType(ImmutableArray<NamedType> element) => element;

    public ImmutableArray<NamedType> GetGenericMethodParameter(object? context, int index) => Nothing;

    public ImmutableArray<NamedType> GetGenericTypeParameter(object? context, int index) => Nothing;

    public ImmutableArray<NamedType> GetPrimitiveType(PrimitiveTypeCode code) => Nothing;

    public ImmutableArray<NamedType> GetSystemType() => Nothing;

    public bool IsSystemType(ImmutableArray<NamedType> type) =>
        type is [{ Namespace: "System", Name: "Type" }];

    // An attribute names a type in text: "Space.Outer+Inner, Assembly", with arguments of generic types in brackets.
    public ImmutableArray<NamedType> GetTypeFromSerializedName(string name)
    {
        var types = ImmutableArray.CreateBuilder<NamedType>();
        foreach (var part in name.Split('[', ']', ','))
        {
            var outer = part.Trim().Split('+')[0];
            var dot = outer.LastIndexOf('.');
            if (dot > 0)
            {
                types.Add(new NamedType(outer[..dot], outer[(dot + 1)..]));
            }
        }

        return types.ToImmutable();
    }

    // How wide an enum's values are cannot be read from another assembly's reference; ours are all int.
    public PrimitiveTypeCode GetUnderlyingEnumType(ImmutableArray<NamedType> type) => PrimitiveTypeCode.Int32;
}
