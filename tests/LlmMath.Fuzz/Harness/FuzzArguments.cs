using System.Globalization;

namespace LlmMath.Fuzz;

/// <summary>The command line of a long run.</summary>
internal sealed record FuzzArguments(IReadOnlyList<Surface> Surfaces, FuzzPlan Plan, bool IsMarkdown)
{
    private const string Help = "Options: --surface NAME (a group or a surface; several may be given), --minutes M of each "
        + "surface, "
        + "--count N inputs of each, --from N the first one's number, --seed S, --markdown. Surfaces: ";

    /// <exception cref="ArgumentException">An option is not known, or its value is no such number.</exception>
    public static FuzzArguments Of(string[] args)
    {
        var surfaces = new List<Surface>();
        var plan = new FuzzPlan(1, 0, long.MaxValue, TimeSpan.FromMinutes(1));
        bool isMarkdown = false, isTimed = false, isCounted = false;
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] == "--markdown")
            {
                isMarkdown = true;
                continue;
            }

            string option = args[i], value = ++i < args.Length ? args[i] : throw Wrong(option);
            switch (option)
            {
                case "--surface" when LlmMath.Fuzz.Surfaces.Of(value) is { Count: > 0 } named:
                    surfaces.AddRange(named);
                    break;
                case "--minutes" when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double minutes)
                    && minutes is > 0 and < 1e6:
                    (plan, isTimed) = (plan with { Longest = TimeSpan.FromMinutes(minutes) }, true);
                    break;
                case "--count" when TryWhole(value, out long count):
                    (plan, isCounted) = (plan with { Count = count }, true);
                    break;
                case "--from" when TryWhole(value, out long from):
                    plan = plan with { From = from };
                    break;
                case "--seed" when int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int seed):
                    plan = plan with { Seed = seed };
                    break;
                default:
                    throw Wrong($"{option} {value}");
            }
        }

        plan = isCounted && !isTimed ? plan with { Longest = TimeSpan.MaxValue } : plan;
        return new(surfaces.Count > 0 ? surfaces : LlmMath.Fuzz.Surfaces.All, plan, isMarkdown);
    }

    private static bool TryWhole(string value, out long number) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static ArgumentException Wrong(string given) =>
        new($"{given}: not an option with its value. {Help}{string.Join(", ", LlmMath.Fuzz.Surfaces.All.Select(s => s.Name))}.");
}
