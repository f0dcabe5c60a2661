using LlmMath.Planning.Search;
using LlmMath.Training;

namespace LlmMath.Planning;

/// <summary>How a run is trained for least: on how many GPUs, what is shared out and what is computed again.</summary>
/// <param name="Estimate">The run.</param>
/// <param name="Offer">The machine.</param>
/// <param name="Machines">How many, paid whole.</param>
/// <param name="Time">How long it takes by the wall's clock.</param>
internal sealed record StrategyTraining(TrainingEstimate Estimate, Offer Offer, long Machines, TimeRange Time)
{
    private static readonly int[] s_gpus = [1, 2, 4, 8, 16, 32, 64, 128];

    /// <summary>US dollars: hours × machines × US dollars an hour of each.</summary>
    public MoneyRange Usd => new MoneyRange(Time.Low.TotalHours, Time.Expected.TotalHours, Time.High.TotalHours)
        .Times(Machines * Offer.UsdPerHour);

    /// <summary>The setup of those that fit with which a token is cheapest: whatever the number of tokens, so that more of them
    /// never take less time. Null where none fits, or no machine has a price.</summary>
    public static StrategyTraining? Cheapest(
        ModelDefinition model, Gpu gpu, TrainingRun run, Engine trainer, WeightFormat weights, GpuOffers? offers)
    {
        (StrategyTraining? best, double least) = (null, double.PositiveInfinity);
        foreach (int gpus in s_gpus)
        {
            if (Machine(offers, gpus) is not { } machine)
            {
                continue;
            }

            foreach ((Sharding sharding, Recomputation again, int tensor) in Setups(gpus, run.Rollout is not null))
            {
                var on = new Deployment(model, gpu, trainer, weights) { Placement = new() { Data = gpus, Sharding = sharding } };
                TrainingEstimate estimate = on.Training(run with
                {
                    GlobalBatch = Math.Max(gpus, run.GlobalBatch), Recomputation = again,
                    Rollout = run.Rollout is { } rollout ? rollout with { By = Writing(model, gpu, gpus, tensor) } : null,
                });
                if (estimate is { Fits: true, Speed: { } speed })
                {
                    double usd = machine.Machines * machine.Offer.UsdPerHour / (speed.TokensPerSecondPerGpu.Expected * gpus);
                    if (usd < least)
                    {
                        (best, least) = (new(estimate, machine.Offer, machine.Machines, speed.Whole), usd);
                    }

                    break;
                }
            }
        }

        return best;
    }

    // The fastest first; where answers are written too, on so many GPUs each replica.
    private static IEnumerable<(Sharding Sharding, Recomputation Again, int Tensor)> Setups(int gpus, bool writes) =>
        from tensor in writes ? Array.FindAll([1, 2, 4, 8], degree => degree <= gpus) : [1]
        from sharding in gpus == 1 ? [Sharding.None] : (Sharding[])[Sharding.None, Sharding.Zero3]
        from again in (Recomputation[])[Recomputation.None, Recomputation.Full]
        select (sharding, again, tensor);

    // On the GPUs that train, in turn with training.
    private static Deployment Writing(ModelDefinition model, Gpu gpu, int gpus, int tensor) =>
        new(model, gpu, EngineCatalog.Vllm, WeightFormat.Bf16)
        {
            Placement = new() { Tensor = tensor, Data = gpus / tensor },
        };

    // The cheapest way to so many GPUs: one machine that has them, or whole ones that add up to them.
    private static (Offer Offer, long Machines)? Machine(GpuOffers? offers, int gpus) => (offers?.Offers ?? [])
        .Where(offer => offer.Gpus >= gpus || gpus % offer.Gpus == 0 && offer.Gpus >= 8)
        .Select(offer => ((Offer, long)?)(offer, (gpus + offer.Gpus - 1) / offer.Gpus))
        .MinBy(one => one!.Value.Item2 * one.Value.Item1.UsdPerHour);
}
