using System.CommandLine;
using System.Globalization;
using LlmMath.Training;

namespace LlmMath.Cli.Commands;

/// <summary>What <c>llmmath train</c> is asked about answers that are trained on.</summary>
/// <param name="IsNeeded">Whether the method trains on answers.</param>
/// <param name="Mode">Where they are written.</param>
/// <param name="Apart">GPUs that write alone.</param>
/// <param name="Prompt">Tokens of prompts.</param>
/// <param name="Completion">Tokens of answers.</param>
internal sealed record RolloutWords(bool IsNeeded, RolloutMode Mode, int Apart, TokenLengths Prompt, TokenLengths Completion)
{
    private const int UsualPrompts = 64;

    /// <summary>Tokens of the longest prompt and answer.</summary>
    public long Longest => Prompt.Limit + Completion.Limit;

    /// <summary>Reads what must be known before GPUs are shared out.</summary>
    /// <exception cref="CliException">An option cannot be, or is not of the method.</exception>
    public static RolloutWords Of(ParseResult parsed, TrainOptions o, TrainingMethod method, int gpus, List<string> assumed)
    {
        Option[] own = [o.Group, o.Prompts, o.Prompt, o.Completion, o.Rollout, o.RolloutGpus, o.RolloutTensor, o.RolloutEngine,
            o.RolloutSleep];
        if (method is not (TrainingMethod.Ppo or TrainingMethod.Grpo))
        {
            return own.FirstOrDefault(option => parsed.GetResult(option) is not null) is { } wrong
                ? throw new CliException(
                    $"{wrong.Name}: --method ppo and grpo have it; it is {method.ToString().ToLowerInvariant()}.")
                : new(false, default, 0, TokenLengths.Fixed(1), TokenLengths.Fixed(1));
        }

        if (parsed.GetResult(o.Sequence) is not null)
        {
            throw new CliException("--seq: with ppo and grpo --prompt and --completion say how long sequences are.");
        }

        string where = TrainQuestion.Said(parsed.GetValue(o.Rollout), "colocated", "--rollout", assumed);
        RolloutMode mode = where.ToLowerInvariant() switch
        {
            "colocated" => RolloutMode.Colocated,
            "apart" => RolloutMode.Apart,
            "one-off" or "one-step-off" => RolloutMode.OneStepOff,
            "async" => RolloutMode.Asynchronous,
            var other => throw new CliException($"--rollout: colocated, apart, one-off or async is right; it is \"{other}\"."),
        };
        int apart = parsed.GetValue(o.RolloutGpus)
            ?? (mode == RolloutMode.Colocated ? 0 : TrainQuestion.Chosen(gpus / 2, "--rollout-gpus", assumed));
        if (mode == RolloutMode.Colocated ? apart != 0 : apart < 1 || apart >= gpus)
        {
            throw new CliException(mode == RolloutMode.Colocated ? "--rollout-gpus: --rollout colocated has none of its own."
                : $"--rollout-gpus: 1 to one less than the {gpus} of --gpus is right; it is {apart}.");
        }

        return new(true, mode, apart, Lengths(parsed.GetValue(o.Prompt), "--prompt", 512, assumed),
            Lengths(parsed.GetValue(o.Completion), "--completion", 1024, assumed));
    }

    /// <summary>The rollout; null where the method has none.</summary>
    /// <exception cref="CliException">The engine is not known, or a degree cannot be.</exception>
    public Rollout? Of(ParseResult parsed, TrainOptions o, Deployment on, List<string> assumed)
    {
        if (!IsNeeded)
        {
            return null;
        }

        int gpus = Mode == RolloutMode.Colocated ? on.Placement.Gpus : Apart;
        Engine engine = OptionWords.Train.Named("--rollout-engine", () => EngineCatalog.Load(
            TrainQuestion.Said(parsed.GetValue(o.RolloutEngine), "vllm", "--rollout-engine", assumed)));
        int tensor = TrainQuestion.Degree(parsed.GetValue(o.RolloutTensor)
            ?? TrainQuestion.Chosen(Fewest(on, engine, gpus), "--rollout-tp", assumed), "--rollout-tp");
        if (gpus % tensor != 0)
        {
            throw new CliException($"--rollout-tp: a divisor of the {gpus} GPUs that write is right; it is {tensor}.");
        }

        return new(Prompt, Completion)
        {
            Prompts = parsed.GetValue(o.Prompts) ?? TrainQuestion.Chosen(UsualPrompts, "--prompts", assumed),
            Group = parsed.GetValue(o.Group),
            Mode = Mode,
            Sleep = TrainQuestion.Word<EngineSleep>(
                TrainQuestion.Said(parsed.GetValue(o.RolloutSleep), "released", "--rollout-sleep", assumed), "--rollout-sleep"),
            By = new(on.Model, on.Gpu, engine, WeightFormat.Bf16)
            {
                Placement = new() { Tensor = tensor, Data = gpus / tensor },
            },
        };
    }

    // The fewest GPUs on which an engine with half of the memory holds a sequence, of those that the heads allow.
    private static int Fewest(Deployment on, Engine engine, int gpus)
    {
        for (int tensor = 1; tensor < gpus && on.Gpu is not null; tensor *= 2)
        {
            if (gpus % tensor == 0 && new Deployment(on.Model, on.Gpu, engine.WithShare(0.5), WeightFormat.Bf16)
                {
                    Placement = new() { Tensor = tensor },
                }.Memory(new(1, 1)).Fits != false)
            {
                return tensor;
            }
        }

        return on.Gpu is null ? 1 : gpus;
    }

    private static TokenLengths Lengths(string? text, string option, int usual, List<string> assumed)
    {
        string said = TrainQuestion.Said(text, usual.ToString(CultureInfo.InvariantCulture), option, assumed);
        string[] parts = said.Split(',', StringSplitOptions.TrimEntries);
        if (parts.Length > 3 || !double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double mean)
            || !(mean is >= 1 and <= 1e9))
        {
            throw Wrong();
        }

        long p95 = parts.Length > 1 ? Whole(parts[1]) : 0, limit = parts.Length > 2 ? Whole(parts[2]) : 0;
        try
        {
            var lengths = new TokenLengths(mean, p95, limit);
            if (parts.Length < 3)
            {
                assumed.Add(string.Create(CultureInfo.InvariantCulture, $"{option} {mean},{lengths.At(95):0},{lengths.Limit}"));
            }

            return lengths;
        }
        catch (EstimateException error)
        {
            throw new CliException($"{option}: {error.Message}");
        }

        long Whole(string part) => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            && value > 0 ? value : throw Wrong();
        CliException Wrong() => new($"{option}: MEAN[,P95[,LIMIT]] in tokens is right, as 900,2400,4096; it is \"{said}\".");
    }
}
