using LlmMath.Planning;

namespace LlmMath.Tests.Planning.Launch;

/// <summary>Servers and their start commands drawn at random, with spaces, quotes and $ in names.</summary>
internal static class DrawnServers
{
    private const string Odd = "ab/ '\"$`\\|&;()*?<>{}[]#~!%é\n\t😀z";

    private static readonly Gpu s_gpu = GpuCatalog.Find("h100-sxm-80gb");

    /// <summary>Its start, one to four times.</summary>
    public static LaunchCommand Command(Random random)
    {
        ServerSetup setup = Setup(random);
        return new(setup, LaunchFlags.Of(setup.Engine).Versions[0], random.Next(1, 5), s_gpu, new ByteSize(20_000_000_000));
    }

    /// <summary>vLLM's servers of two sides.</summary>
    public static LaunchCommand TwoSides(Random random)
    {
        ServerSetup setup = Setup(random) with
        {
            Engine = "vllm", Model = "org/a.b-c_d", Revision = null, ServedName = null, Pipeline = 1,
            Tensor = 1 << random.Next(4), DataType = "bfloat16", Cache = "auto", MemoryShare = 0.9,
        };
        LaunchCommand Side(string role, int tensor) => new(setup with { Role = role, Tensor = tensor },
            LaunchFlags.Of("vllm").Versions[0], random.Next(1, 9), s_gpu, new ByteSize(20_000_000_000));
        return Side("decode", setup.Tensor.Value) with { Prefill = Side("prefill", 1 << random.Next(4)) };
    }

    /// <summary>What a server is told.</summary>
    public static ServerSetup Setup(Random random)
    {
        string engine = LaunchFlags.Engines[random.Next(LaunchFlags.Engines.Count)];
        bool isLlama = engine == "llama.cpp", isTensor = engine == "tensorrt-llm";
        return new()
        {
            Engine = engine,
            Model = random.Next(2) == 0 ? "org/a.b-c_d" : "m" + Text(random),
            ServedName = engine == "sglang" && random.Next(2) == 0 ? Text(random) : null,
            Revision = engine is "vllm" && random.Next(3) == 0 ? Text(random) : null,
            Quantization = !isLlama && !isTensor && random.Next(2) == 0 ? "fp8" : null,
            DataType = isLlama || isTensor ? null : "bfloat16",
            Tensor = isLlama ? null : 1 << random.Next(4),
            Pipeline = isLlama ? null : random.Next(1, 3),
            Context = random.Next(1, 1 << 20),
            Requests = random.Next(1, 1024),
            PassTokens = random.Next(1, 1 << 15),
            MemoryShare = isLlama ? null : Math.Round(0.1 + (0.9 * random.NextDouble()), 3),
            Cache = isTensor ? null : isLlama ? "q8_0" : "auto",
            Host = "127.0.0.1",
            Port = random.Next(1, 65_536),
        };
    }

    private static string Text(Random random)
    {
        System.Text.Rune[] signs = [.. Odd.EnumerateRunes()];
        return string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => signs[random.Next(signs.Length)]));
    }
}
