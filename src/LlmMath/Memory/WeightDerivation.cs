using LlmMath.Architectures;
using LlmMath.Placement;
using LlmMath.Placement.Shards;
using LlmMath.Placement.Weights;
using static LlmMath.Basics.NumberText;

namespace LlmMath.Memory;

/// <summary>Writes the working of an estimate's weights: once a replica, and each reason why they take more.</summary>
internal static class WeightDerivation
{
    /// <summary>
    /// weights = fold × replicas, less the experts that other replicas hold; what the engine pads; what the
    /// GPUs of a replica hold more than once (norms, routers, key heads where GPUs outnumber them, a tied head on another stage
    /// than the embedding); and what rounding a GPU's share up to whole bytes adds.
    /// </summary>
    public static void Add(in MemoryEstimate estimate, Action<string, string, long> add)
    {
        PlacedModel on = estimate.Deployment.Placed;
        Deployment setup = on.Of;
        Architecture a = on.Architecture;
        Parallelism over = setup.Placement;
        WeightFormat loaded = on.Format;
        long whole = WeightFold.Sum(a, loaded, Shard.Whole);
        Int128 stored = setup.StoredWeights?.Bytes ?? whole, again = 0, elsewhere = 0;
        foreach (Stage stage in on.Stages)
        {
            WeightShare share = WeightFold.Shares(a, loaded, stage.Shard);
            (again, elsewhere) = (again + share.Again, elsewhere + share.Elsewhere);
        }

        // What a checkpoint is known to hold is shared out as the format's bytes are.
        Int128 once = setup.StoredWeights is null ? WeightFold.Sum(a, setup.Weights, Shard.Whole) : stored;
        Int128 held = over.Data * (once - (elsewhere * stored / whole)), changed = over.Data * (stored - once);
        Int128 saved = Int128.Max(0, once - stored);
        if (changed < 0)
        {
            (held, changed) = (held + changed, 0);
        }

        Int128 copied = over.Data * (again * stored / whole), less = elsewhere * stored / whole;
        string formula = (setup.StoredWeights is null
                ? WeightGroups.Formula(a, setup.Weights)
                : $"{N((long)stored)} bytes of the checkpoint")
            + (less > 0 ? $" − {N((long)less)} bytes of experts that other replicas hold" : "")
            + (saved > 0 ? $" − {N((long)saved)} bytes that loading saves" : "");
        add("weights", over.Data == 1 ? formula : $"{N(over.Data)} replicas × ({formula})", (long)held);
        int shares = over.Tensor * over.Data;
        long drafting = estimate.Workload.Speculation is null ? 0 : on.Stages.Sum(stage => stage.Drafts?.Weights ?? 0);
        add("weights of multi-token prediction", $"{N(shares)} GPUs × {N(drafting)} bytes", shares * drafting);
        Int128 rounded = estimate.Weights.Bytes - held - changed - copied - (shares * drafting);
        add($"weights, padded by {on.Engine}", Each(changed), (long)changed);
        add("weights that several GPUs hold whole", Each(copied), (long)copied);
        add("weights, each GPU's share in whole bytes", Each(rounded), (long)rounded);

        string Each(Int128 bytes) => $"{N(over.Data)} × {N((long)(bytes / over.Data))} bytes";
    }
}
