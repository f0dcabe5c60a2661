using LlmMath.Architectures;
using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>The rows of <c>catalog/evidence/local.csv</c>, and those of speed.csv that builds since mid-2024 made.</summary>
internal static partial class EvidenceFiles
{
    /// <summary>All of them.</summary>
    public static List<Observation> Today(string root)
    {
        var models = new EvidenceModels(root);
        return Weighting.BySetting([
            .. Csv.Read(Path.Combine(root, "catalog/evidence/local.csv")).Select(row => TodayRow(row, models)),
            .. Local(root).Where(row => row.Engine.Name == "llama.cpp-2024" && (!row.On.WritesScores || row.Place.IsYoung))
                .Select(AsToday)]);
    }

    private static Observation AsToday(Observation row)
    {
        Deployment deployment = row.On.Model.Of with { Engine = EngineCatalog.Find("llama.cpp") };
        Observation today = Observe(row.Source, row.Key, deployment, row.Workload, row.Metric, row.Seconds) with
        {
            Release = BackendOf(row.Gpu),
        };
        return today;
    }

    private static string BackendOf(Gpu gpu) => gpu.Vendor switch { "AMD" => "rocm", "Apple" => "metal", _ => "cuda" };

    private static Observation TodayRow(CsvRow row, EvidenceModels models)
    {
        Gpu gpu = GpuCatalog.Find(row["gpu"]) with { Memory = null, UsableMemory = null };
        Engine engine = OfDay(EngineCatalog.Find(row["engine"]), row);
        CacheFormat keys = CacheFormat.Find(row["keys"]), values = CacheFormat.Find(row["values"]);
        Gpu? host = row["host"] is { Length: > 0 } named ? GpuCatalog.Find(named) : null;
        int sockets = row.OptionalInteger("sockets") ?? 1, cached = row.Integer("cached"), prompt = row.Integer("prompt");
        ModelDefinition model = models.Find(row["model"]);
        Deployment deployment = new(model, gpu, row.OptionalInteger("pass") is { } pass ? engine.WithPass(pass) : engine,
            WeightFormat.Find(row["weights"]))
        {
            StoredWeights = row.OptionalReal("file_gib") is { } file ? ByteSize.FromGibibytes(file) : null,
            Keys = keys,
            Values = values,
            Placement = new() { Pipeline = row.Integer("pipeline") },
            Tensors = gpu.IsProcessor ? TensorPlacement.Host : PlacementOf(row),
            FlashAttention = row["flash"] != "no",
            Backend = row["backend"],
            CopiesHostWeights = row["copies"] != "no",
            Node = new()
            {
                Host = gpu.IsProcessor ? gpu : host,
                HostBytesPerSecond = row.OptionalReal("ram_gb_per_s") is { } rate ? rate * 1e9
                    : host?.BytesPerSecond * sockets,
                HostThreads = row.OptionalInteger("threads"),
            },
        };
        var workload = new Workload(cached + Math.Max(1, prompt), Math.Max(1, row.Integer("output")), row.Integer("batch"))
        {
            CachedPromptTokens = cached, Arrival = Arrival.Together, ExtendsContext = true,
        };
        double rates = row.Real("tokens_per_second");
        bool isPrompt = row["metric"] == "prefill";
        return Observe(row["source"], string.Join(',', row.Cells), deployment, workload,
            isPrompt ? Metric.PrefillPass : Metric.InterToken, isPrompt ? prompt / rates : 1 / rates) with
        {
            Release = row["backend"],
            Host = gpu.IsProcessor ? null : host,
        };
    }

    // The engine as it was before it copied experts by their use, with the kernels for processors that it had in a month, and
    // with what a driver lets attention read at once.
    private static Engine OfDay(Engine engine, CsvRow row)
    {
        EngineSpeed speed = engine.KnownSpeed();
        return engine with
        {
            Speed = speed with
            {
                CopiesExpertsByUse = speed.CopiesExpertsByUse && row["copies"] != "32",
                ProcessorKernels = OfDay(speed.ProcessorKernels, row["built"]),
                ProcessorAttention = OfDay(speed.ProcessorAttention, row["built"]),
                PromptRows = row.OptionalInteger("prompt_rows") is { } rows ? [new(row["backend"], rows)] : speed.PromptRows,
            },
        };
    }

    private static ValueList<ProcessorKernel> OfDay(ValueList<ProcessorKernel> kernels, string built) =>
        built.Length == 0 ? kernels : [.. kernels.Where(kernel => string.CompareOrdinal(kernel.Since, built) <= 0)];

    private static TensorPlacement? PlacementOf(CsvRow row)
    {
        string rules = row["rules"];
        return rules.StartsWith("moe:", StringComparison.Ordinal)
            ? new() { Rules = [TensorRule.ExpertsOfFirst(int.Parse(rules[4..], null))] }
            : rules.Length > 0 ? new() { Rules = [.. rules.Split(' ').Select(TensorRule.Parse)] }
            : row.OptionalInteger("layers") is { } layers ? new() { GpuLayers = layers } : null;
    }
}
