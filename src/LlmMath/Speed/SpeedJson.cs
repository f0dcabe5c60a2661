using LlmMath.Basics;
using LlmMath.Interchange;

namespace LlmMath.Speed;

/// <summary>Speed estimates as their figures in JSON.</summary>
internal static class SpeedJson
{
    public static SpeedFigures Of(in InferenceEstimate e, bool explain)
    {
        (Deployment on, Workload workload) = (e.Deployment, e.Workload);
        return new()
        {
            Model = on.Model.Name,
            Gpu = on.Gpu?.Name,
            Gpus = on.Gpus,
            PrefillGpus = on.Prefill?.Placement.Gpus,
            PrefillGpu = on.Prefill is { } side ? (side.Gpu ?? on.Gpu)?.Name : null,
            DecodeGpus = on.Prefill is null ? null : on.Placement.Gpus,
            Tp = on.Placement.Tensor,
            Pp = on.Placement.Pipeline,
            Dp = on.Placement.Data,
            Ep = on.Placement.Expert,
            Engine = e.Engine.Name,
            Weights = on.Weights.Name,
            Kv = on.Keys.Name,
            Batch = workload.Requests,
            Prompt = workload.PromptTokens,
            Cached = workload.CachedPromptTokens,
            Output = workload.OutputTokens,
            Arrival = workload.Arrival switch
            {
                null => e.Engine.Speed is { IsContinuous: true } ? "closed-loop" : "together",
                Arrival.Continuous => "steady",
                { } how => Words.Of(how),
            },
            DraftTokens = workload.Speculation?.DraftTokens,
            TokensPerStep = workload.Speculation is { } drafts ? Of(drafts) : null,
            TimeToFirstTokenMs = Of(e.TimeToFirstToken),
            InterTokenLatencyMs = Of(e.InterTokenLatency),
            TotalMs = Of(e.TotalTime),
            OutputTokensPerSecond = Of(e.TokensPerSecond),
            OutputTokensPerSecondPerUser = Of(e.TokensPerSecondPerUser),
            OutputTokensPerSecondPerGpu = Of(e.TokensPerSecondPerGpu),
            JoulesPerToken = e.JoulesPerToken,
            RunningRequests = e.RunningRequests,
            SteadyStateRequests = Math.Round(e.SteadyStateRequests, 2),
            Bottleneck = Words.Of(e.Bottleneck),
            Basis = Words.Of(e.Basis),
            Evidence = e.Evidence(),
            EvidenceRows = e.EvidenceRows,
            EvidenceSources = e.EvidenceSources,
            DequantizesWeights = e.DequantizesWeights,
            Fits = e.Fits,
            PrefillPerGpuBytes = on.PrefillMemory(workload)?.PerGpu.Bytes,
            DecodePerGpuBytes = on.Prefill is null ? null : on.Memory(workload).PerGpu.Bytes,
            Tensors = on.Tensors?.ToString(),
            HostBytes = on.Memory(workload).Host.Bytes,
            Warnings = e.Warnings(),
            Explain = explain ? [.. e.Explain().Select(line => new TimeLine(line.Term, line.Formula, line.Seconds * 1e3))] : null,
        };
    }

    private static RangeFigures Of(SpeculativeDecoding drafts) => new(
        drafts.TokensPerStep * (drafts.TokensPerStepRange?.Low ?? 1), drafts.TokensPerStep,
        drafts.TokensPerStep * (drafts.TokensPerStepRange?.High ?? 1));

    private static RangeFigures Of(TimeRange range) =>
        new(range.Low.TotalMilliseconds, range.Expected.TotalMilliseconds, range.High.TotalMilliseconds);

    private static RangeFigures Of(RateRange range) => new(range.Low, range.Expected, range.High);
}
