using System.Globalization;

namespace LlmMath.Fuzz;

/// <summary>What became of a surface's inputs.</summary>
internal sealed class FuzzResult(Surface surface, int seed)
{
    private readonly Dictionary<string, Failure> _failures = [];

    public Surface Surface { get; } = surface;

    public long Accepted { get; private set; }

    public long Refused { get; private set; }

    public long Tried => Accepted + Refused + _failures.Values.Sum(failure => failure.Count);

    /// <summary>Failures by kind, each with its first input.</summary>
    public IReadOnlyCollection<Failure> Failures => _failures.Values;

    /// <summary>What was done: models counted, estimates made, and so on.</summary>
    public Dictionary<string, long> Work { get; } = [];

    /// <summary>Seconds of the whole run; of the slowest input, and its number.</summary>
    public double Seconds { get; set; }

    public (double Seconds, long Number) Slowest { get; private set; }

    /// <summary>Inputs that took more than a second.</summary>
    public long OverASecond { get; private set; }

    /// <summary>The slowest of them in words; null where there is none.</summary>
    public string? SlowInput { get; private set; }

    /// <summary>The most bytes that an input allocated, and its number.</summary>
    public (long Bytes, long Number) Largest { get; private set; }

    public void Add(bool isAccepted, double seconds, long bytes, long number, Func<string> input)
    {
        Accepted += isAccepted ? 1 : 0;
        Refused += isAccepted ? 0 : 1;
        OverASecond += seconds > 1 ? 1 : 0;
        SlowInput = seconds > 1 && seconds > Slowest.Seconds ? Shortened(Shown(input)) : SlowInput;
        Slowest = seconds > Slowest.Seconds ? (seconds, number) : Slowest;
        Largest = bytes > Largest.Bytes ? (bytes, number) : Largest;
    }

    public void Add(Exception error, long number, Func<string> input)
    {
        string kind = Failure.KindOf(error);
        _failures[kind] = _failures.TryGetValue(kind, out Failure? known) ? known with { Count = known.Count + 1 }
            : new Failure(kind, 1, $"""
                {error.Message}
                  again: --surface {Surface.Name} --seed {N(seed)} --from {N(number)} --count 1
                  input: {Shortened(Shown(input))}
                  {error.GetType().FullName}{Environment.NewLine}{Shortened(error.StackTrace ?? "")}
                """);
    }

    /// <summary>Notes an input that has not ended.</summary>
    public void AddEndless(long number, TimeSpan run, Func<string> input)
    {
        Seconds = run.TotalSeconds;
        Add(new TimeoutException($"did not end within {N((long)FuzzPlan.Patience.TotalSeconds)} s"), number, input);
    }

    // Showing an input that fails may fail too.
    private static string Shown(Func<string> input)
    {
        try
        {
            return input();
        }
#pragma warning disable CA1031
        catch (Exception error)
#pragma warning restore CA1031
        {
            return "(" + error.Message + ")";
        }
    }

    private static string Shortened(string text) => text.Length > 3000 ? text[..3000] + "…" : text;

    private static string N(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Inputs that failed alike.</summary>
/// <param name="Kind">The exception, and where it came from.</param>
/// <param name="Count">How many.</param>
/// <param name="First">The first of them, and how to try it again.</param>
internal sealed record Failure(string Kind, long Count, string First)
{
    /// <summary>The property that does not hold; or the exception's type and the library's method that threw it.</summary>
    public static string KindOf(Exception error) => error switch
    {
        PropertyException => error.Message.Split(':')[0],
        _ => $"{error.GetType().Name} in {Thrower(error)}",
    };

    private static string Thrower(Exception error) => (error.StackTrace ?? "").Split('\n')
        .Select(line => line.Trim())
        .FirstOrDefault(line => line.StartsWith("at LlmMath", StringComparison.Ordinal))?.Split('(')[0]["at ".Length..] ?? "?";
}
