using System.ComponentModel;
using LlmMath.Basics;

namespace LlmMath.Engines;

/// <summary>One constant of an engine: what it is called in JSON, and what it means.</summary>
/// <param name="Name">Its name in <c>catalog/engines</c>, with its unit.</param>
/// <param name="Neutral">The value of the pure bound: an efficiency of 1, a time of 0.</param>
/// <param name="Meaning">What it stands for.</param>
/// <param name="Unit">What one of it is in the unit that estimates reckon in, seconds or a share: 10⁻⁶ for microseconds.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record EngineConstant(string Name, double Neutral, string Meaning, double Unit = 1)
{
    private const double Microseconds = 1e-6;

    /// <summary>Whether it is what a machine's processor and its link reach, not a GPU.</summary>
    internal bool IsOfHost => Name.StartsWith("host_", StringComparison.Ordinal)
        || Name.StartsWith("copy_", StringComparison.Ordinal);

    /// <summary>All constants, in the order of <see cref="EngineConstants"/>.</summary>
    public static ValueList<EngineConstant> All { get; } =
    [
        new("bandwidth_efficiency", 1, "share of the memory bandwidth that reading weights reaches"),
        new("cache_bandwidth_efficiency", 1, "share of the memory bandwidth that reading the cache reaches"),
        new("compute_efficiency", 1, "share of the peak rate that matrix products reach with many tokens"),
        new("half_tokens", 0, "tokens at which matrix products reach half of that share"),
        new("four_bit_factor", 1, "factor on the share of 4-bit weights"),
        new("expert_compute_factor", 1, "factor on the share in experts"),
        new("expert_half_tokens", 0, "tokens of one expert at which its products reach half of their share"),
        new("expert_bandwidth_factor", 1, "factor on the bandwidth of experts' weights"),
        new("routing_spread", 1, "independent picks that one token counts for when experts touched are reckoned"),
        new("attention_efficiency", 1, "share of the 16-bit peak rate that attention's products reach"),
        new("serial_share", 0, "share of the lesser of memory and compute time that is not hidden behind the greater"),
        new("step_us", 0, "microseconds of a pass", Microseconds),
        new("layer_us", 0, "microseconds of a layer", Microseconds),
        new("norm_us", 0, "microseconds of a normalization", Microseconds),
        new("mixture_layer_us", 0, "microseconds that a layer of experts adds", Microseconds),
        new("latent_layer_us", 0, "microseconds that latent attention adds in a layer", Microseconds),
        new("indexer_layer_us", 0, "microseconds that a sparse indexer adds in a layer", Microseconds),
        new("recurrent_layer_us", 0, "microseconds that a recurrent state adds in a layer", Microseconds),
        new("sequence_us", 0, "microseconds that a sequence adds to a decoding pass", Microseconds),
        new("hop_us", 0, "microseconds that each doubling of the tensor-parallel GPUs adds in a layer", Microseconds),
        new("exchange_us", 0,
            "microseconds that each doubling of the expert-parallel GPUs adds in a layer, attention being data-parallel",
            Microseconds),
        new("link_efficiency", 1, "share of the link's bandwidth that collectives reach"),
        new("prefill_step_us", 0, "microseconds that a prefill pass adds", Microseconds),
        new("prefill_layer_us", 0, "microseconds that a layer adds in a prefill pass", Microseconds),
        new("first_token_us", 0, "microseconds before a request is taken up", Microseconds),
        new("steps_waited", 0, "intervals between tokens that a new request waits"),
        new("activation_bytes", 0, "bytes of memory traffic for each element that enters or leaves a matrix"),
        new("unpacked_share", 0, "share of making and reading 16-bit copies of packed weights that shows in a prefill pass"),
        new("score_bytes", 0, "bytes of memory traffic for a head's score of two tokens, where it does not stay in the chip"),
        new("matrix_us", 0, "microseconds that starting a product adds for each matrix", Microseconds),
        new("eight_bit_factor", 1, "factor on the share of 8-bit weights"),
        new("rounded_layer_us", 0, "microseconds that a layer of experts adds whose activations are rounded", Microseconds),
        new("product_factor", 1, "times what kernels' timings give for matrix products"),
        new("launch_share", 1, "share of a single kernel's launch that shows among others"),
        new("expert_factor", 1, "times what kernels' timings give for experts"),
        new("decode_factor", 1, "times what kernels' timings give for attention of written tokens"),
        new("prompt_factor", 1, "times what kernels' timings give for attention of prompts"),
        new("collective_factor", 1, "times what timings give for collectives"),
        new("request_us", 0, "microseconds of the host for a request, one after the other", Microseconds),
        new("prompt_token_us", 0, "microseconds of the host for a token of a prompt", Microseconds),
        new("host_bandwidth_efficiency", 1, "share of system memory's bandwidth that the processor reaches reading weights"),
        new("host_cache_efficiency", 1, "share of it that the processor reaches reading the cache"),
        new("host_compute_efficiency", 1, "the processor's products ÷ its fp32 peak: integer products exceed 1"),
        new("host_tiled_factor", 1, "factor on that of tiled kernels"),
        new("host_rows_factor", 1, "factor on it of kernels that take a row with a token at a time"),
        new("host_grid_factor", 1, "factor on it of those that look elements up in a table besides"),
        new("host_layer_us", 0, "microseconds of a layer that has weights in system memory", Microseconds),
        new("host_half_tokens", 0, "tokens at which the processor's products reach half of that"),
        new("host_attention_efficiency", 1, "the processor's products of attention ÷ its fp32 peak"),
        new("plain_cache_factor", 1, "factor on the share in reading the cache without flash attention"),
        new("latent_cache_factor", 1, "factor on the shares of attention over latent caches"),
        new("wide_bandwidth_factor", 1, "factor on the bandwidth of 16-bit weights"),
        new("copy_efficiency", 1, "share of the PCI Express link that copying weights to the GPU reaches"),
        new("prompt_cache_factor", 1,
            "factor on the memory bandwidth at which attention reads the cache again for each block of a prompt"),
        new("stage_sequence_us", 0, "microseconds that a sequence adds to each stage of a pipeline", Microseconds),
        new("four_bit_expert_factor", 1, "factor on that of experts in 4 bits"),
        new("first_mixture_layer_us", 0, "microseconds that a layer of experts adds before the first token", Microseconds),
        new("first_latent_layers", 0, "layers of experts that one of latent attention counts for before the first token"),
    ];

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(EngineConstant), PrintMembers);
}
