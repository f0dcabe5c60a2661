using LlmMath.Engines;

namespace LlmMath.Generators;

/// <summary>The speed section of an engine as C#.</summary>
internal static class EngineSpeedEmitter
{
    public static string Expression(EngineSpeed speed)
    {
        var settings = new Settings();
        settings.Flag("IsContinuous", speed.IsContinuous);
        settings.Flag("ReadsPromptsApart", speed.ReadsPromptsApart);
        settings.Set("Kernels", EngineEmitter.Text(speed.Kernels));
        settings.Flag("SumsInHalf", speed.SumsInHalf);
        settings.Flag("WritesScores", speed.WritesScores);
        settings.Flag("UnpacksWeights", speed.UnpacksWeights);
        settings.Flag("QuantizesActivations", speed.QuantizesActivations);
        settings.Flag("CopiesExpertsByUse", speed.CopiesExpertsByUse);
        settings.Flag("AttendsBeyondWindows", speed.AttendsBeyondWindows);
        settings.Set("QueuedLaunches", EngineEmitter.Number(speed.QueuedLaunches));
        settings.Set("DraftedSequenceMicroseconds",
            speed.DraftedSequenceMicroseconds is { } drafted ? Literal.Of(drafted) : null);
        settings.Set("DraftedRequests", EngineEmitter.Number(speed.DraftedRequests));
        settings.Set("Backends", speed.Backends.Count == 0 ? null : Literal.List<EngineBackend>(speed.Backends.Select(backend =>
            Literal.New<EngineBackend>(Literal.Of(backend.Vendor), Literal.Of(backend.Version)))));
        settings.Set("ProcessorKernels", Kernels(speed.ProcessorKernels));
        settings.Set("ProcessorAttention", Kernels(speed.ProcessorAttention));
        settings.Set("PromptRows", speed.PromptRows.Count == 0 ? null : Literal.List<PromptRows>(speed.PromptRows.Select(rows =>
            Literal.New<PromptRows>(Literal.Of(rows.Release), Literal.Of(rows.Rows), Literal.Of(rows.Vendor, "null")))));
        settings.Set("AllToAll", speed.AllToAll is { } exchange ? Literal.New<ExpertExchange>(Literal.Of(exchange.FromGpus),
            Literal.List<string>(exchange.Architectures.Select(Literal.Of)), Literal.Of(exchange.SendsPerExpert)) : null);
        settings.Set("Generations", Literal.List<EngineGeneration>(speed.Generations.Select(Generation)));
        settings.Set("Version", EngineEmitter.Text(speed.Version));
        settings.Set("Releases",
            speed.Releases.Count == 0 ? null : Literal.List<EngineRelease>(speed.Releases.Select(Release)));
        settings.Texts("Sources", speed.Sources);
        settings.Set("Note", EngineEmitter.Text(speed.Note));
        return settings.New<EngineSpeed>();
    }

    public static string Of(Spread spread) => Literal.New<Spread>(Literal.Of(spread.Low), Literal.Of(spread.High));

    private static string? Kernels(ValueList<ProcessorKernel> kernels) =>
        kernels.Count == 0 ? null : Literal.List<ProcessorKernel>(kernels.Select(Kernel));

    private static string Kernel(ProcessorKernel kernel) => Literal.New<ProcessorKernel>(
        EngineEmitter.Member(kernel.Kernel), Literal.List<string>(kernel.Types.Select(Literal.Of)),
        Literal.Of(kernel.Instructions, "null"), Literal.Of(kernel.Since, "null"), Literal.Of(kernel.IsWithoutGpu),
        Literal.Of(kernel.IsWithoutExperts));

    private static string Generation(EngineGeneration generation)
    {
        var settings = new Settings();
        settings.Set("Architecture", Literal.Of(generation.Architecture));
        settings.Set("Vendor", Literal.Of(generation.Vendor));
        settings.Texts("Gpus", generation.Gpus);
        settings.Set("Rows", EngineEmitter.Number(generation.Rows));
        settings.Set("FittedOn", Literal.Of(generation.FittedOn));
        settings.Set("FirstToken", Of(generation.FirstToken));
        settings.Set("InterToken", Of(generation.InterToken));
        settings.Set("Constants", Literal.New<EngineConstants>(Numbers(generation.Constants.Values)));
        return settings.New<EngineGeneration>();
    }

    private static string Release(EngineRelease release)
    {
        var settings = new Settings();
        settings.Set("Version", Literal.Of(release.Version));
        settings.Set("Rows", EngineEmitter.Number(release.Rows));
        settings.Set("FittedOn", Literal.Of(release.FittedOn));
        settings.Set("Factors", Numbers(release.Factors));
        return settings.New<EngineRelease>();
    }

    private static string Numbers(ValueList<double> numbers) =>
        Literal.List<double>(numbers.Select(Literal.Of));
}
