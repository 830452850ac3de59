using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Berth.Tests.Architecture;

/// <summary>
/// Every use of a type in an assembly: base types, fields, signatures, locals, catch clauses, operands, type
/// arguments and attributes. What the compiler made of a lambda or an async method counts for the type it was written
/// in. A constant of another room is a number by now and cannot be seen.
/// </summary>
internal sealed class CompiledCode
{
    private readonly PEReader file;
    private readonly MetadataReader metadata;
    private readonly NamedTypes names = new();
    private readonly HashSet<TypeUse> uses = [];

    private CompiledCode(PEReader file)
    {
        this.file = file;
        metadata = file.GetMetadataReader();
    }

    /// <summary>The uses in one assembly.</summary>
    public static IReadOnlyCollection<TypeUse> UsesIn(string path)
    {
        using var assembly = new PEReader(File.OpenRead(path));
        var code = new CompiledCode(assembly);
        foreach (var handle in code.metadata.TypeDefinitions)
        {
            code.AddType(handle);
        }

        return code.uses;
    }

    private void AddType(TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        var at = new Place(NamedTypes.Outermost(metadata, handle), WrittenName(metadata.GetString(type.Name)));
        AddHandle(at, type.BaseType);
        AddAttributes(at, type.GetCustomAttributes());
        AddConstraints(at, type.GetGenericParameters());
        foreach (var implementation in type.GetInterfaceImplementations())
        {
            AddHandle(at, metadata.GetInterfaceImplementation(implementation).Interface);
        }

        foreach (var one in type.GetFields())
        {
            var field = metadata.GetFieldDefinition(one);
            var place = at.In(metadata.GetString(field.Name));
            Add(place, field.DecodeSignature(names, null));
            AddAttributes(place, field.GetCustomAttributes());
        }

        foreach (var one in type.GetProperties())
        {
            var property = metadata.GetPropertyDefinition(one);
            AddAttributes(at.In(metadata.GetString(property.Name)), property.GetCustomAttributes());
        }

        foreach (var one in type.GetEvents())
        {
            var @event = metadata.GetEventDefinition(one);
            AddAttributes(at.In(metadata.GetString(@event.Name)), @event.GetCustomAttributes());
        }

        foreach (var one in type.GetMethods())
        {
            var method = metadata.GetMethodDefinition(one);
            AddMethod(at.In(metadata.GetString(method.Name)), method);
        }
    }

    private void AddMethod(Place at, MethodDefinition method)
    {
        AddSignature(at, method.DecodeSignature(names, null));
        AddAttributes(at, method.GetCustomAttributes());
        AddConstraints(at, method.GetGenericParameters());
        foreach (var parameter in method.GetParameters())
        {
            AddAttributes(at, metadata.GetParameter(parameter).GetCustomAttributes());
        }

        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        var body = file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            foreach (var local in metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(names, null))
            {
                Add(at, local);
            }
        }

        foreach (var region in body.ExceptionRegions)
        {
            AddHandle(at, region.CatchType);
        }

        foreach (var token in IlOperands.Tokens(body.GetILBytes() ?? []))
        {
            AddHandle(at, token);
        }
    }

    private void AddHandle(Place at, EntityHandle handle)
    {
        if (handle.IsNil)
        {
            return;
        }

        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                Add(at, names.GetTypeFromDefinition(metadata, (TypeDefinitionHandle)handle, 0));
                break;
            case HandleKind.TypeReference:
                Add(at, names.GetTypeFromReference(metadata, (TypeReferenceHandle)handle, 0));
                break;
            case HandleKind.TypeSpecification:
                Add(at, names.GetTypeFromSpecification(metadata, null, (TypeSpecificationHandle)handle, 0));
                break;
            case HandleKind.MemberReference:
                AddMember(at, metadata.GetMemberReference((MemberReferenceHandle)handle));
                break;
            case HandleKind.MethodDefinition:
                var method = metadata.GetMethodDefinition((MethodDefinitionHandle)handle);
                AddHandle(at, method.GetDeclaringType());
                Add(at, method.DecodeSignature(names, null).ReturnType);
                break;
            case HandleKind.FieldDefinition:
                var field = metadata.GetFieldDefinition((FieldDefinitionHandle)handle);
                AddHandle(at, field.GetDeclaringType());
                Add(at, field.DecodeSignature(names, null));
                break;
            case HandleKind.MethodSpecification:
                var specification = metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                AddHandle(at, specification.Method);
                foreach (var argument in specification.DecodeSignature(names, null))
                {
                    Add(at, argument);
                }

                break;
            case HandleKind.StandaloneSignature:
                AddSignature(at, metadata.GetStandaloneSignature((StandaloneSignatureHandle)handle)
                    .DecodeMethodSignature(names, null));
                break;
            default:
                throw new NotSupportedException($"{at}: {handle.Kind}");
        }
    }

    // What a call gives is used; what it could take but did not get is not.
    private void AddMember(Place at, MemberReference member)
    {
        AddHandle(at, member.Parent);
        Add(at, member.GetKind() == MemberReferenceKind.Field
            ? member.DecodeFieldSignature(names, null)
            : member.DecodeMethodSignature(names, null).ReturnType);
    }

    private void AddSignature(Place at, MethodSignature<System.Collections.Immutable.ImmutableArray<NamedType>> signature)
    {
        Add(at, signature.ReturnType);
        foreach (var parameter in signature.ParameterTypes)
        {
            Add(at, parameter);
        }
    }

    private void AddConstraints(Place at, GenericParameterHandleCollection parameters)
    {
        foreach (var parameter in parameters)
        {
            foreach (var constraint in metadata.GetGenericParameter(parameter).GetConstraints())
            {
                AddHandle(at, metadata.GetGenericParameterConstraint(constraint).Type);
            }
        }
    }

    private void AddAttributes(Place at, CustomAttributeHandleCollection attributes)
    {
        foreach (var handle in attributes)
        {
            var attribute = metadata.GetCustomAttribute(handle);
            AddHandle(at, attribute.Constructor);
            var value = attribute.DecodeValue(names);
            foreach (var argument in value.FixedArguments)
            {
                AddArgument(at, argument.Type, argument.Value);
            }

            foreach (var argument in value.NamedArguments)
            {
                AddArgument(at, argument.Type, argument.Value);
            }
        }
    }

    private void AddArgument(
        Place at, IEnumerable<NamedType> type, object? value)
    {
        Add(at, type);
        if (value is IEnumerable<NamedType> named)
        {
            Add(at, named);
        }
    }

    private void Add(Place at, IEnumerable<NamedType> types)
    {
        foreach (var type in types)
        {
            uses.Add(new TypeUse(at.Type.Namespace, at.Type.Name, at.Member, type.Namespace, type.Name));
        }
    }

    // "<Run>b__0" and "<Run>d__3" were written in Run.
    private static string WrittenName(string name) =>
        name.StartsWith('<') && name.IndexOf('>') is > 1 and var end ? name[1..end] : "";

    private sealed record Place(NamedType Type, string Member)
    {
        public Place In(string member) => Member.Length > 0 ? this
            : this with { Member = WrittenName(member) is { Length: > 0 } written ? written : member };
    }
}
