namespace LlmMath.Fuzz.Estimates;

/// <summary>What may be asked: usual, odd and absurd.</summary>
internal static class Settings
{
    private static readonly int[] s_degrees = [1, 1, 1, 1, 2, 2, 3, 4, 5, 8, 16, 64];

    private static readonly Lazy<ValueList<Engine>> s_fast = new(() =>
        [.. EngineCatalog.All.Where(engine => engine.Speed is not null)]);

    public static Parallelism Parallelism(Random random) => !random.OneIn(3) ? new() : new()
    {
        Tensor = random.Pick(s_degrees),
        Pipeline = random.Pick(s_degrees),
        Data = random.OneIn(2) ? 1 : random.Pick(s_degrees),
        Expert = random.OneIn(6) ? random.Pick(s_degrees) : 0,
    };

    /// <summary>A number of requests or tokens, most of them such as are usual.</summary>
    public static int Count(Random random, double usual) => random.Next(20) switch
    {
        0 => random.Pick((int[])[0, -1, 1, int.MinValue, int.MaxValue, int.MaxValue - 1]),
        1 => (int)random.UpTo(int.MaxValue),
        _ => (int)random.UpTo(usual),
    };

    public static Gpu Gpu(Random random)
    {
        Gpu gpu = random.Pick(GpuCatalog.All);
        return random.Next(8) switch
        {
            0 => gpu with { Memory = new((long)random.UpTo(1e14)), UsableMemory = null },
            1 => gpu with { BytesPerSecond = random.UpTo(1e15), InterconnectBytesPerSecond = random.OneIn(2) ? null
                : random.UpTo(1e14) },
            2 => gpu with { HasUnifiedMemory = !gpu.HasUnifiedMemory },
            3 => gpu with { Architecture = random.OneIn(2) ? null : "Other", Vendor = random.OneIn(2) ? "Other" : gpu.Vendor },
            4 => gpu with { PeakRates = new() { Bf16 = random.UpTo(1e18), Fp8 = random.OneIn(2) ? null : random.UpTo(1e18) } },
            _ => gpu,
        };
    }

    public static Engine Engine(Random random)
    {
        Engine engine = random.Pick(random.OneIn(12) ? EngineCatalog.All : s_fast.Value);
        return engine.Speed is { Releases.Count: > 0 } speed && random.OneIn(4) ? engine.At(random.Pick(speed.Releases).Version)
            : random.OneIn(8) ? engine.WithPass((int)random.UpTo(int.MaxValue)) with { MemoryShare = random.NextDouble() }
            : engine;
    }

    /// <summary>What memory is asked about: no GPU is named.</summary>
    public static Deployment Held(Random random, ModelDefinition model)
    {
        Engine? engine = random.OneIn(4) ? null : random.Pick(EngineCatalog.All);
        if (engine is not null && random.OneIn(4))
        {
            engine = engine.WithPass((int)random.UpTo(int.MaxValue));
        }

        // Most formats are the engine's own: what it lacks is refused at once.
        WeightFormat[] weights = [.. WeightFormat.All.Where(format => engine is null
            || engine.Supports(format, CacheFormat.Bf16))];
        CacheFormat[] caches = [.. CacheFormat.All.Where(format => engine is null || engine.Supports(weights[0], format))];
        return new(model, null, engine, random.OneIn(12) ? random.Pick(WeightFormat.All) : random.Pick(weights))
        {
            StoredWeights = random.OneIn(8) ? new(random.OneIn(10) ? Far(random) : random.UpTo(1e13)) : null,
            Keys = random.OneIn(20) ? random.Pick(CacheFormat.All) : random.Pick(caches),
            Values = random.OneIn(20) ? random.Pick(CacheFormat.All) : random.Pick(caches),
            Placement = Parallelism(random),
            Additions = random.OneIn(4) ? Additions(random, model) : [],
        };
    }

    /// <summary>What speed is asked about.</summary>
    public static Deployment Served(Random random, ModelDefinition model)
    {
        Engine engine = Engine(random);
        // Most formats are the engine's own: what it does not load is refused at once.
        WeightFormat weights = random.Pick(random.OneIn(8) ? [.. WeightFormat.All]
            : (WeightFormat[])[.. WeightFormat.All.Where(format => engine.Supports(format, CacheFormat.Bf16))]);
        return new(model, Gpu(random), random.OneIn(8) ? null : engine, weights)
        {
            Placement = Parallelism(random),
            Keys = random.OneIn(2) ? CacheFormat.Bf16 : random.Pick(CacheFormat.All),
            Node = random.OneIn(8) ? new() { Gpus = 1 + random.Next(72), NetworkBytesPerSecond = 1 + random.UpTo(1e12) }
                : Node.Usual,
        };
    }

    /// <summary>Sequences that memory holds.</summary>
    public static Workload Sequences(Random random, ModelDefinition model)
    {
        long context = random.OneIn(10) ? Far(random) : random.UpTo(model.Architecture.ContextLength ?? 100_000);
        long prompt = random.OneIn(2) ? context : random.OneIn(10) ? Far(random) : random.UpTo(Math.Max(2, context));
        return new(prompt, context - Math.Clamp(prompt, Math.Min(0, context), Math.Max(0, context)), Count(random, 1000))
        {
            EncoderTokens = random.OneIn(4) ? (random.OneIn(10) ? Far(random) : random.UpTo(100_000)) : 0,
            ExtendsContext = random.OneIn(2),
        };
    }

    /// <summary>Requests that speed answers.</summary>
    public static Workload Workload(Random random, ModelDefinition model)
    {
        double context = Math.Min(model.Architecture.ContextLength ?? 100_000, 1e6);
        int prompt = Count(random, Math.Max(2, context * 0.9));
        return new(prompt, Count(random, Math.Max(2, context / 10)), Count(random, 1000))
        {
            CachedPromptTokens = random.OneIn(4) ? Count(random, Math.Max(2, prompt)) : 0,
            Arrival = random.OneIn(2) ? null : random.Pick((Arrival[])[Arrival.Continuous, Arrival.Together,
                Arrival.InStep]),
            Speculation = random.OneIn(4) ? new SpeculativeDecoding(Count(random, 20), random.NextDouble() * 1.05,
                random.NextDouble()) : null,
            PollSteps = random.OneIn(4) ? Count(random, 100) : 1,
            GatherSteps = random.OneIn(4) ? Count(random, 100) : 0,
            ExtendsContext = random.OneIn(4),
        };
    }

    private static long Far(Random random) => random.Pick((long[])[0, -1, long.MinValue, long.MaxValue, 1L << 40, 1L << 31,
        1L << 27]);

    private static ValueList<MemoryAddition> Additions(Random random, ModelDefinition model) => random.Next(4) switch
    {
        0 => [MemoryAddition.PrefixCache(model, random.UpTo(1e6), random.Pick(CacheFormat.All))],
        1 => [MemoryAddition.LoraAdapters(model, (int)random.UpTo(100), (int)random.UpTo(256))],
        2 => [MemoryAddition.VisionTower(random.UpTo(1e10)),
            new("made up", "no formula", new(random.OneIn(9) ? Far(random) : 7))],
        _ => [MemoryAddition.Draft(ModelCatalog.Gpt2, WeightFormat.Bf16, (int)random.UpTo(100), random.UpTo(5000))],
    };
}
