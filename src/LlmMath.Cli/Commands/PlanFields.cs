namespace LlmMath.Cli.Commands;

/// <summary>The library's names of what a plan is asked, and the options by which the tool is told.</summary>
internal static class PlanFields
{
    private static readonly Dictionary<string, string> s_options = new(StringComparer.Ordinal)
    {
        ["users"] = "--users", ["activeShare"] = "--active-share", ["requestsPerMinute"] = "--requests-per-minute",
        ["peakFactor"] = "--peak", ["requestsPerSecond"] = "--rps", ["tokensPerDay"] = "--tokens-per-day",
        ["requests"] = "--batch-requests", ["deadline"] = "--deadline",
        ["SharedPrefixTokens"] = "--shared-prefix", ["Turns"] = "--turns", ["LongestContext"] = "--context",
        ["LatencyLimit.Percentile"] = "--percentile", ["EndToEnd"] = "--max-total",
        ["MostLoss"] = "--max-loss", ["GpusPerReplica"] = "--tp", ["HoursPerMonth"] = "--hours", ["Months"] = "--months",
        ["GrowthPerYear"] = "--growth", ["Budget"] = "--budget", ["Keep"] = "--top", ["checkpoint"] = "--checkpoint",
    };

    // What an option alone says, so that its own name is enough.
    private static readonly HashSet<string> s_values = ["AtMost", "tokens", "median", "QualityFloor"];

    /// <summary>An error in the words of the command line, in one line.</summary>
    /// <param name="problem">What the library says.</param>
    /// <param name="option">The option that was read, where it was one.</param>
    public static string Line(Exception problem, string? option = null)
    {
        string text = problem.Message.Split(" (Parameter")[0];
        return problem is not EstimateException error ? (option is null ? text : $"{option}: {text}")
            : s_options.TryGetValue(error.Field, out string? told) ? Said(told, error)
            : option is null ? text
            : error.Field == "p95" ? Said(option + "-p95", error)
            : s_values.Contains(error.Field) ? Said(option, error)
            : $"{option}: {text}";
    }

    /// <summary>An error of what an option says.</summary>
    public static string Said(string option, EstimateException error) =>
        $"{option}: {error.Problem}{(error.Suggestion is { } more ? " " + more : "")}";
}
