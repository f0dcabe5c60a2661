using System.Globalization;

namespace LlmMath.Families;

/// <summary>Mixtures of experts in the fields that configs share: <c>num_experts_per_tok</c>, and Qwen's choice of the layers
/// that have experts.</summary>
internal static class ExpertFields
{
    /// <summary>Routed experts that one token uses, at most as many as there are.</summary>
    public static long ActiveExperts(this ConfigReader c, long experts, long fallback, string field = "num_experts_per_tok")
    {
        long active = c.Size(field, fallback);
        return active <= experts
            ? active
            : throw c.Invalid(field, string.Format(CultureInfo.InvariantCulture,
                "must be at most the {0:N0} experts; it is {1:N0}.", experts, active));
    }

    /// <summary>Which layers have experts by <c>decoder_sparse_step</c> and <c>mlp_only_layers</c>: every such step's last layer,
    /// but for those listed.</summary>
    public static Func<int, bool> SparseLayers(this ConfigReader c)
    {
        long step = c.Size("decoder_sparse_step", 1);
        var dense = new HashSet<long>(c.Counts("mlp_only_layers") ?? []);
        return layer => (layer + 1) % step == 0 && !dense.Contains(layer);
    }
}
