using LlmMath.Architectures;
using LlmMath.Engines;
using LlmMath.Placement.Work;

namespace LlmMath.Speed.Pass;

/// <summary>
/// Time of what lies in system memory. The processor and the GPU work one after the other, layer by layer: their times add up. Of
/// few tokens the processor multiplies: bytes ÷ (share × bandwidth of system memory), or operations ÷ (share × its peak), and a
/// time for each layer. Of many tokens the GPU copies the matrices, bytes ÷ (share × link), and multiplies: so that a prompt
/// costs a copy of the weights for each pass, whatever the pass's tokens.
/// </summary>
internal static class HostTime
{
    /// <summary>The time of a pass's part in system memory.</summary>
    public static PassTime Of(in DeployedModel on, HostSide host, EngineConstants c, in PassLoad load, PassParts? parts)
    {
        DeployedModel gpu = on;
        double tokens = load.Tokens, copiedBytes = 0, copiedProducts = 0;
        double read = 0, operations = 0, copiedOperations = 0;
        ModelWork work = host.Work;
        Take(work.Blocks.Bytes, work.Blocks, host.Blocks, tokens, 1, tokens >= host.CopiesFrom);
        Take(work.Head.Bytes, work.Head, host.Head, load.HeadTokens, 1, load.HeadTokens >= host.CopiesFrom);
        for (int i = 0; i < work.Experts.Length; i++)
        {
            ref readonly ExpertWork experts = ref work.Experts[i];
            if (experts.Active > 0)
            {
                double touched = MatrixTime.Touched(experts, c, tokens);
                Take(experts.Layers * touched * experts.Each.Bytes, default(MatrixWork).Plus(experts.Each,
                    (double)experts.Layers * experts.Active), host.Experts[i], tokens, touched / experts.Active,
                    host.CopiesByUse ? tokens * experts.Active >= host.CopiesFrom * experts.Experts
                        : tokens >= host.CopiesFrom);
            }
        }

        double reads = read / (host.BytesPerSecond * c.HostBandwidthEfficiency);
        double multiplies = operations / (host.OperationsPerSecond * c.HostComputeEfficiency);
        (double weights, double products) = MatrixTime.Overlapped(reads, multiplies, c.SerialShare);
        double copied = copiedBytes / (host.LinkBytesPerSecond * Math.Min(1, c.CopyEfficiency));
        parts?.Add("weights in system memory", 1, read, PassMeasure.Bytes, host.BytesPerSecond, weights);
        parts?.Add("products of the processor", 1, operations, PassMeasure.Operations, host.OperationsPerSecond, products);
        parts?.Add("weights copied to the GPU", 1, copiedBytes, PassMeasure.Bytes, host.LinkBytesPerSecond, copied);
        parts?.Add("products of copied weights", 1, copiedOperations, PassMeasure.Operations, on.Rates.Wide, copiedProducts);
        parts?.Add("layers with weights in system memory", work.Layers, c.HostLayerSeconds);
        (double cache, double attention) = Attention(on, host, c, load, parts);
        return new(weights + copied, products + copiedProducts, cache, attention, 0, work.Layers * c.HostLayerSeconds);

        void Take(double bytes, in MatrixWork matrices, in KernelMix kernels, double of, double times, bool isCopied)
        {
            if (isCopied)
            {
                copiedBytes += bytes;
                copiedOperations += 2 * of * matrices.Elements;
                copiedProducts += of * gpu.Rates.SecondsPerToken(matrices, c.FourBitFactor, c.EightBitFactor)
                    / c.ComputeEfficiency;
            }
            else
            {
                read += bytes;
                operations += 2 * kernels.Tokens(of, times, c) * matrices.Elements;
            }
        }
    }

    // Of layers whose cache lies in system memory.
    private static (double Cache, double Attention) Attention(
        in DeployedModel on, HostSide host, EngineConstants c, in PassLoad load, PassParts? parts)
    {
        double bytes = 0, operations = 0;
        foreach (ref readonly MixerLayers mixer in host.Work.Mixers.AsSpan())
        {
            MixerWork work = mixer.Work;
            double attended = work.Attended(load.Context);
            bytes += mixer.Layers * load.Sequences * ((attended * work.ReadElements * on.CacheBytes) + (2 * mixer.StateBytes));
            double pairs = load.PromptTokens > 0 ? work.Pairs(load.Cached, load.Prompt) * load.Prompts : 0;
            operations += mixer.Layers * ((load.Written * ((attended * work.CachedPairOperations) + work.StateOperations))
                + (pairs * work.PairOperations) + (load.PromptTokens * work.StateOperations));
        }

        (double cache, double attention) = MatrixTime.Overlapped(bytes / (host.BytesPerSecond * c.HostCacheEfficiency),
            host.Attention.Tokens(operations, 0, c) / (host.OperationsPerSecond * c.HostAttentionEfficiency), c.SerialShare);
        parts?.Add("cache in system memory", 1, bytes, PassMeasure.Bytes, host.BytesPerSecond, cache);
        parts?.Add("attention of the processor", 1, operations, PassMeasure.Operations, host.OperationsPerSecond, attention);
        return (cache, attention);
    }
}
