using LlmMath.Engines.Kernels;

namespace LlmMath.Speed.Kernels;

/// <summary>Finds the timings nearest to what a GPU and an engine run.</summary>
internal static class KernelLookup
{
    /// <summary>The profile of an operator: this GPU before its generation before others, this engine before others, this
    /// variant before those like it; of other GPUs the one with the nearest compute capability, whatever their
    /// rates.</summary>
    /// <param name="gpu">The GPU.</param>
    /// <param name="engine">The engine: <c>vllm</c>.</param>
    /// <param name="kind">What the kernel does.</param>
    /// <param name="variants">The variant, and those like it, nearest first.</param>
    public static KernelFound Find(Gpu gpu, string engine, KernelOperator kind, params ReadOnlySpan<string> variants)
    {
        KernelFile? own = KernelCatalog.Of(gpu);
        foreach (string variant in own is null ? [] : variants)
        {
            if (Best(own!.Profiles, gpu, engine, kind, variant) is { } profile)
            {
                bool isMeasured = profile.Gpu == gpu.Name && variant == variants[0]
                    && (profile.Engine == engine || profile.Engine == "any");
                return new(isMeasured ? KernelRests.Measured : KernelRests.Borrowed, profile);
            }
        }

        foreach (string variant in variants)
        {
            if (Best(KernelCatalog.All.SelectMany(file => file.Profiles), gpu, engine, kind, variant) is { } profile)
            {
                return new(KernelRests.Borrowed, profile);
            }
        }

        return new(KernelRests.None, null);
    }

    private static KernelProfile? Best(IEnumerable<KernelProfile> profiles, Gpu gpu, string engine, KernelOperator kind,
        string variant) => profiles
        .Where(profile => profile.Operator == kind && profile.Variant == variant)
        .OrderBy(profile => profile.Gpu != gpu.Name)
        .ThenBy(profile => profile.Engine == engine ? 0 : profile.Engine == "any" ? 1 : 2)
        .ThenBy(profile => KernelCatalog.Distance(gpu, profile.Gpu))
        .ThenBy(profile => profile.Gpu, StringComparer.Ordinal)
        .ThenBy(profile => profile.Engine, StringComparer.Ordinal)
        .FirstOrDefault();
}
