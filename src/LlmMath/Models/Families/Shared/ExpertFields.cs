using System.Globalization;
using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>Mixtures of experts in the fields that configs share, and Qwen's choice of the layers that have experts.</summary>
internal static class ExpertFields
{
    /// <summary>Reads a mixture. A field comes with the reference's default for it where it is missing; null for a field that
    /// must be given.</summary>
    /// <param name="c">The config.</param>
    /// <param name="hidden">Width of the residual stream.</param>
    /// <param name="experts">The field with the number of routed experts.</param>
    /// <param name="active">Default of <paramref name="activeField"/>.</param>
    /// <param name="width">The field with the width of one expert.</param>
    /// <param name="shared">The field with the number of shared experts, each as wide as a routed one; null where there are
    /// none.</param>
    /// <param name="activeField">The field with the number of routed experts that one token uses, at most as many as there
    /// are.</param>
    public static MixtureOfExperts Mixture(this ConfigReader c, long hidden, (string Field, long? Default) experts, long? active,
        (string Field, long? Default) width, (string Field, long Default)? shared = null,
        string activeField = "num_experts_per_tok")
    {
        long routed = c.Size(experts.Field, experts.Default), expertWidth = c.Size(width.Field, width.Default);
        long used = c.Size(activeField, active);
        return new()
        {
            HiddenSize = hidden,
            Experts = routed,
            ActiveExperts = used <= routed
                ? used
                : throw c.Invalid(activeField, string.Format(CultureInfo.InvariantCulture,
                    "must be at most the {0:N0} experts; it is {1:N0}.", routed, used)),
            ExpertIntermediateSize = expertWidth,
            SharedIntermediateSize = shared is { } beside ? c.Count(beside.Field, beside.Default) * expertWidth : 0,
        };
    }

    /// <summary>Which layers have experts by <c>decoder_sparse_step</c> and <c>mlp_only_layers</c>: every such step's last layer,
    /// but for those listed.</summary>
    public static Func<int, bool> SparseLayers(this ConfigReader c)
    {
        long step = c.Size("decoder_sparse_step", 1);
        Func<int, bool> isDense = c.Listed("mlp_only_layers") ?? (_ => false);
        return layer => (layer + 1) % step == 0 && !isDense(layer);
    }
}
