using LlmMath.Engines;
using LlmMath.Speed.Pass;
using LlmMath.Speed.Serving;

namespace LlmMath.Calibration;

/// <summary>
/// A run of <c>trtllm-bench throughput</c>: so many requests of equal lengths, all queued at once, of which as many run as there
/// is room for at their whole length ("guaranteed no evict"). Sources: NVIDIA/TensorRT-LLM v1.0,
/// docs/source/performance/perf-overview.md (requests by lengths; mixtures with attention in data parallel and experts spread;
/// 0.95 of the free memory for the cache), and NVIDIA/TensorRT-LLM@04cba8820, tensorrt_llm/bench/build/tuning.py (limits).
/// </summary>
internal static class SaturatedRun
{
    /// <summary>The share of the free memory that the cache gets.</summary>
    public const double MemoryShare = 0.95;

    // finetune_setting: at most so many requests, and tokens of a pass.
    private const int MostRequests = 4096, MostPassTokens = 32768, LeastPassTokens = 2048;

    /// <summary>Requests of a run, by lengths of prompt and answer.</summary>
    /// <exception cref="InvalidDataException">The source does not name the lengths.</exception>
    public static int Requests(int prompt, int output) => (prompt, output) switch
    {
        (128, 128) => 30_000,
        (128, 2048) or (2048, 128) or (500, 2000) or (1000, 1000) => 3000,
        (128, 4096) or (1000, 2000) or (2048, 2048) or (5000, 500) => 1500,
        (20_000, 2000) => 1000,
        _ => throw new InvalidDataException($"perf-overview.md names no requests of {prompt} and {output} tokens."),
    };

    /// <summary>Tokens of a pass: as many as prompts come beside those that write, rounded up.</summary>
    /// <param name="room">Requests for which the cache has room.</param>
    /// <param name="prompt">Tokens of a prompt.</param>
    /// <param name="output">Tokens of an answer.</param>
    /// <param name="stages">Stages of the pipeline.</param>
    public static int PassTokens(double room, double prompt, double output, int stages)
    {
        double tokens = Math.Min(Math.Min(room, MostRequests) / stages * (1 + (prompt / output)), MostPassTokens);
        int step = tokens < 4096 ? 256 : tokens < 8192 ? 512 : 1024;
        return Math.Max(LeastPassTokens, (int)Math.Ceiling(tokens / step) * step);
    }

    /// <summary>Seconds of the whole run ÷ tokens written: with room for r of a replica's n requests, n ÷ r waves, of which the
    /// last is what remains, each as long as its requests take from the first prompt to the last token.</summary>
    public static double SecondsPerToken(in DeployedModel on, EngineConstants c, in ServingLoad load, int requests)
    {
        double running = Math.Max(1, Math.Min(Math.Min(load.Batch, load.RoomAtEnd), MostRequests));
        double waves = Math.Floor(load.Batch / running), rest = load.Batch - (waves * running);
        double seconds = (waves * Wave(on, c, load, running)) + (rest >= 1 ? Wave(on, c, load, rest) : 0);
        return seconds / (requests * load.Output);
    }

    private static double Wave(in DeployedModel on, EngineConstants c, in ServingLoad load, double requests)
    {
        ServingLoad wave = load with { Batch = requests, Room = requests, Arrival = Arrival.Continuous, FirstRound = 0 };
        var time = ServingTime.Of(on, c, wave);
        return time.FirstToken + ((load.Output - 1) * time.InterToken);
    }
}
