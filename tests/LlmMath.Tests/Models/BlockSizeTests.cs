using Role = LlmMath.Architectures.TensorRole;

namespace LlmMath.Tests.Models;

/// <summary>What a block's mixers and feed-forward layers say of their sizes, held against the matrices that it stores: later
/// floors read the sizes, counts read the tensors, and both must tell of the same model.</summary>
public class BlockSizeTests
{
    private static readonly Role[] s_roles =
        [Role.Attention, Role.State, Role.FeedForward, Role.Expert, Role.SharedExpert, Role.Router];

    public static TheoryData<string> Models() => [.. ModelCatalog.Entries.Names];

    [Theory]
    [MemberData(nameof(Models))]
    public void SizesMakeTheMatricesOf_AModel(string name) => Check(ModelCatalog.Find(name).Architecture);

    [Theory]
    [MemberData(nameof(DescribedModels.Families), MemberType = typeof(DescribedModels))]
    public void SizesMakeTheMatricesOf_AFamilysDefaults(string family)
    {
        if (DescribedModels.Defaults(family) is { } architecture)
        {
            Check(architecture);
        }
    }

    [Theory]
    [MemberData(nameof(DescribedModels.Odd), MemberType = typeof(DescribedModels))]
    public void SizesMakeTheMatricesOf_AnOddModel(string config) => Check(DescribedModels.Read(config));

    private static void Check(Architecture a)
    {
        foreach (Block block in (IEnumerable<Block>)a.Blocks)
        {
            foreach (Role role in s_roles)
            {
                long stored = block.Tensors.Where(tensor => tensor.Role == role && DescribedModels.IsMatrix(tensor))
                    .Sum(t => t.Elements);
                long claimed = block.Mixers.Sum(mixer => Matrices(mixer, role, a.HiddenSize))
                    + block.FeedForwards.Sum(feedForward => Matrices(feedForward, role));
                long beyond = Beyond(a, block, role);
                Assert.True(stored == claimed + beyond, $"{a.Family}, layer {block.Layers[0]}, {role}: "
                    + $"stored {stored:N0}, by its sizes {claimed:N0} and beyond them {beyond:N0}");
            }

            Assert.All(block.Tensors.Where(tensor => tensor.Role == Role.Expert), tensor =>
                Assert.Contains((tensor.Experts, tensor.ActiveExperts), block.FeedForwards.OfType<MixtureOfExperts>()
                    .Select(moe => ((long?)moe.Experts, (long?)moe.ActiveExperts))));
        }
    }

    private static long Matrices(SequenceMixer mixer, Role role, long hidden) => (mixer, role) switch
    {
        (BlockSparseAttention m, Role.Attention) => (m.HiddenSize * (m.QuerySize + m.KeySize + m.ValueSize + m.OutputSize))
            + (m.HiddenSize * m.IndexHeadDim * (m.IndexHeads + 1)),
        (GroupedQueryAttention m, Role.Attention) => m.HiddenSize * (m.QuerySize + m.KeySize + m.ValueSize + m.OutputSize),
        (LatentAttention m, Role.Attention) => Latent(m),
        (SharedKeyValueAttention m, Role.Attention) => (m.QueryRank * (m.HiddenSize + m.QuerySize)) + (m.HiddenSize * m.HeadDim)
            + (m.OutputRank * (m.QuerySize + (m.OutputGroups * m.HiddenSize))),
        (CompressedContext { SharesEntries: false } m, Role.Attention) => Pooling(m) + IndexQueries(m),
        (CompressedContext m, Role.Attention) => IndexQueries(m),
        (MambaMixer m, Role.State) => (m.InnerSize * (3 * m.HiddenSize)) + (m.InnerSize * m.ConvolutionKernel)
            + (m.InnerSize * (m.TimeStepRank + (2 * m.StateSize))) + (m.TimeStepRank * m.InnerSize) + (m.InnerSize * m.StateSize),
        (Mamba2Mixer m, Role.State) => (m.HiddenSize * (m.InnerSize + m.ConvolutionSize + m.Heads))
            + (m.ConvolutionSize * m.ConvolutionKernel) + (m.InnerSize * m.HiddenSize),
        (GatedDeltaNet m, Role.State) => (m.HiddenSize * (m.ConvolutionSize + m.ValueSize + (2 * m.ValueHeads)))
            + (m.ConvolutionSize * m.ConvolutionKernel) + (m.ValueSize * m.HiddenSize),
        (LinearAttention m, Role.State) => 5 * hidden * m.Heads * m.HeadDim,
        (LinearRecurrentUnit m, Role.State) => (3 * m.HiddenSize * m.Width) + (m.Width * m.ConvolutionKernel)
            + (2 * m.Width * m.Width / m.GateBlocks),
        (MatrixLstm m, Role.State) => (m.HiddenSize * (2 * (m.KeySize + m.ValueSize + m.Heads))) + (m.ValueSize * m.HiddenSize),
        (Rwkv7Mixer m, Role.State) => (4 * m.HiddenSize * m.HiddenSize) + m.HiddenSize
            + (2 * m.HiddenSize * (m.DecayRank + m.RateRank + m.GateRank + m.ValueRank)),
        (ConvolvedAttention m, Role.State) =>
            (m.QuerySize + m.KeySize) * ((m.ConvolutionTaps / 2 + 1) * (1 + m.HeadDim)),
        (Rwkv4Mixer m, Role.State) => 4 * m.HiddenSize * m.AttentionSize,
        (ShortConvolution m, Role.State) => (4 * m.HiddenSize * m.HiddenSize) + (m.HiddenSize * m.ConvolutionKernel),
        _ => 0,
    };

    private static long Latent(LatentAttention m)
    {
        long queries = m.Heads * (m.NopeHeadDim + m.RopeHeadDim);
        long query = m.QueryRank is { } rank ? rank * (m.HiddenSize + queries) : m.HiddenSize * queries;
        long index = m.Indexer is { IsShared: false } i
            ? (m.QueryRank!.Value * i.Heads * i.HeadDim) + (m.HiddenSize * (i.HeadDim + i.Heads))
            : 0;
        return query + (m.HiddenSize * (m.KeyValueRank + m.RopeHeadDim))
            + (m.KeyValueRank * m.Heads * (m.NopeHeadDim + m.ValueHeadDim)) + (m.Heads * m.ValueHeadDim * m.HiddenSize) + index;
    }

    // Entries that an indexer picks overlap: a vector and a gate of twice the width, for keys and for the indexer's own.
    private static long Pooling(CompressedContext m) =>
        2 * m.HiddenSize * (m.Indexer is { } indexer ? 2 * (m.HeadDim + indexer.HeadDim) : m.HeadDim);

    private static long IndexQueries(CompressedContext m) => m.Indexer is { IsShared: false } indexer
        ? indexer.Heads * ((m.QueryRank * indexer.HeadDim) + m.HiddenSize)
        : 0;

    private static long Matrices(FeedForward feedForward, Role role) => (feedForward, role) switch
    {
        (DenseFeedForward f, Role.FeedForward) => 2 * f.HiddenSize * f.IntermediateSize,
        (GatedFeedForward f, Role.FeedForward) => 3 * f.HiddenSize * f.IntermediateSize,
        (MixtureOfExperts f, Role.Expert) => f.Experts * (f.IsGated ? 3 : 2) * f.HiddenSize * f.ExpertIntermediateSize,
        (MixtureOfExperts f, Role.SharedExpert) => (f.IsGated ? 3 : 2) * f.HiddenSize * f.SharedIntermediateSize,
        (MixtureOfExperts f, Role.Router) => f.Experts > 1 ? f.HiddenSize * f.Experts : 0,
        _ => 0,
    };

    /// <summary>What a family stores beyond (or, negative, short of) its sizes, and why.</summary>
    private static long Beyond(Architecture a, Block block, Role role) => (a.Family, role, Attention(block)) switch
    {
        // The attention's output has a gate, made by a matrix of its own or by a query projection of twice the outputs.
        ("afmoe" or "hrm_text", Role.Attention, { } m) => m.HiddenSize * m.OutputSize,
        ("qwen3_next" or "qwen3_5_text" or "qwen3_5_moe_text", Role.Attention, { } m) => m.HiddenSize * m.QuerySize,

        // A layer that reads an earlier layer's keys and values projects none; Gemma 3n stores the matrices that it does not use.
        ("hunyuan_v1_moe" or "gemma4_text" or "gemma4_unified_text", Role.Attention, { SharesKeyValueCache: true } m) =>
            -m.HiddenSize * (m.KeySize + m.ValueSize),

        // Keys serve as values where the layer has no projection for them.
        ("gemma4_text" or "gemma4_unified_text", Role.Attention, { } m) when Named(block, ".v_proj") == 0 =>
            -m.HiddenSize * m.ValueSize,

        // Attention reads the hidden state beside the embedding and writes the hidden state; adapters vary a shared block.
        ("zamba2", Role.Attention, { } m) =>
            Named(block, "self_attn.linear_") - ((m.HiddenSize - a.HiddenSize) * m.OutputSize),
        ("zamba2", Role.FeedForward, _) => Named(block, "feed_forward.gate_up_proj_adapter"),

        ("zamba", Role.Attention, { } m) => -(m.HiddenSize - a.HiddenSize) * m.OutputSize,

        // One factor a channel, cut into groups.
        ("zamba", Role.State, _) => block.Mixers.OfType<MambaMixer>().Sum(m => m.InnerSize),

        // Time steps and decays are made for each head, not for each channel.
        ("plamo2", Role.State, _) => block.Mixers.OfType<MambaMixer>().Sum(m =>
            -(m.TimeStepRank * (m.InnerSize - (m.InnerSize / 128))) - (m.InnerSize * m.StateSize)),

        // A router of three layers.
        ("zaya", Role.Router, _) => Named(block, "mlp.gate.") - block.FeedForwards.OfType<MixtureOfExperts>().Sum(moe =>
            moe.HiddenSize * moe.Experts),

        // Values make a mask. Experts that are vectors are found by the two halves of their number.
        ("doge", Role.Attention, { } m) => m.ValueSize * m.KeyValueHeads,
        ("doge", Role.Router, _) => block.FeedForwards.OfType<MixtureOfExperts>().Sum(moe =>
            moe.HiddenSize * ((2 * (long)Math.Sqrt(moe.Experts)) - moe.Experts)),

        // Queries and outputs belong to the experts of attention.
        ("jetmoe", Role.Attention, { } m) => -m.HiddenSize * (m.QuerySize + m.OutputSize),

        // A square matrix stands in a part's place.
        ("nemotron-nas", Role.Attention, null) => Named(block, "linear_attn"),
        ("nemotron-nas", Role.FeedForward, _) => Named(block, "linear_mlp"),

        // Routed experts work in a narrower projection of the stream; router and shared experts see the stream.
        ("nemotron_h", Role.FeedForward, _) => Named(block, "latent_proj"),
        ("nemotron_h", Role.Router or Role.SharedExpert, _) => block.FeedForwards.OfType<MixtureOfExperts>().Sum(moe =>
            (a.HiddenSize - moe.HiddenSize) * (role == Role.Router ? moe.Experts : 2 * moe.SharedIntermediateSize)),

        // Channel mixing is a feed-forward layer with a square gate.
        ("rwkv", Role.FeedForward, _) => a.HiddenSize * a.HiddenSize,

        // Queries and the output's gate come from one projection of the compressed queries before and after their norm.
        ("axk2", Role.Attention, _) => block.Mixers.OfType<LatentAttention>().Sum(m => m.QueryRank!.Value * m.Heads
            * ((2 * m.ValueHeadDim) + m.NopeHeadDim + m.RopeHeadDim)),

        // The small experts have no router of their own.
        ("grove_moe", Role.Router, _) =>
            -block.FeedForwards.OfType<MixtureOfExperts>().Skip(1).Sum(m => m.HiddenSize * m.Experts),

        // The router also scores experts that pass their input on.
        ("longcat_flash", Role.Router, _) => a.HiddenSize * 256,

        // Vectors are pooled without overlap, and without a gate where each token is an entry; index keys are made of them.
        ("deepseek_v41_text" or "deepseek_v41", Role.Attention, _) =>
            block.Mixers.OfType<CompressedContext>().Where(m => !m.SharesEntries).Sum(m =>
                ((m.TokensPerEntry == 1 ? 1 : 2) * m.HiddenSize * m.HeadDim) + (m.HeadDim * m.Indexer!.HeadDim) - Pooling(m)),

        // Decays are made at the rank of a head, and so are gates but in Kimi K3, not by one matrix of full width each.
        ("kimi_linear" or "glm5_next_text" or "bailing_hybrid" or "solar_open2", Role.State, _) =>
            block.Mixers.OfType<GatedDeltaNet>().Sum(m => Named(block, ".f_") + Named(block, ".g_")
                - (m.HiddenSize * (m.ValueSize + m.ValueHeads))),

        // The output's gate, and experts that work in a narrower projection of the stream (Kimi K3).
        ("kimi_linear", Role.Attention, _) => block.Mixers.OfType<LatentAttention>().Any() ? Named(block, "self_attn.g_proj") : 0,
        ("kimi_linear", Role.FeedForward, _) => Named(block, "routed_expert_"),
        ("kimi_linear", Role.Router or Role.SharedExpert, _) => block.FeedForwards.OfType<MixtureOfExperts>().Sum(moe =>
            (a.HiddenSize - moe.HiddenSize) * (role == Role.Router ? moe.Experts : 3 * moe.SharedIntermediateSize)),

        // The attention's output has a gate, of each head or of each element.
        ("laguna" or "step3p5" or "solar_open2", Role.Attention, { }) => Named(block, "self_attn.g_proj"),
        ("bailing_hybrid", Role.Attention, _) => block.Mixers.OfType<LatentAttention>().Any() ? Named(block, ".g_proj") : 0,
        ("hy_v4", Role.Attention, _) => Named(block, ".linear_gate"),

        // A gate pools the indexer's keys.
        ("glm5_next_text", Role.Attention, _) => Named(block, "kpool_compress_gate"),

        // Positions are relative, by vectors that a matrix makes; convolutions stand around the parts; the router scores shared
        // experts too.
        ("inkling_text", Role.Attention, _) => Named(block, ".wr_du"),
        ("inkling_text", Role.State, _) => Named(block, "sconv"),
        ("inkling_text", Role.Router, _) => block.FeedForwards.OfType<MixtureOfExperts>().Sum(moe =>
            moe.HiddenSize * moe.SharedIntermediateSize / moe.ExpertIntermediateSize),
        ("muse_glimmer_text", Role.Attention, _) => Named(block, "self_attn.gate_proj"),
        _ => 0,
    };

    private static GroupedQueryAttention? Attention(Block block) => block.Mixers.OfType<GroupedQueryAttention>().FirstOrDefault();

    private static long Named(Block block, string part) =>
        block.Tensors.Where(tensor => tensor.Name.Contains(part) && DescribedModels.IsMatrix(tensor))
            .Sum(tensor => tensor.Elements);
}
