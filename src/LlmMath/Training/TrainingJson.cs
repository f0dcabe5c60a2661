using LlmMath.Basics;
using LlmMath.Interchange;

namespace LlmMath.Training;

/// <summary>Training estimates as their figures in JSON.</summary>
internal static class TrainingJson
{
    public static TrainingFigures Of(TrainingEstimate e, double? price, bool explain)
    {
        (Deployment on, TrainingMemory memory, TrainingSpeed? speed) = (e.Deployment, e.Memory, e.Speed);
        return new()
        {
            Model = on.Model.Name,
            Gpu = on.Gpu?.Name,
            Gpus = on.Placement.Gpus,
            Trainer = on.Engine?.Name,
            TrainableParameters = e.TrainableParameters,
            PerGpuBytes = memory.Process.Expected.Bytes,
            AllocatedBytes = memory.Allocated.Bytes,
            ReservedBytes = memory.Reserved.Expected.Bytes,
            HostBytes = memory.Host.Bytes,
            NvmeBytes = memory.Nvme.Bytes,
            Peak = Words.Of(memory.Moment),
            Parts = [.. memory.Parts.Select(part => new NamedBytes(part.Name, part.Size.Bytes))],
            Flops = e.TotalFlops,
            Flops6nd = e.Flops.SixTimesParameters * e.Run.Tokens,
            TokensPerSecondPerGpu = Of(speed?.TokensPerSecondPerGpu, 1),
            StepMs = Of(speed?.Step, time => time.TotalMilliseconds),
            Phases = [.. (speed?.Phases ?? []).Select(phase => new NamedTime(phase.Name, phase.Milliseconds)
            {
                RangeMs = Of(phase.Range, time => time.TotalMilliseconds),
            })],
            MemoryPhases = [.. memory.Phases.Select(part => new NamedBytes(part.Name, part.Size.Bytes))],
            Goodput = Of(speed?.Goodput, 1),
            CheckpointSeconds = speed?.Checkpoint.TotalSeconds,
            CheckpointEveryMinutes = speed?.CheckpointInterval is { } every && every < TimeSpan.MaxValue
                ? every.TotalMinutes : null,
            GpuHours = Of(speed?.GpuHours, 1),
            Hours = Of(speed?.Whole, time => time.TotalHours),
            CostUsd = price is { } dollars ? Of(speed?.GpuHours, dollars) : null,
            Mfu = Of(speed?.Mfu, 1),
            Basis = Words.Of(speed?.Basis ?? memory.Basis),
            Fits = memory.Fits,
            Saves = [.. e.Savings().Select(saving => new SavingFigure(saving.Knob, saving.Saved.Bytes, saving.Slowdown))],
            Explain = explain
                ? [.. memory.Explain().Select(line => new ByteLine(line.Term, line.Formula, line.Value))] : null,
        };
    }

    private static RangeFigures? Of(RateRange? range, double factor) =>
        range is { } known ? new(known.Low * factor, known.Expected * factor, known.High * factor) : null;

    private static RangeFigures? Of(TimeRange? range, Func<TimeSpan, double> unit) =>
        range is { } known ? new(unit(known.Low), unit(known.Expected), unit(known.High)) : null;
}
