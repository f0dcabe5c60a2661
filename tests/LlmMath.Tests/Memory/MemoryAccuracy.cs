using System.Globalization;
using System.Text;

namespace LlmMath.Tests.Memory;

/// <summary>Estimates beside measurements, with naive estimators beside both.</summary>
public static class MemoryAccuracy
{
    /// <summary>What the library gives for a row.</summary>
    public static double Estimate(MemoryEvidence row)
    {
        ModelDefinition model = row.Definition;
        var weights = WeightFormat.Find(row.Weights);
        if (row.Quantity is "file")
        {
            return model.WeightMemory(weights).Bytes;
        }

        Engine engine = EngineCatalog.Find(row.Engine);
        engine = row.Gpu is { } gpu ? engine.On(gpu) : row.GpuName == "cpu" ? OnCpu(engine) : engine;
        engine = row.PassTokens is { } pass ? engine.WithPass((int)pass) : engine;
        EngineMemory memory = engine.Memory!;
        BufferPolicy buffers = memory.Buffers;
        engine = engine with
        {
            Pass = engine.Pass with { FixedLogitRows = (int?)row.Sequences ?? engine.Pass.FixedLogitRows },
            Cache = engine.Cache with { Windows = row.HasWindows ? engine.Cache.Windows : WindowUse.None },
            Memory = memory with
            {
                Buffers = buffers with
                {
                    ScoreBytes = row.ScoreBytes ?? buffers.ScoreBytes,
                    MaskBytes = row.ScoreBytes is null ? buffers.MaskBytes : Math.Min(4, buffers.MaskBytes),
                },
            },
        };
        CacheFormat cache = row.Cache.Length > 0 ? CacheFormat.Find(row.Cache) : row.Weights == "fp32" ? CacheFormat.Fp32
            : CacheFormat.Fp16;
        var setup = new InferenceSetup(weights)
        {
            Keys = cache,
            Values = row.ValueCache.Length > 0 ? CacheFormat.Find(row.ValueCache) : cache,
            Batch = row.Batch,
            Context = row.Context ?? 1,
            PromptTokens = row.Prompt,
            ExtendsContext = true,
            Engine = engine,
            Parallelism = new() { Tensor = row.Tp, Pipeline = row.Pp },
        };
        MemoryEstimate e = model.InferenceMemory(setup);
        MemoryEstimate withoutHost = model.InferenceMemory(setup with { Engine = OnCpu(engine) });
        return row.Quantity switch
        {
            "total" => e.Total.Bytes,
            "per-gpu" => e.PerGpu.Bytes,
            "weights" => (double)(e.Weights + e.RotaryTable).Bytes / (row.Tp * row.Pp),
            "activation" => e.Activations.Bytes,
            "activation-gpu" => (double)e.Activations.Bytes / row.Tp,
            "allocated" => e.Total.Bytes - e.Runtime.Bytes,
            "device-buffer" => withoutHost.Activations.Bytes,
            "host-buffer" => (double)e.Activations.Bytes - withoutHost.Activations.Bytes,
            "loaded" => (e.Weights + e.Activations).Bytes,
            // vLLM profiles before it captures graphs, and its cache is what is left.
            "profiled" => ((double)(e.Weights + e.Activations + e.Runtime).Bytes / row.Tp) - memory.Reserve.Graphs.Expected.Bytes,
            "kv-per-token" => model.KeyValueBytesPerToken(cache).Bytes,
            "kv-per-token-gpu" => (double)model.KeyValueBytesPerToken(cache).Bytes / row.Tp,
            "cache" => e.KeyValueCache.Bytes,
            "state" => e.State.Bytes,
            _ => throw new InvalidDataException($"quantity {row.Quantity}"),
        };
    }

    // Everything in one buffer, and no CUDA context.
    private static Engine OnCpu(Engine engine) => engine with
    {
        Load = engine.Load with { KeepsInputsOnHost = false },
        Memory = engine.Memory! with { Reserve = engine.Memory.Reserve with { Runtime = default } },
    };

    /// <summary>Parameters × bytes × 1.2.</summary>
    public static double Naive(MemoryEvidence row) =>
        1.2 * row.Definition.ParameterCount() * (WeightFormat.Find(row.Weights).ElementBits ?? FirstNumber(row.Weights)) / 8
            / (row.Quantity == "total" ? 1 : row.Tp * row.Pp);

    /// <summary>Parameters × bytes, and a fifth of it for each 2,048 tokens.</summary>
    public static double NaiveByContext(MemoryEvidence row) =>
        Naive(row) / 1.2 * (1 + (0.2 * row.Batch * (row.Context ?? 0) / 2048));

    /// <summary>|estimate ÷ measured − 1| in percent.</summary>
    public static double Error(MemoryEvidence row, Func<MemoryEvidence, double> estimate) =>
        100 * Math.Abs((estimate(row) / row.Bytes) - 1);

    /// <summary>A quantile by linear interpolation.</summary>
    public static double Quantile(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        double at = share * (sorted.Length - 1);
        int low = (int)at;
        return sorted[low] + ((at - low) * (sorted[Math.Min(low + 1, sorted.Length - 1)] - sorted[low]));
    }

    /// <summary>Rows by engine and what was measured.</summary>
    public static IEnumerable<IGrouping<string, MemoryEvidence>> Groups { get; } =
        [.. MemoryEvidence.All.Where(row => row.Set != "other").GroupBy(row =>
            $"{row.Engine}, {Words(row.Quantity)}").OrderBy(group => group.Key, StringComparer.Ordinal)];

    /// <summary>Rows that were collected after everything else stood, as docs/ACCURACY.md holds them.</summary>
    public static string HeldOut()
    {
        var text = new StringBuilder();
        text.AppendLine("| engine, measured | rows | median % | largest % |");
        text.AppendLine("|---|--:|--:|--:|");
        foreach (IGrouping<string, MemoryEvidence> group in Groups)
        {
            double[] errors = [.. group.Where(row => row.Set == "held-out").Select(row => Error(row, Estimate))];
            if (errors.Length > 0)
            {
                string median = N(Quantile(errors, 0.5), 2), largest = N(errors.Max(), 2);
                text.AppendLine($"| {group.Key} | {N(errors.Length, 0)} | {median} | {largest} |");
            }
        }

        return text.ToString();
    }

    /// <summary>The table of errors, as docs/ACCURACY.md holds it.</summary>
    public static string Table()
    {
        var text = new StringBuilder();
        text.AppendLine("| engine, measured | rows | median % | 90th percentile % | not fitted on: rows | median % "
            + "| 90th percentile % | parameters × bytes × 1.2: median % | 20 % per 2,048 tokens: median % |");
        text.AppendLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (IGrouping<string, MemoryEvidence> group in Groups)
        {
            double[] all = [.. group.Select(row => Error(row, Estimate))];
            double[] unseen = [.. group.Where(row => row.Set != "fit").Select(row => Error(row, Estimate))];
            bool isTotal = group.First().Quantity is "total" or "per-gpu" or "profiled" or "loaded";
            text.AppendLine(string.Join(" | ", "| " + group.Key, N(all.Length, 0), N(Quantile(all, 0.5)), N(Quantile(all,
                0.9)), N(unseen.Length, 0),
                N(Quantile(unseen, 0.5)), N(Quantile(unseen, 0.9)),
                isTotal ? N(Quantile(group.Select(row => Error(row, Naive)), 0.5)) : "",
                isTotal ? N(Quantile(group.Select(row => Error(row, NaiveByContext)), 0.5)) : "") + " |");
        }

        return text.ToString();
    }

    /// <summary>Every row beside its estimate.</summary>
    public static string Rows()
    {
        var text = new StringBuilder();
        foreach (MemoryEvidence row in Groups.SelectMany(group => group))
        {
            double estimate = Estimate(row);
            string measured = $"{row.Engine,-13}{row.Quantity,-17}{row.Model,-24}{row.Weights,-16}"
                + string.Create(CultureInfo.InvariantCulture, $"tp {row.Tp} pp {row.Pp} b {row.Batch} c {row.Context,-7}");
            text.AppendLine(measured + string.Create(CultureInfo.InvariantCulture,
                $"{estimate / 1e9,12:0.000}{row.Bytes / 1e9,12:0.000} GB{100 * ((estimate / row.Bytes) - 1),9:0.00} % ")
                + $"{row.Set} {row.Note}");
        }

        return text.ToString();
    }

    // q4_k_m is taken as 4 bits, bf16-mixed as 16.
    private static int FirstNumber(string name) => int.Parse(new string([.. name.SkipWhile(c =>
        !char.IsDigit(c)).TakeWhile(char.IsDigit)]), CultureInfo.InvariantCulture);

    private static string Words(string quantity) => quantity switch
    {
        "total" => "peak",
        "per-gpu" => "peak a GPU",
        "loaded" => "weights + compute buffers",
        "profiled" => "weights + activations + runtime",
        "file" => "file size",
        "activation" or "activation-gpu" => "activations",
        "allocated" => "peak of its allocator",
        "device-buffer" => "compute buffer of the GPU",
        "host-buffer" => "compute buffer of the host",
        "cache" => "cache",
        "state" => "recurrent state",
        "kv-per-token" or "kv-per-token-gpu" => "cache a token",
        _ => quantity,
    };

    private static string N(double number, int decimals = 1) =>
        number.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
