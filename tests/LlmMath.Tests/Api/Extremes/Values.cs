using System.Reflection;
using System.Runtime.CompilerServices;

namespace LlmMath.Tests.Api.Extremes;

/// <summary>Values of any type of the public face, at the ends of what their types hold.</summary>
/// <param name="random">Where they are drawn from.</param>
internal sealed class Values(Random random)
{
    private const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;

    private static readonly long[] s_longs =
        [0, 1, -1, 2, 4096, int.MaxValue, 1L << 40, 1L << 62, long.MaxValue - 1, long.MaxValue, long.MinValue];

    // Where each is refused, nothing of several is ever made.
    private static readonly long[] s_mild = [0, 1, 2, 4096, int.MaxValue];

    private static readonly double[] s_doubles =
        [0, 1, -1, 0.5, 1e19, 1e300, double.MaxValue, double.MinValue, double.Epsilon, double.NaN, double.PositiveInfinity];

    private static readonly Type[] s_concrete =
        [.. typeof(ModelDefinition).Assembly.GetExportedTypes().Where(t => !t.IsAbstract)];

    /// <summary>Arithmetic errors of constructors.</summary>
    public SortedDictionary<string, Exception> Wrong { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether whole numbers are such as readers take.</summary>
    public bool IsMild { get; set; }

    /// <summary>Whether values of a type can be made at all.</summary>
    public static bool Makes(Type type) => !type.IsByRefLike && !type.IsPointer && !type.ContainsGenericParameters
        && !type.IsArray && !typeof(Delegate).IsAssignableFrom(type) && !typeof(Stream).IsAssignableFrom(type)
            && type != typeof(object);

    /// <summary>A value; null where the library refuses to make the one that was drawn.</summary>
    public object? Next(Type type, int depth = 0)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return random.Next(3) == 0 ? null : Next(inner, depth);
        }

        long whole = Of(IsMild ? s_mild : s_longs);
        return type switch
        {
            _ when type == typeof(long) => whole,
            _ when type == typeof(ulong) => unchecked((ulong)whole),
            _ when type == typeof(int) => (int)Math.Clamp(whole, int.MinValue, int.MaxValue),
            _ when type == typeof(double) => Of(s_doubles),
            _ when type == typeof(float) => (float)Of(s_doubles),
            _ when type == typeof(bool) => random.Next(2) == 0,
            _ when type == typeof(string) => Of(["bf16", "x", "llama-3.1-8b", "", "vllm"]),
            _ when type == typeof(TimeSpan) => new TimeSpan(whole),
            _ when type == typeof(DateOnly) => DateOnly.MaxValue,
            _ when type == typeof(ModelDefinition) =>
                Of([ModelCatalog.Opt350m, ModelCatalog.Llama3_1_8b, ModelCatalog.DeepseekV3]),
            _ when type == typeof(WeightFormat) => Of(WeightFormat.All),
            _ when type == typeof(CacheFormat) => Of(CacheFormat.All),
            _ when type == typeof(NumberFormat) => Of(NumberFormats.All),
            _ when type == typeof(MatrixFormat) => Of(MatrixFormat.All),
            _ when type == typeof(Engine) => Of(EngineCatalog.All),
            _ when type.IsEnum => Of([.. Enum.GetValuesAsUnderlyingType(type).Cast<object>()
                .Select(v => Enum.ToObject(type, v))]),
            _ when ElementOf(type) is { } element => List(type, element, depth),
            _ when type.Assembly == typeof(ModelDefinition).Assembly && depth < 5 => Made(type, depth + 1),
            _ => null,
        };
    }

    private T Of<T>(IReadOnlyList<T> values) => values[random.Next(values.Count)];

    private static Type? ElementOf(Type type) => type.IsGenericType
        && (type.GetGenericTypeDefinition() is var list
            && (list == typeof(ValueList<>) || list == typeof(IReadOnlyList<>) || list == typeof(IReadOnlyCollection<>)
                || list == typeof(IEnumerable<>))) ? type.GetGenericArguments()[0] : null;

    private object? List(Type type, Type element, int depth)
    {
        object?[] drawn = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Next(element, depth + 1))
            .Where(v => v is not null)];
        var items = Array.CreateInstance(element, drawn.Length);
        drawn.CopyTo(items, 0);
        return type.GetGenericTypeDefinition() == typeof(ValueList<>)
            ? Activator.CreateInstance(type, BindingFlags.NonPublic | BindingFlags.Instance, null, [items], null)
            : items;
    }

    private object? Made(Type type, int depth)
    {
        type = type.IsAbstract ? Of([.. s_concrete.Where(type.IsAssignableFrom), type]) : type;
        ConstructorInfo[] constructors =
            [.. type.GetConstructors().Where(c => c.GetParameters().All(p => Makes(p.ParameterType)))];
        if (type.IsAbstract || (constructors.Length == 0 && !type.IsValueType) || typeof(Exception).IsAssignableFrom(type)
            || typeof(IDisposable).IsAssignableFrom(type))
        {
            return null;
        }

        try
        {
            object made = constructors.Length == 0 ? RuntimeHelpers.GetUninitializedObject(type)
                : Of(constructors) is var constructor
                    ? constructor.Invoke([.. constructor.GetParameters().Select(p => Next(p.ParameterType, depth))]) : null!;
            foreach (PropertyInfo property in type.GetProperties(Public)
                .Where(p => p.SetMethod is { IsPublic: true, IsStatic: false }))
            {
                bool isNeeded = property.IsDefined(typeof(RequiredMemberAttribute));
                if ((isNeeded || random.Next(2) == 0) && Makes(property.PropertyType)
                    && Next(property.PropertyType, depth) is { } value)
                {
                    property.SetValue(made, value);
                }
                else if (isNeeded && !property.PropertyType.IsValueType)
                {
                    return null;
                }
            }

            return made;
        }
        catch (TargetInvocationException refused)
        {
            if (refused.InnerException is ArithmeticException wrong)
            {
                Wrong[type.Name + ".new"] = wrong;
            }

            return null;
        }
    }
}
