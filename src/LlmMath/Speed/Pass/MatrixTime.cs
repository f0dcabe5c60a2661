using LlmMath.Engines;
using LlmMath.Placement.Work;

namespace LlmMath.Speed.Pass;

/// <summary>
/// Time of a pass's matrices as a roofline: of reading and multiplying the greater, and the share of the lesser that an engine
/// does not hide. Williams et al., "Roofline", CACM 52(4), 2009.
/// </summary>
internal static class MatrixTime
{
    /// <summary>Reading weights, products, and moving what enters and leaves them.</summary>
    public static PassTime Of(in DeployedModel on, EngineConstants c, in PassLoad load, PassParts? parts)
    {
        ModelWork work = on.Work;
        double share = c.ComputeEfficiency, tokens = load.Tokens;
        double read = (Read(work.Blocks, c) + Read(work.Head, c)) / on.Tensor / (on.BytesPerSecond * c.BandwidthEfficiency);
        // Few tokens fill the units badly, each matrix by those that it is multiplied with: n + h tokens' time.
        double multiply = (((tokens + c.HalfTokens) * on.Rates.SecondsPerToken(work.Blocks, c.FourBitFactor, c.EightBitFactor))
            + ((load.HeadTokens + c.HalfTokens) * on.Rates.SecondsPerToken(work.Head, c.FourBitFactor, c.EightBitFactor)))
                / on.Tensor / share;
        (double weights, double products) = Overlapped(read, multiply, c.SerialShare);
        parts?.Add("weights", 1, (work.Blocks.Bytes + work.Head.Bytes) / on.Tensor, PassMeasure.Bytes, on.BytesPerSecond,
            weights);
        parts?.Add("matrix products", 1,
            2 * ((tokens * work.Blocks.Elements) + (load.HeadTokens * work.Head.Elements)) / on.Tensor,
            PassMeasure.Operations, on.Rates.Wide, products);

        (double expertRead, double expertMultiply, double moved) = Experts(on, c, load);
        (double expertWeights, double expertProducts) = Overlapped(expertRead, expertMultiply, c.SerialShare);
        parts?.Add("weights of experts", 1,
            expertRead * on.BytesPerSecond * c.BandwidthEfficiency * c.ExpertBandwidthFactor, PassMeasure.Bytes,
            on.BytesPerSecond, expertWeights);
        parts?.Add("products of experts", 1, 2 * tokens * on.WorkingReplicas * RoutedElements(work) / on.Expert,
            PassMeasure.Operations, on.Rates.Wide, expertProducts);

        double activations = tokens * (work.Blocks.Ends + moved) * c.ActivationBytes / on.Tensor / on.BytesPerSecond;
        parts?.Add("activations", 1, activations * on.BytesPerSecond, PassMeasure.Bytes, on.BytesPerSecond, activations);
        double unpacked = Unpacked(on, c, load);
        parts?.Add("weights unpacked", 1, unpacked * on.BytesPerSecond, PassMeasure.Bytes, on.BytesPerSecond, unpacked);
        return new(weights + expertWeights + unpacked, products + expertProducts, 0, 0, 0, 0, activations);
    }

    // Bytes as they are read at the share of packed weights: 16-bit ones may be read at another.
    private static double Read(in MatrixWork work, EngineConstants c) =>
        work.Bytes + (Math.Min(work.Bytes, 2 * work.Wide) * ((1 / c.WideBandwidthFactor) - 1));

    /// <summary>Experts of a layer that so many tokens touch: each token counts for a share of an independent pick, the first
    /// for a whole one.</summary>
    public static double Touched(in ExpertWork experts, EngineConstants c, double tokens) =>
        experts.Touched(Independent(c, tokens));

    /// <summary>Tokens that pick experts apart from the others: of each but the first a share.</summary>
    public static double Independent(EngineConstants c, double tokens) =>
        1 + ((tokens - 1) * Math.Min(1, c.RoutingSpread));

    /// <summary>What shows of two times that overlap: the greater whole, the lesser as far as it is not hidden.</summary>
    public static (double Memory, double Compute) Overlapped(double memory, double compute, double serialShare)
    {
        double hidden = Math.Min(1, serialShare);
        return memory >= compute ? (memory, hidden * compute) : (hidden * memory, compute);
    }

    // Seconds of reading and of multiplying, and elements that enter and leave the experts of one token.
    private static (double Read, double Multiply, double Moved) Experts(in DeployedModel on, EngineConstants c, in PassLoad load)
    {
        double read = 0, multiply = 0, moved = 0, routed = load.Tokens * on.WorkingReplicas;
        foreach (ref readonly ExpertWork experts in on.Work.Experts.AsSpan())
        {
            if (experts.Active == 0)
            {
                // Of images alone: no token of text reads them.
                continue;
            }

            double touched = Touched(experts, c, routed);
            double readOf = load.PromptsReadNothing ? Touched(experts, c, load.ReadTokens * on.WorkingReplicas) : touched;
            read += experts.Layers * readOf * Read(experts.Each, c) / on.Expert
                / (on.BytesPerSecond * c.BandwidthEfficiency * c.ExpertBandwidthFactor);
            double each = routed * experts.Active / touched;
            multiply += experts.Layers * routed * experts.Active
                * on.Rates.SecondsPerToken(experts.Each, c.FourBitFactor, c.EightBitFactor) / on.Expert
                * (1 + (c.ExpertHalfTokens / each)) / (c.ComputeEfficiency * c.ExpertComputeFactor);
            moved += experts.Layers * experts.Active * experts.Each.Ends;
        }

        return (read, multiply, moved);
    }

    // Elements of all layers' experts that one token is multiplied by.
    private static double RoutedElements(ModelWork work)
    {
        double sum = 0;
        foreach (ref readonly ExpertWork experts in work.Experts.AsSpan())
        {
            sum += experts.Layers * experts.Active * experts.Each.Elements;
        }

        return sum;
    }

    // Weights that are packed are read, written as 16-bit copies and read again by the products, where an engine multiplies
    // prompts so.
    private static double Unpacked(in DeployedModel on, EngineConstants c, in PassLoad load)
    {
        if (!on.UnpacksWeights || load.PromptTokens == 0)
        {
            return 0;
        }

        double bytes = on.Work.Blocks.Packed * 4;
        foreach (ref readonly ExpertWork experts in on.Work.Experts.AsSpan())
        {
            bytes += experts.Layers * experts.Experts * experts.Each.Packed * 4;
        }

        return c.UnpackedShare * bytes / on.Tensor / on.BytesPerSecond;
    }
}
