using LlmMath.Planning;

namespace LlmMath.Tests.Planning.Search;

/// <summary>Requirements drawn at random over a handful of models and GPUs: small enough to look at everything.</summary>
internal static class DrawnRequirements
{
    private static readonly ModelDefinition[] s_models =
        [ModelCatalog.Llama3_1_8b, ModelCatalog.Find("gpt-oss-20b"), ModelCatalog.Find("qwen3-32b"),
            ModelCatalog.Find("llama-3.1-70b-instruct")];

    private static readonly string[] s_gpus =
        ["t4", "l4", "l40s", "a100-sxm-80gb", "h100-sxm-80gb", "h200-sxm-141gb", "b200-sxm-180gb", "mi300x"];

    private static readonly Engine[] s_engines =
        [EngineCatalog.Vllm, EngineCatalog.Find("sglang"), EngineCatalog.Find("tensorrt-llm")];

    public static IEnumerable<ServiceRequirements> All(int count, int seed)
    {
        var random = new Random(seed);
        for (int index = 0; index < count; index++)
        {
            yield return One(random);
        }
    }

    private static ServiceRequirements One(Random random)
    {
        ServiceLoad load = random.Next(4) switch
        {
            0 => ServiceLoad.OfRate(Log(random, 0.01, 100)),
            1 => ServiceLoad.OfTokensPerDay(Log(random, 1e4, 1e9)),
            2 => ServiceLoad.OfBatch(Log(random, 100, 1e7), TimeSpan.FromHours(Log(random, 1, 1000))),
            _ => ServiceLoad.OfUsers(Math.Ceiling(Log(random, 1, 1e5)), 0.1 + random.NextDouble() / 2),
        };
        double median = Log(random, 50, 3000);
        return new()
        {
            Models = [.. Some(random, s_models, 2)],
            Load = load,
            Prompt = random.Next(2) == 0 ? TokenLengths.Fixed(median) : TokenLengths.LogNormal(median, median * 3),
            Output = TokenLengths.Fixed(Log(random, 5, 500)),
            TimeToFirstToken = random.Next(3) == 0 ? null : LatencyLimit.Of(Log(random, 50, 5000), random.Next(50, 99)),
            InterTokenLatency = random.Next(3) == 0 ? null : LatencyLimit.Of(Log(random, 5, 200), random.Next(50, 99)),
            Budget = random.Next(3) == 0 ? Log(random, 300, 30_000) : null,
            Gpus = [.. Some(random, s_gpus, 3).Select(GpuCatalog.Find)],
            Engines = [.. Some(random, s_engines, 2)],
            Weights = [WeightFormat.Bf16, WeightFormat.Fp8],
            GpusPerReplica = random.Next(2) == 0 ? [1, 2] : [1, 8],
            Keep = random.Next(1, 5),
        };
    }

    private static double Log(Random random, double low, double high) => low * Math.Pow(high / low, random.NextDouble());

    private static T[] Some<T>(Random random, T[] all, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => all[random.Next(all.Length)]).Distinct()];
}
