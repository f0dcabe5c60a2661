using System.Text.Json;
using System.Text.RegularExpressions;
using LlmMath.Testing;

namespace LlmMath.Cli.Tests.House;

/// <summary>What <c>--explain</c> prints: each formula gives the value beside it, the lines add up, and none is there to make
/// them add up.</summary>
public partial class WorkingTests
{
    // Times are printed with rounded rates and shares.
    private const double Rounding = 1e-3;

    [Fact]
    public void TheWorkingOfParametersHasNoRest() => KnownFailures.Are(
        from model in Served.Models
        let biases = model.Parameters().Reconcile().FirstOrDefault(line => line.Term == "linear biases")?.Value ?? 0
        let counted = LinearBiases(model.Architecture)
        where biases != counted
        select new Failure("linear biases", $"{model.Name}: {biases:N0}, counted {counted:N0}"),
        nameof(WorkingTests) + ".Parameters");

    [Fact]
    public void EachFormulaOfMemoryGivesItsValue() => KnownFailures.Are(
        from asked in new[]
        {
            "--weights bf16 --engine vllm", "--weights fp8 --engine none --batch 3", "--weights q4_k_m",
            "--weights bf16 --engine vllm --gpus 2 --lora 3 --prefix-cache 1000",
        }
        from answer in Answers("memory", asked)
        from failure in MemoryFailures(answer)
        select failure with { Group = $"{asked}: {failure.Group}" }, nameof(WorkingTests) + ".Memory");

    [Fact]
    public void EachFormulaOfSpeedGivesItsValue() => KnownFailures.Are(
        from asked in new (string Engine, string Weights, int Batch)[]
        {
            ("vllm", "bf16", 1), ("vllm", "fp8", 100), ("llama.cpp", "q4_k_m", 1), ("bound", "bf16", 4),
        }
        from answer in SpeedAnswers(asked.Engine, asked.Weights, asked.Batch)
        from failure in SpeedFailures(answer)
        select failure with { Group = $"{asked.Engine} {asked.Weights} batch {asked.Batch}: {failure.Group}" },
        nameof(WorkingTests) + ".Speed");

    [Fact]
    public void EachFormulaOfTwoSidesGivesItsValue()
    {
        foreach ((string model, int batch, string arrival) in new[]
            { ("llama-3.1-8b", 300, "steady"), ("deepseek-v3", 5, "in-step"), ("llama-3.1-70b", 4000, "steady") })
        {
            JsonElement answer = Command.Run("speed", model, "--gpu", "h200-sxm-141gb", "--prefill-gpus", "8",
                "--decode-gpus", "16", "--weights", "fp8", "--batch", $"{batch}", "--prompt", "900", "--output", "100",
                "--arrival", arrival, "--tp", "8", "--explain", "--json").Json;
            Assert.Empty(SpeedFailures(answer));
        }
    }

    [Theory]
    [InlineData("llama-3.1-70b", 1)]
    [InlineData("llama-3.1-70b", 8)]
    [InlineData("minimax-m2.5", 8)]
    [InlineData("deepseek-v3", 8)]
    [InlineData("qwen3.5-397b-a17b", 8)]
    public void EachKernelOfAStepGivesItsTime(string model, int gpus)
    {
        JsonElement answer = Command.Run("speed", model, "--gpu", "b200-sxm-180gb", "--gpus", $"{gpus}", "--weights", "fp8",
            "--batch", "16", "--prompt", "900", "--output", "100", "--draft-tokens", "2", "--explain", "--json").Json;
        Assert.Empty(SpeedFailures(answer));
        string[] terms = [.. answer.GetProperty("explain").EnumerateArray()
            .Select(line => line.GetProperty("term").GetString()!)];
        Assert.Contains(terms, term => term.StartsWith("decode: product ", StringComparison.Ordinal));
        Assert.Equal(gpus > 1, terms.Contains("decode: all-reduces"));
    }

    private static IEnumerable<Failure> MemoryFailures(JsonElement answer)
    {
        if (!answer.TryGetProperty("explain", out JsonElement lines))
        {
            yield break;
        }

        string model = answer.GetProperty("model").GetString()!;
        decimal total = 0;
        foreach (JsonElement line in lines.EnumerateArray())
        {
            string term = line.GetProperty("term").GetString()!, formula = line.GetProperty("formula").GetString()!;
            decimal value = line.GetProperty("bytes").GetDecimal();
            total += value;
            if (IsRest(term) || WrittenFormula.Value(formula) != value)
            {
                yield return new(Kind(term), $"{model}: {formula} = {value}");
            }
        }

        if (total != answer.GetProperty("totalBytes").GetDecimal())
        {
            yield return new("total", $"{model}: {total}");
        }
    }

    private static IEnumerable<Failure> SpeedFailures(JsonElement answer)
    {
        string model = answer.GetProperty("model").GetString()!;
        var before = new Dictionary<string, decimal>(StringComparer.Ordinal);
        decimal sum = 0;
        foreach (JsonElement line in answer.GetProperty("explain").EnumerateArray())
        {
            string term = line.GetProperty("term").GetString()!, formula = line.GetProperty("formula").GetString()!;
            decimal value = line.GetProperty("ms").GetDecimal() / 1000;
            decimal? written = formula == "the sum of these" ? sum : WrittenFormula.Value(formula, before);
            if (IsRest(term) || written is not { } result || Math.Abs(result - value) > (decimal)Rounding * Math.Abs(value))
            {
                yield return new(Kind(term), $"{model}: {formula} = {value} s");
            }

            sum = formula == "the sum of these" ? 0 : sum + value;
            before[term] = value;
        }
    }

    private static bool IsRest(string term) => term.Contains("rounding", StringComparison.OrdinalIgnoreCase)
        || term.Contains("remainder", StringComparison.OrdinalIgnoreCase) || term.Contains("rest of", StringComparison.Ordinal);

    // Without layer numbers and names of models.
    private static string Kind(string term) => Layers().Replace(term, "").Replace("draft model ", "", StringComparison.Ordinal);

    private static long LinearBiases(Architecture a)
    {
        static long Of(IEnumerable<Tensor> tensors) =>
            tensors.Where(tensor => tensor is { IsLinearBias: true, TiedTo: null }).Sum(tensor => tensor.Elements);
        return Of(a.Inputs) + Of(a.Outputs) + a.Blocks.Sum(block => block.Layers.Count * Of(block.Tensors));
    }

    private static JsonElement[] Answers(string verb, string asked) =>
        [.. Command.Run([verb, .. asked.Split(' '), "--explain", "--json", .. ModelCatalog.Entries.Names]).Json.EnumerateArray()];

    private static IEnumerable<JsonElement> SpeedAnswers(string engine, string weights, int batch)
    {
        string lines = string.Join('\n', ModelCatalog.Entries.Names.Select(model => JsonSerializer.Serialize(new
        {
            model, engine, weights, batch, gpu = "h100-sxm-80gb", prompt = 300, output = 100, explain = true,
        })));
        using var output = new StringWriter();
        LlmMathCommand.Run(["speed", "--requests", "-"], output, TextWriter.Null, new StringReader(lines));
        return output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(answer => answer.TryGetProperty("explain", out _));
    }

    [GeneratedRegex(" of [0-9,]+ layers.*")]
    private static partial Regex Layers();
}
