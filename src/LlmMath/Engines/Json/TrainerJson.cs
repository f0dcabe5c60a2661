using LlmMath.Basics;
using LlmMath.Interchange.Json;

namespace LlmMath.Engines.Json;

/// <summary>Reads a trainer's file: an engine that trains.</summary>
internal static class TrainerJson
{
    // What an estimate of inference says of a trainer.
    private const string Trains = "it trains, and serves no requests";

    /// <summary>Reads a trainer.</summary>
    /// <param name="utf8">The file's bytes.</param>
    /// <param name="name">The entry's name.</param>
    /// <exception cref="DefinitionException">The file is malformed, or a field is missing, unknown or wrong. It names the field;
    /// the caller adds the file.</exception>
    public static Engine Read(ReadOnlySpan<byte> utf8, string name)
    {
        var fields = new JsonFields(ModelJson.ReadRoot(utf8));
        fields.Text("$schema");
        var trainer = new Engine
        {
            Name = name,
            DisplayName = fields.RequiredText("name"),
            Aliases = fields.Texts("aliases"),
            Training = Memory(Required(fields, "memory", "an object that says what is held and kept")) with
            {
                Generations = fields.Fields("speed") is { } speed ? Speed(speed) : [],
            },
            MemoryUnknown = Trains,
            SpeedUnknown = Trains,
            Sources = fields.Texts("sources"),
        };
        fields.RejectOthers();
        return trainer;
    }

    private static ValueList<TrainingGeneration> Speed(JsonFields fields)
    {
        ValueList<TrainingGeneration> generations = [.. fields.List("generations").Select(Generation)];
        fields.RejectOthers();
        return generations.Count == 0 ? throw fields.Missing("generations", "a list with what the trainer reaches") : generations;
    }

    private static TrainingGeneration Generation(JsonFields fields)
    {
        JsonFields constants = Required(fields, "constants", "an object of numbers");
        var generation = new TrainingGeneration
        {
            Architecture = fields.RequiredText("architecture"),
            Rows = EngineJson.Count(fields, "rows", 0) ?? throw fields.Missing("rows", "a whole number"),
            QuantizedRows = EngineJson.Count(fields, "quantized_rows", 0) ?? 0,
            FittedOn = fields.RequiredText("fitted_on"),
            Step = EngineJson.Spread(Required(fields, "step", "an object with low and high")),
            MixtureStep = EngineJson.Spread(Required(fields, "mixture_step", "an object with low and high")),
            Values = [.. TrainingConstant.All.Select(constant => constant.Neutral == 0
                ? constants.NotNegative(constant.Name) ?? 0 : constants.Positive(constant.Name) ?? constant.Neutral)],
        };
        constants.RejectOthers();
        fields.RejectOthers();
        return generation;
    }

    private static EngineTraining Memory(JsonFields fields)
    {
        JsonFields? reserved = fields.Fields("reserved");
        var training = new EngineTraining
        {
            Recipe = fields.RequiredText("recipe"),
            AdapterBytes = EngineJson.Count(fields, "adapter_bytes", 1) ?? 4,
            UpcastsFrozen = fields.Flag("upcasts_frozen") ?? false,
            NormInputBytes = EngineJson.Count(fields, "norm_input_bytes", 1) ?? 2,
            RepeatsKeys = fields.Flag("repeats_keys") ?? false,
            FusesActivation = fields.Flag("fuses_activation") ?? false,
            HasDropout = fields.Flag("has_dropout") ?? false,
            ScoreBytes = fields.NotNegative("score_bytes") ?? 2,
            WideScoreBytes = fields.NotNegative("wide_score_bytes") ?? 4,
            ScorePeakBytes = fields.NotNegative("score_peak_bytes") ?? 0,
            WideScorePeakBytes = fields.NotNegative("wide_score_peak_bytes") ?? 0,
            LogitBytes = fields.NotNegative("logit_bytes") ?? 6,
            WideLogitBytes = fields.NotNegative("wide_logit_bytes") ?? 6,
            HoldsLogits = fields.Flag("holds_logits") ?? false,
            BuffersGradients = fields.Flag("buffers_gradients") ?? false,
            OverlapsOffload = fields.Flag("overlaps_offload") ?? false,
            KeepsFrozenInputs = fields.Flag("keeps_frozen_inputs") ?? false,
            StepBytes = fields.NotNegative("step_bytes") ?? 0,
            Workspace = EngineJson.Mebibytes(fields, "workspace_mib") ?? default,
            Context = EngineJson.Mebibytes(fields, "context_mib") ?? default,
            ReservedLow = Ratio(reserved, "low", 1),
            Reserved = Ratio(reserved, "expected", Ratio(reserved, "low", 1)),
            ReservedHigh = Ratio(reserved, "high", Ratio(reserved, "expected", Ratio(reserved, "low", 1))),
            IsMeasured = fields.Flag("is_measured") ?? false,
            Sources = fields.Texts("sources"),
            Note = fields.Text("note"),
        };
        reserved?.RejectOthers();
        fields.RejectOthers();
        return training;
    }

    private static JsonFields Required(JsonFields fields, string name, string what) =>
        fields.Fields(name) ?? throw fields.Missing(name, what);

    private static double Ratio(JsonFields? fields, string name, double least) => fields?.Positive(name) is not { } ratio ? least
        : ratio >= least ? ratio
        : throw fields.Wrong(name, "at least 1 and in ascending order", ratio);
}
