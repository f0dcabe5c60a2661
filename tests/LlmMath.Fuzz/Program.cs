// Gives every surface, or those of --surface, inputs that nobody would write, as many or as long as asked, and prints what became
// of them; --markdown prints the table of docs/RELIABILITY.md.
// `dotnet run --project tests/LlmMath.Fuzz -c Release -- --surface estimates --minutes 60 --seed 1`
using System.Globalization;
using LlmMath.Fuzz;

FuzzArguments asked;
try
{
    asked = FuzzArguments.Of(args);
}
catch (ArgumentException problem)
{
    Console.Error.WriteLine(problem.Message);
    return 2;
}

var results = new List<FuzzResult>();
foreach (Surface surface in asked.Surfaces)
{
    var result = FuzzRun.Of(surface, asked.Plan);
    results.Add(result);
    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{surface.Name}: {result.Tried:N0} inputs in {result.Seconds:0.0} s ({result.Tried / result.Seconds:N0} a second), "
        + $"{result.Accepted:N0} accepted, {result.Refused:N0} refused; slowest {result.Slowest.Seconds:0.000} s (input "
        + $"{result.Slowest.Number}), {result.OverASecond:N0} over 1 s; most {result.Largest.Bytes / 1e6:0.0} MB (input "
        + $"{result.Largest.Number})"));
    Console.Error.WriteLine("  " + string.Join(", ",
        result.Work.Select(work => string.Create(CultureInfo.InvariantCulture, $"{work.Value:N0} {work.Key}"))));
    if (result.SlowInput is { } slow)
    {
        Console.Error.WriteLine("  slowest: " + slow);
    }

    foreach (Failure failure in result.Failures.OrderByDescending(failure => failure.Count))
    {
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {failure.Count:N0} × {failure.Kind}"));
        Console.Error.WriteLine("    " + failure.First.ReplaceLineEndings(Environment.NewLine + "    "));
    }
}

if (asked.IsMarkdown)
{
    Console.Out.Write(ReliabilityTable.Of(results, asked.Plan));
}

return results.Any(result => result.Failures.Count > 0) ? 1 : 0;
