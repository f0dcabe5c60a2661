using System.Collections;
using System.Reflection;
using System.Xml.Linq;
using Xunit.Abstractions;

namespace LlmMath.Tests.Api.Extremes;

/// <summary>Every public member with arguments at the ends of their types: a result, or an error that is documented; never an
/// arithmetic one.</summary>
public class ExtremeArgumentTests(ITestOutputHelper output)
{
    private const BindingFlags Own =
        BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    // These take threads, native memory or time by their arguments.
    private static readonly Type[] s_apart =
        [typeof(HostMachine), typeof(KernelWorkers), typeof(ReadProbe), typeof(PackedMatrix)];

    private static readonly Assembly s_library = typeof(ModelDefinition).Assembly;

    [Fact]
    public void NoDocumentationPromisesAnArithmeticError()
    {
        // Of what is public: an internal member may count on its caller.
        HashSet<string> types = [.. s_library.GetExportedTypes().Select(type => type.FullName!)];
        IEnumerable<string> promises = XDocument.Load(Path.ChangeExtension(s_library.Location, ".xml")).Descendants("member")
            .Where(member => member.Elements("exception").Any(e => e.Attribute("cref")!.Value == "T:System.OverflowException"))
            .Select(member => member.Attribute("name")!.Value)
            .Where(name => IsPublic(name.Split('(')[0], types));
        Assert.Empty(promises);
    }

    [Fact]
    public void NoArithmeticErrorLeavesTheLibrary()
    {
        var random = new Random(11);
        var values = new Values(random);
        SortedDictionary<string, Exception> wrong = values.Wrong;
        int asked = 0;
        foreach (MethodBase member in s_library.GetExportedTypes().Where(type => !s_apart.Contains(type)).SelectMany(Members))
        {
            for (int round = 0; round < 20; round++)
            {
                values.IsMild = round % 2 == 0;
                object? subject = member.IsStatic ? null : values.Next(member.DeclaringType!);
                object?[] arguments = [.. member.GetParameters().Select(p => values.Next(Bare(p.ParameterType)))];
                bool isWhole = member.GetParameters().Zip(arguments)
                    .All(pair => pair.Second is not null || pair.First.HasDefaultValue
                    || Nullable.GetUnderlyingType(pair.First.ParameterType) is not null);
                if ((subject is null && !member.IsStatic) || !isWhole)
                {
                    continue;
                }

                asked++;
                if (Ask(member, subject, arguments) is { } error)
                {
                    wrong[$"{member.DeclaringType!.Name}.{member.Name}"] = error;
                }
            }
        }

        output.WriteLine($"{asked} calls");
        Assert.True(asked > 10_000, $"{asked} calls");
        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong.Select(pair => $"{pair.Key}: {pair.Value}")));
    }

    private static IEnumerable<MethodBase> Members(Type type) => type.ContainsGenericParameters ? [] : type.GetMethods(Own)
        .Where(method => !method.ContainsGenericParameters && !method.IsAbstract && method.Name != "<Clone>$"
            && !(method.IsSpecialName && method.Name.StartsWith("set_", StringComparison.Ordinal))
            && !method.ReturnType.IsByRefLike && method.GetParameters().All(p => Values.Makes(Bare(p.ParameterType))));

    private static Type Bare(Type type) => type.IsByRef ? type.GetElementType()! : type;

    private static Exception? Ask(MethodBase member, object? subject, object?[] arguments)
    {
        try
        {
            if (((MethodInfo)member).Invoke(subject, arguments) is IEnumerable many and not string)
            {
                _ = many.Cast<object>().Take(3).Count();
            }

            return null;
        }
        catch (Exception error)
        {
            error = error is TargetInvocationException { InnerException: { } inner } ? inner : error;
            return error is ArithmeticException ? error : null;
        }
    }

    private static bool IsPublic(string name, HashSet<string> types)
    {
        string path = name[2..];
        int dot = path.LastIndexOf('.');
        string type = path[..dot], member = path[(dot + 1)..];
        return types.Contains(path) || (types.Contains(type)
            && s_library.GetType(type)!.GetMembers(Own).Any(other => other.Name == member.Split("``")[0]));
    }
}
