using System.Text.Json;
using LlmMath.Interchange;

namespace LlmMath.Memory;

/// <summary>Counts and memory estimates as their figures in JSON.</summary>
internal static class MemoryJson
{
    public static MemoryFigures Of(in MemoryEstimate e, bool explain)
    {
        (Deployment on, Workload workload, ByteRange range) = (e.Deployment, e.Workload, e.TotalRange);
        return new()
        {
            Model = on.Model.Name,
            Gpu = on.Gpu?.Name,
            Weights = on.StoredWeights is null ? on.Weights.Name : "checkpoint",
            Kv = on.Keys == on.Values ? on.Keys.Name : $"{on.Keys}/{on.Values}",
            Engine = e.Engine?.Name,
            Batch = workload.Requests,
            Context = workload.Context,
            Tp = on.Placement.Tensor,
            Pp = on.Placement.Pipeline,
            Ep = on.Placement.Expert,
            Dp = on.Placement.Data,
            PrefillGpus = on.Prefill?.Placement.Gpus,
            PrefillPerGpuBytes = on.PrefillMemory(workload)?.PerGpu.Bytes,
            WeightsBytes = e.Weights.Bytes,
            KvBytesPerToken = e.KeyValueBytesPerToken.Bytes,
            KvBytesPerTokenBeyondWindows = e.KeyValueBytesPerTokenBeyondWindows.Bytes,
            StateBytes = e.State.Bytes,
            KvCacheBytes = e.KeyValueCache.Bytes,
            ActivationBytes = e.Activations.Bytes,
            RuntimeBytes = e.Runtime.Bytes,
            AdditionBytes = e.Additions.Bytes,
            TotalBytes = e.Total.Bytes,
            TotalRange = new(range.Low.Bytes, range.Expected.Bytes, range.High.Bytes),
            PerGpuBytes = e.PerGpu.Bytes,
            PerGpuWeightsBytes = e.PerGpuWeights.Bytes,
            PerGpuKvCacheBytes = e.PerGpuCache.Bytes,
            RotaryTableBytes = e.RotaryTable.Bytes,
            HostBytes = e.Host.Bytes,
            HostWeightsBytes = e.HostWeights.Bytes,
            Tensors = e.Deployment.Tensors?.ToString(),
            Fits = e.Fits,
            RoomBytes = e.Fit?.Room.Bytes,
            Warnings = e.Warnings(),
            Explain = explain ? Lines(e.Explain()) : null,
        };
    }

    public static ParameterFigures Of(ModelDefinition model, CountingConvention convention, bool explain)
    {
        ParameterBreakdown count = model.Parameters(convention);
        WeightFormat? own = OwnFormat(model);
        return new()
        {
            Model = model.Name,
            Family = count.Architecture.Family,
            Convention = Basics.Words.Of(convention),
            Parameters = count.Total,
            ActiveParameters = count.Active,
            Components = [.. count.Components.Select(part => new NamedCount(part.Name, part.Parameters))],
            BeyondDecoder = [.. count.Architecture.Additions.Select(part => new NamedCount(part.Name, part.Parameters))],
            NotCounted = [.. count.Architecture.NotCounted.Select(part => part.Text)],
            CheckpointFormat = own?.Name,
            CheckpointBytes = own is null ? null : model.CheckpointSize(own).Bytes,
            NotUnderstood = model.NotUnderstood,
            Assumed = [.. model.AssumedDefaults.Select(assumed => new AssumedFigure(assumed.Field, Value(assumed.Value)))],
            Explain = explain
                ? [.. count.Explain().Select(line => new CountLine(line.Term, line.Formula, line.Value, line.Total))] : null,
        };
    }

    private static ByteLine[] Lines(IEnumerable<DerivationLine> lines) =>
        [.. lines.Select(line => new ByteLine(line.Term, line.Formula, line.Value, line.Total))];

    // What cannot be read of it stands under what was not understood.
    private static WeightFormat? OwnFormat(ModelDefinition model)
    {
        try
        {
            return model.CheckpointFormat;
        }
        catch (DefinitionException)
        {
            return null;
        }
    }

    private static JsonElement Value(ConfigValue value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            switch (value)
            {
                case { Integer: { } number }:
                    writer.WriteNumberValue(number);
                    break;
                case { Real: { } real }:
                    writer.WriteNumberValue(real);
                    break;
                case { Flag: { } flag }:
                    writer.WriteBooleanValue(flag);
                    break;
                case { Kind: ConfigValueKind.Null }:
                    writer.WriteNullValue();
                    break;
                default:
                    writer.WriteStringValue(value.Text ?? value.ToString());
                    break;
            }
        }

        using var document = JsonDocument.Parse(stream.ToArray());
        return document.RootElement.Clone();
    }
}
