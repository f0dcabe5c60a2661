using LlmMath.Engines;

namespace LlmMath.Speed.Pass;

/// <summary>Time of what GPUs send each other in a pass.</summary>
internal static class Collectives
{
    // Sums of squares of queries and of keys, in fp32.
    private const double BytesNormed = 8;

    /// <summary>
    /// Two all-reduces a layer of the residual stream in 16 bits; with data-parallel attention an exchange to the experts and
    /// back; between stages the stream once. Where they were not timed, an all-reduce moves 2·(T − 1)/T of the stream over every
    /// GPU's link (ring: Patarasuk and Yuan, JPDC 69(2), 2009).
    /// </summary>
    public static double Of(in DeployedModel on, EngineConstants c, double tokens, PassParts? parts)
    {
        double stream = tokens * on.Work.HiddenSize * 2, link = on.LinkBytesPerSecond * c.LinkEfficiency;
        // Where a switch sums, each sends its stream once and receives the sum once: no all-reduce moves less.
        double ring = 2.0 * (on.Tensor - 1) / on.Tensor * stream, reduced = on.Tensor == 1 ? 0 : on.IsBound ? stream : ring;
        double reduce = 2 * on.Work.Layers * (on.Kernels is { } kernels
            ? Math.Max(c.CollectiveFactor * kernels.Device.AllReduce(stream, on.Tensor),
                on.Tensor == 1 ? 0 : stream / on.LinkBytesPerSecond) : reduced / link);
        // One more where norms go over all heads: github:vllm-project/vllm@fb33ec8cf, MiniMaxText01RMSNormTP.forward_qk, which
        // vllm/model_executor/models/minimax_m2.py calls.
        double norms = on.Kernels is null || on.Work.ProjectionNorms == 0 ? 0 : on.Work.ProjectionNorms * c.CollectiveFactor
            * on.Kernels.Device.AllReduce(tokens * BytesNormed, on.Tensor);
        double stages = (on.Pipeline - 1) * stream / (on.StageLinkBytesPerSecond * Math.Min(1, c.LinkEfficiency));
        parts?.Add("all-reduces", 2 * on.Work.Layers, reduced, PassMeasure.Sent, on.LinkBytesPerSecond, reduce);
        parts?.Add("all-reduces of norms over all heads", on.Work.ProjectionNorms, on.Tensor == 1 ? 0 : tokens * BytesNormed,
            PassMeasure.Sent, on.LinkBytesPerSecond, norms);
        double exchange = TokenExchange.Of(on, c, tokens, parts);
        parts?.Add("between stages", on.Pipeline - 1, stream, PassMeasure.Sent, on.StageLinkBytesPerSecond, stages);
        return reduce + norms + exchange + stages;
    }
}
