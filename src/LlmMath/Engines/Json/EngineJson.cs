using System.Globalization;
using LlmMath.Basics;
using LlmMath.Interchange.Json;

namespace LlmMath.Engines.Json;

/// <summary>Reads an engine's file: the facts that memory and speed share, and its two sections.</summary>
internal static class EngineJson
{
    /// <summary>Reads an engine.</summary>
    /// <param name="utf8">The file's bytes.</param>
    /// <param name="name">The entry's name.</param>
    /// <exception cref="DefinitionException">The file is malformed, or a field is missing, unknown or wrong. It names the field;
    /// the caller adds the file.</exception>
    public static Engine Read(ReadOnlySpan<byte> utf8, string name)
    {
        var fields = new JsonFields(ModelJson.ReadRoot(utf8));
        fields.Text("$schema");
        (EngineMemory? memory, string? memoryUnknown) = Section(fields, "memory", EngineMemoryJson.Read);
        (EngineSpeed? speed, string? speedUnknown) = Section(fields, "speed", EngineSpeedJson.Read);
        var engine = new Engine
        {
            Name = name,
            DisplayName = fields.RequiredText("name"),
            Aliases = fields.Texts("aliases"),
            Rank = Count(fields, "rank", 1),
            RunsOn = fields.Fields("runs_on") is { } runsOn ? Condition(runsOn) : GpuCondition.Any,
            Load = fields.Fields("load") is { } load ? Load(load) : new(),
            Pass = fields.Fields("pass") is { } pass ? Pass(pass) : new(),
            Cache = fields.Fields("cache") is { } cache ? Cache(cache) : new(),
            SplitsByLayer = fields.Flag("splits_by_layer") ?? false,
            MemoryShare = Share(fields) ?? 1,
            TakesShareOfFree = fields.Flag("takes_share_of_free") ?? false,
            Static = fields.Fields("static_reserve_mib") is { } reserve ? StaticReserve(reserve) : null,
            KeepsActivationsBeyondShare = fields.Flag("keeps_activations_beyond_share") ?? false,
            Disaggregates = fields.Flag("disaggregates") ?? false,
            ByGpu = [.. fields.List("on").Select(Difference)],
            Memory = memory,
            MemoryUnknown = memoryUnknown,
            Speed = speed,
            SpeedUnknown = speedUnknown,
            Sources = fields.Texts("sources"),
        };
        fields.RejectOthers();
        return engine;
    }

    /// <summary>A whole number that fits 32 bits, or null where the field is missing.</summary>
    internal static int? Count(JsonFields fields, string name, int minimum) => fields.Integer(name, minimum) is not { } number
        ? null
        : number <= int.MaxValue ? (int)number
        : throw fields.Wrong(name, "a whole number below 2^31", number);

    /// <summary>The lesser and the greater factor between which eight of ten measurements lay.</summary>
    internal static Spread Spread(JsonFields fields)
    {
        var spread = new Spread(
            fields.Positive("low") ?? throw fields.Missing("low", "a number above 0"),
            fields.Positive("high") ?? throw fields.Missing("high", "a number of 1 or more"));
        fields.RejectOthers();
        return spread.Low > 1 ? throw fields.Wrong("low", "at most 1", spread.Low)
            : spread.High < 1 ? throw fields.Wrong("high", "1 or more", spread.High)
            : spread;
    }

    /// <summary>A size of mebibytes with its range, or null where the field is missing.</summary>
    internal static ByteRange? Mebibytes(JsonFields parent, string name)
    {
        if (parent.Fields(name) is not { } fields)
        {
            return null;
        }

        long low = fields.RequiredInteger("low", 0), expected = fields.RequiredInteger("expected", 0);
        long high = fields.RequiredInteger("high", 0);
        fields.RejectOthers();
        return low > expected ? throw fields.Wrong("low", "at most what is expected", low)
            : expected > high ? throw fields.Wrong("high", "what is expected or more", high)
            : high > 1L << 40 ? throw fields.Wrong("high", "at most 2^40", high)
            : ByteRange.Mebibytes(low, expected, high);
    }

    // A section is its figures, or {"unknown": "why"}: an engine says of both what is known.
    private static (T? Known, string? Unknown) Section<T>(JsonFields fields, string name, Func<JsonFields, T> read)
        where T : class
    {
        if (fields.Fields(name) is not { } section)
        {
            throw fields.Missing(name, "an object with its figures, or with \"unknown\": why there are none,");
        }

        string? unknown = section.Text("unknown");
        if (unknown is null)
        {
            return (read(section), null);
        }

        section.RejectOthers();
        return (null, unknown);
    }

    private static double? Share(JsonFields fields) => fields.Positive("memory_share") is not { } share ? null
        : share <= 1 ? share
        : throw fields.Wrong("memory_share", "at most 1", share);

    private static StaticShare StaticReserve(JsonFields fields)
    {
        var share = new StaticShare
        {
            Fixed = fields.Positive("fixed") ?? 0,
            EachToken = fields.Positive("token") ?? 0,
            EachGpu = fields.Positive("gpu") ?? 0,
            Graphs = fields.Positive("graphs") ?? 0,
            Least = fields.Positive("least") ?? 0,
            LeastFromGibibytes = fields.Positive("least_from_gib") ?? 0,
        };
        fields.RejectOthers();
        return share;
    }

    private static GpuCondition Condition(JsonFields fields)
    {
        var condition = new GpuCondition
        {
            Vendors = fields.Texts("vendors"),
            NotVendors = fields.Texts("not_vendors"),
            Architectures = fields.Texts("architectures"),
            NotArchitectures = fields.Texts("not_architectures"),
            Gpus = fields.Texts("gpus"),
            MemoryBelowGibibytes = fields.Positive("memory_below_gib"),
            MemoryFromGibibytes = fields.Positive("memory_from_gib"),
        };
        fields.RejectOthers();
        return condition == GpuCondition.Any ? throw fields.Missing("vendors", "at least one condition, as this one,")
            : condition;
    }

    private static EngineOnGpu Difference(JsonFields fields)
    {
        var difference = new EngineOnGpu
        {
            Gpu = Condition(fields.Fields("gpu") ?? throw fields.Missing("gpu", "an object that says on which GPUs")),
            PassTokens = Count(fields, "pass_tokens", 1),
            FixedLogitRows = Count(fields, "fixed_logit_rows", 0),
            MemoryShare = Share(fields),
            Runtime = Mebibytes(fields, "runtime_mib"),
        };
        fields.RejectOthers();
        return difference == new EngineOnGpu { Gpu = difference.Gpu }
            ? throw fields.Missing("pass_tokens", "a value that differs there, as this one,")
            : difference;
    }

    private static LoadPolicy Load(JsonFields fields)
    {
        var load = new LoadPolicy
        {
            Formats = Words(fields, "formats", FormatWords.OfWeights),
            Caches = Words(fields, "caches", FormatWords.OfCaches),
            PadsMxfp4 = fields.Flag("pads_mxfp4") ?? false,
            QuantizesHead = fields.Flag("quantizes_head") ?? false,
            ReplicatesVocabulary = fields.Flag("replicates_vocabulary") ?? false,
            KeepsEndsTogether = fields.Flag("keeps_ends_together") ?? false,
            KeepsInputsOnHost = fields.Flag("keeps_inputs_on_host") ?? false,
            FusesProjections = fields.Flag("fuses_projections") ?? false,
            HeadCopies = Count(fields, "head_copies", 0) ?? 0,
            MatrixCopies = Count(fields, "matrix_copies", 0) ?? 0,
        };
        fields.RejectOthers();
        return load;
    }

    private static PassPolicy Pass(JsonFields fields)
    {
        int? rows = Count(fields, "fixed_logit_rows", 0);
        var pass = new PassPolicy
        {
            Tokens = Count(fields, "tokens", 1),
            IsDivided = fields.Flag("is_divided") ?? false,
            LogitRows = fields.Text("logit_rows") switch
            {
                null => rows is null ? LogitRows.EachSequence : LogitRows.Fixed,
                "each_sequence" => LogitRows.EachSequence,
                "each_token" => LogitRows.EachToken,
                "fixed" when rows is null => throw fields.Missing("fixed_logit_rows", "a whole number"),
                "fixed" => LogitRows.Fixed,
                var other => throw fields.Wrong("logit_rows", "each_sequence, each_token or fixed", other),
            },
            FixedLogitRows = rows ?? 0,
            ReservesWholeContext = fields.Flag("reserves_whole_context") ?? false,
            InputCopies = Count(fields, "input_copies", 1) ?? 1,
        };
        fields.RejectOthers();
        return pass;
    }

    private static CachePolicy Cache(JsonFields fields)
    {
        var cache = new CachePolicy
        {
            PageTokens = Count(fields, "page_tokens", 1) ?? 1,
            Windows = fields.Text("windows") switch
            {
                null or "none" => WindowUse.None,
                "exact" => WindowUse.Exact,
                "with_pass" => WindowUse.WithPass,
                var other => throw fields.Wrong("windows", "none, exact or with_pass", other),
            },
            StateBytes = Count(fields, "state_bytes", 1) ?? 2,
            ConvolutionBytes = Count(fields, "convolution_bytes", 1) ?? 2,
            PacksSparse = fields.Flag("packs_sparse") ?? false,
        };
        fields.RejectOthers();
        return cache;
    }

    private static ValueList<string>? Words(JsonFields fields, string name, IEnumerable<string> known)
    {
        ValueList<string> words = fields.Texts(name);
        for (int i = 0; i < words.Count; i++)
        {
            if (!known.Contains(words[i]))
            {
                IReadOnlyList<string> nearest = EditDistance.Nearest(words[i], known);
                throw fields.Wrong($"{name}[{i.ToString(CultureInfo.InvariantCulture)}]", "a format that is known"
                    + (nearest.Count == 0 ? "" : $" (nearest: {string.Join(", ", nearest)})"), words[i]);
            }
        }

        return words.Count == 0 ? null : words;
    }
}
