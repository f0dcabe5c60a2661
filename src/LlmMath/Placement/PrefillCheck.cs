namespace LlmMath.Placement;

/// <summary>Lays out the GPUs that read prompts for others, and refuses what cannot be.</summary>
internal static class PrefillCheck
{
    /// <summary>The model on the GPUs that read prompts; null where those that write read them too.</summary>
    /// <param name="of">The deployment.</param>
    /// <param name="engine">Its engine as it runs on the GPUs that write.</param>
    /// <exception cref="EstimateException">Something of that side cannot be; the error names it.</exception>
    public static PlacedModel? Placed(Deployment of, Engine? engine)
    {
        if (of.Prefill is not { } side)
        {
            return null;
        }

        if (engine is not { Disaggregates: true })
        {
            throw Wrong("Prefill", $"{engine?.Name ?? "no engine"} sends no cache from GPUs that read prompts to others; "
                + $"{string.Join(", ", EngineCatalog.All.Where(other => other.Disaggregates).Select(other => other.Name))} do.");
        }

        if (of.Tensors is not null)
        {
            throw Wrong("Prefill", "GPUs that read prompts for others hold all weights; leave Tensors away.");
        }

        if (side.LinkBytesPerSecond is { } rate && !(rate > 0 && double.IsFinite(rate)))
        {
            throw Wrong("Prefill.LinkBytesPerSecond",
                FormattableString.Invariant($"bytes a second above 0 are right; it is {rate}."));
        }

        if (side.Gpu is { } other && other.Name != of.Gpu?.Name && side.LinkBytesPerSecond is null)
        {
            throw Wrong("Prefill.LinkBytesPerSecond",
                $"{other} and {of.Gpu?.Name ?? "no GPU"} have no link in common: give the bytes a second between them.");
        }

        try
        {
            return (of with
            {
                Prefill = null,
                Placement = side.Placement,
                Gpu = side.Gpu ?? of.Gpu,
                Engine = PlacedModel.ChosenEngine(of),
            }).Placed;
        }
        catch (EstimateException wrong) when (!wrong.IsTooLarge)
        {
            throw new EstimateException($"Prefill.{wrong.Field}", wrong.Problem, wrong.Suggestion, wrong);
        }
    }

    private static EstimateException Wrong(string field, string problem) => new(field, problem);
}
