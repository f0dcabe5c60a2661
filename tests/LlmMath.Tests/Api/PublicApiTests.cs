using System.Reflection;
using System.Xml.Linq;
using LlmMath.Testing;
using PublicApiGenerator;

namespace LlmMath.Tests.Api;

public class PublicApiTests
{
    private static readonly Assembly s_library = typeof(ModelDefinition).Assembly;

    [Fact]
    public void ThePublicApiIsAsApproved()
    {
        // The catalogs' entries come and go with the data; their shape is approved by hand-written code.
        string api = s_library.GeneratePublicApi(new ApiGeneratorOptions
        {
            IncludeAssemblyAttributes = false,
            ExcludeTypes = [typeof(ModelCatalog), typeof(GpuCatalog)],
        });
        // Of .NET 8 the compiler's own attribute is not public.
        Golden.Verify(api.Replace("[System.Runtime.CompilerServices.ParamCollection] ", "", StringComparison.Ordinal),
            "LlmMath.PublicApi");
    }

    /// <summary>Everyday nouns stand in the root, everything else in six namespaces by who needs it.</summary>
    [Fact]
    public void TheRootNamespaceHoldsWhatAUserAsksEveryDay()
    {
        ILookup<string?, Type> types = s_library.GetExportedTypes()
            .Where(type => !type.IsNested).ToLookup(type => type.Namespace);
        Assert.Equal(
            ["LlmMath", "LlmMath.Architectures", "LlmMath.Engines", "LlmMath.Interchange", "LlmMath.Numerics",
                "LlmMath.Planning", "LlmMath.Training"],
            types.Select(group => group.Key).Order(StringComparer.Ordinal));
        Assert.InRange(types["LlmMath"].Count(), 1, 60);
    }

    [Fact]
    public void TheCatalogsMembersAreOneAnEntry()
    {
        const BindingFlags members = BindingFlags.Public | BindingFlags.Static;
        Assert.Equal(ModelCatalog.Entries.Names.Count() + 2, typeof(ModelCatalog).GetProperties(members).Length);
        Assert.Equal(GpuCatalog.Entries.Names.Count() + 2, typeof(GpuCatalog).GetProperties(members).Length);
    }

    [Fact]
    public void EveryPublicTypeAndMemberIsDocumented()
    {
        HashSet<string> documented = [.. XDocument.Load(Path.ChangeExtension(s_library.Location, ".xml")).Descendants("member")
            .Where(member => member.Element("summary")?.Value.Trim().Length > 0 || member.Element("inheritdoc") is not null)
            .Select(member => member.Attribute("name")!.Value.Split('(')[0])];
        IEnumerable<string> missing = s_library.GetExportedTypes().SelectMany(Names).Where(name => !documented.Contains(name));
        Assert.Empty(missing);
    }

    private static IEnumerable<string> Names(Type type)
    {
        string name = type.FullName!.Replace('+', '.');
        yield return "T:" + name;
        const BindingFlags own = BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        foreach (PropertyInfo property in type.GetProperties(own)
            .Where(property => property.Name != "EqualityContract" && !IsPositional(type, property)))
        {
            yield return $"P:{name}.{property.Name}";
        }

        foreach (FieldInfo field in type.GetFields(own).Where(f => !f.IsSpecialName))
        {
            yield return $"F:{name}.{field.Name}";
        }
    }

    // A record's positional properties are documented as parameters of the type.
    private static bool IsPositional(Type type, PropertyInfo property) =>
        type.GetConstructors().Any(constructor => constructor.GetParameters().Any(parameter => parameter.Name == property.Name));
}
