namespace LlmMath.Tests.Interchange;

/// <summary>What a kind of layer writes, whatever the architecture.</summary>
internal sealed partial class GgufMetadata
{
    private void Experts()
    {
        Copy("expert_feed_forward_length", "moe_intermediate_size");
        Copy("expert_shared_count", "n_shared_experts", "num_shared_experts");
        Copy("leading_dense_block_count", "first_k_dense_replace");
    }

    private void Latent(bool isCompressed)
    {
        LatentAttention a = _model.Architecture.Blocks.SelectMany(b => b.Mixers).OfType<LatentAttention>().First();
        Add("attention.q_lora_rank", a.QueryRank is { } rank ? rank : null);
        Add("attention.kv_lora_rank", a.KeyValueRank);
        Add("rope.dimension_count", a.RopeHeadDim);
        Add("attention.head_count_kv", 1);
        Add("attention.key_length", isCompressed ? a.KeyValueRank + a.RopeHeadDim : a.NopeHeadDim + a.RopeHeadDim);
        Add("attention.value_length", isCompressed ? a.KeyValueRank : null);
        Add("attention.key_length_mla", isCompressed ? a.NopeHeadDim + a.RopeHeadDim : null);
        Add("attention.value_length_mla", isCompressed ? a.ValueHeadDim : null);
        Add("attention.indexer.head_count", a.Indexer?.Heads);
        Add("attention.indexer.key_length", a.Indexer?.HeadDim);
        if (a.Indexer is not null && _architecture == "glm-dsa")
        {
            Add("attention.indexer.types", Each(layer => Mixers<LatentAttention>()(layer)!.Indexer!.IsShared ? 0 : 1));
        }
    }

    private void Mamba2()
    {
        Architecture a = _model.Architecture;
        Mamba2Mixer mamba = a.Blocks.SelectMany(b => b.Mixers).OfType<Mamba2Mixer>().First();
        StateSpace(mamba.InnerSize, mamba.StateSize, mamba.ConvolutionKernel, mamba.Heads, mamba.Groups);
        if (_architecture == "mamba2")
        {
            Add("feed_forward_length", 0);
            Add("attention.head_count", 0);
            Add("attention.key_length", null);
            Add("attention.value_length", null);
        }
        else if (_architecture != "falcon-h1")
        {
            Add("attention.head_count_kv", Each(layer => Mixers<GroupedQueryAttention>()(layer)?.KeyValueHeads ?? 0));
        }

        if (_architecture.StartsWith("nemotron_h", StringComparison.Ordinal))
        {
            Add("feed_forward_length",
                Each(layer => BlockAt(layer).FeedForwards.OfType<DenseFeedForward>().FirstOrDefault()?.IntermediateSize ?? 0));
            Copy("attention.key_length", "head_dim", "attention_head_dim");
            Copy("expert_feed_forward_length", "moe_intermediate_size");
            Copy("expert_shared_feed_forward_length", "moe_shared_expert_intermediate_size");
            Copy("moe_latent_size", "moe_latent_size");
        }
        else if (_architecture == "granitehybrid")
        {
            Copy("expert_shared_feed_forward_length", "shared_intermediate_size");
        }
    }

    private void StateSpace(long inner, long state, long kernel, long rank, long groups)
    {
        Add("ssm.inner_size", inner);
        Add("ssm.state_size", state);
        Add("ssm.conv_kernel", kernel);
        Add("ssm.time_step_rank", rank);
        Add("ssm.group_count", groups == 0 ? null : groups);
    }

    private void ShortConvolution()
    {
        if (_model.Architecture.Blocks.SelectMany(b => b.Mixers).OfType<ShortConvolution>().FirstOrDefault() is { } convolution)
        {
            Add("shortconv.l_cache", convolution.ConvolutionKernel);
            Add("attention.head_count_kv", Each(layer => Mixers<GroupedQueryAttention>()(layer)?.KeyValueHeads ?? 0));
        }
    }
}
