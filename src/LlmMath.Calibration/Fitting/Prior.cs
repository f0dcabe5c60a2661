namespace LlmMath.Calibration;

/// <summary>Where a constant is expected before any row is seen, and how far (as a factor's logarithm) engines, generations and
/// both together may stray from it. A width of 0 holds the constant.</summary>
/// <param name="Center">Its usual value, in the units of <see cref="EngineConstant.All"/>.</param>
/// <param name="Common">Width of what all rows share.</param>
/// <param name="Engine">Width of what an engine adds.</param>
/// <param name="Generation">Width of what a generation of hardware adds.</param>
/// <param name="Both">Width of what an engine adds on a generation.</param>
/// <param name="Gpu">Width of what a GPU adds.</param>
/// <param name="Vendor">Width of what a vendor's hardware adds.</param>
/// <param name="Release">Width of what a release of an engine adds.</param>
internal sealed record Prior(
    double Center, double Common = 0.4, double Engine = 0.12, double Generation = 0.08, double Both = 0.06, double Gpu = 0,
        double Vendor = 0, double Release = 0)
{
    private static readonly Prior s_held = new(0, 0, 0, 0, 0, Release: 0);

    /// <summary>Constants of the waits before the first token: fitted after the others, on times to the first token
    /// alone.</summary>
    public static IReadOnlySet<string> Waits { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "first_token_us", "steps_waited", "own_prefill", "queued_prefill", "queue_exponent",
        "latent_wait_us",
    };

    /// <summary>Of serving engines. Widths were chosen by cross-validation (leave a model × GPU out) over all three engines
    /// together.</summary>
    public static Prior Serving(string name) => name switch
    {
        "bandwidth_efficiency" => new(0.7, 0.25, 0.03, 0.02, Release: 0.04),
        "cache_bandwidth_efficiency" => new(0.6, 0.75),
        "compute_efficiency" => new(0.6, 0.25, Release: 0.04),
        "half_tokens" => new(40, 1),
        "four_bit_factor" => new(0.6, 0.1),
        "expert_compute_factor" => new(0.7, 0.4),
        "expert_half_tokens" => new(10, 1),
        "expert_bandwidth_factor" => new(0.8, 1.2, Release: 0.04),
        "routing_spread" => new(0.8, 0.25),
        "attention_efficiency" => new(0.4, 0.8),
        "serial_share" => new(0.3, 0.8),
        "step_us" => new(300),
        "layer_us" => new(15, 0.4, 0.03, Release: 0.04),
        "norm_us" => new(4, Release: 0.04),
        "mixture_layer_us" => new(15, 0.4, 0.03, 0.24, 0.015),
        "latent_layer_us" => new(10, 1.5, 0.36, 0.2, 0.015, Release: 0.04),
        "indexer_layer_us" => new(15, Generation: 0.2),
        "recurrent_layer_us" => new(15, 1.5, 0.1, 0.2),
        "sequence_us" => new(10, 0.8),
        "hop_us" => new(4, Release: 0.04),
        "exchange_us" => new(2),
        "link_efficiency" => new(0.5),
        "prefill_step_us" => new(2000),
        "prefill_layer_us" => new(50),
        "interleaved_share" => new(0.9, 0.4),
        "first_token_us" => new(10000, 1, 0.6, 0.1, 0.1, Release: 0.05),
        "steps_waited" => new(0.5, 1, 0.6, 0.1, 0.1, Release: 0.2),
        "own_prefill" => new(1, 0.3, 0.3, 0.1, 0.1, Release: 0.1),
        "queued_prefill" => new(0.05, 1, 0.6, 0.1, 0.1, Release: 0.2),
        "queue_exponent" => new(1, 0.2, 0.1, 0.05, 0.05),
        "latent_wait_us" => new(1000, 1, 0.5, 0.3, 0.3),
        "eight_bit_factor" => new(0.9, 0.6),
        "eight_bit_layer_us" => new(5, 1.5, 0.1, 0.2, 0.1),
        "activation_bytes" or "unpacked_share" or "score_bytes" or "matrix_us" => s_held,
        _ => throw new ArgumentException(name, nameof(name)),
    };

    /// <summary>Of engines that answer one request at a time on one machine: what depends on batches and expert parallelism is
    /// held at its bound. How a kernel uses a GPU follows the vendor's libraries and, less, the generation and the
    /// card.</summary>
    public static Prior Local(string name) => name switch
    {
        "bandwidth_efficiency" => new(0.8, 0.15, 0.1, 0.1, 0.05, 0.12),
        "cache_bandwidth_efficiency" => new(0.5, 0.5, 0.3, 0.2, 0, 0.1, 0.3),
        "compute_efficiency" => new(0.6, 0.3, 0.15, 0.15, 0, 0.15, 0.3),
        "four_bit_factor" => new(0.9, 0.2, 0.1, 0.05, 0, 0, 0.3),
        "half_tokens" => new(30, 1, 0, 0.3, 0, 0.2),
        "attention_efficiency" => new(0.4, 0.3, 0.2, 0.2),
        "expert_bandwidth_factor" => new(0.9, 0.2, 0.1),
        "expert_compute_factor" => new(0.7, 0.3, 0.2),
        "expert_half_tokens" => new(20, 0.5, 0.3),
        "serial_share" => new(0.3, 0.5, 0, 0.1, 0, 0),
        "step_us" => new(100, 1, 0.5, 0.3, 0, 0.2),
        "layer_us" => new(15, 1, 0.5, 0.3, 0, 0.3),
        "mixture_layer_us" => new(15, 0.7, 0.5, 0.2),
        "recurrent_layer_us" => new(15, 0.7, 0.3, 0.2),
        "hop_us" => new(10, 0.7, 0.7, 0.2),
        "prefill_layer_us" => new(60, 0.2, 0, 0.1, 0, 0, 0.2),
        "prefill_step_us" => new(300, 0.5, 0, 0, 0, 0),
        "activation_bytes" => new(15, 0.5, 0.2, 0.1, 0, 0, 0.3),
        "unpacked_share" => new(0.6, 0.5, 0, 0, 0, 0, 0.7),
        "score_bytes" => new(25, 0.7, 0, 0.2, 0, 0.1, 0.5),
        "first_token_us" or "norm_us" or "latent_layer_us" or "indexer_layer_us" or "sequence_us" or "exchange_us" or "matrix_us"
            or "steps_waited" or "queued_prefill" or "latent_wait_us" or "eight_bit_layer_us" => s_held,
        _ => new(1, 0, 0, 0, 0, Release: 0),
    };
}
