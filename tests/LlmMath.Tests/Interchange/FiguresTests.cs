using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LlmMath.Training;

namespace LlmMath.Tests.Interchange;

/// <summary>Estimates as JSON: what was written comes back, key by key, and means what the estimate said.</summary>
public class FiguresTests
{
    private static readonly Deployment s_chat = new(ModelCatalog.Llama3_1_8b, GpuCatalog.H100Sxm80Gb, EngineCatalog.Vllm,
        WeightFormat.Fp8);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EveryKindComesBackAsItWasWritten(bool explain)
    {
        var workload = new Workload(1024, 256, 32);
        ComesBack(s_chat.Model.Figures(CountingConvention.HandEstimate, explain), FiguresContext.Default.ParameterFigures);
        ComesBack(s_chat.Memory(workload).Figures(explain), FiguresContext.Default.MemoryFigures);
        ComesBack(s_chat.Speed(workload).Figures(explain), FiguresContext.Default.SpeedFigures);
        ComesBack(Trained().Figures(2.5, explain), FiguresContext.Default.TrainingFigures);
    }

    [Fact]
    public void SizesAreInBytesTimesInMillisecondsAndFormatsByName()
    {
        MemoryEstimate memory = s_chat.Memory(new Workload(1024, 256, 32));
        MemoryFigures held = memory.Figures();
        Assert.Equal((memory.Total.Bytes, "fp8", "vllm", 32, true),
            (held.TotalBytes, held.Weights, held.Engine, held.Batch, held.Fits));

        InferenceEstimate speed = s_chat.Speed(new Workload(1024, 256, 32));
        SpeedFigures times = speed.Figures();
        Assert.Equal(speed.TimeToFirstToken.Expected.TotalMilliseconds, times.TimeToFirstTokenMs.Expected);
        Assert.Equal(("closed-loop", "measured"), (times.Arrival, times.Basis));

        TrainingFigures trained = Trained().Figures(2.5);
        Assert.Equal(Trained().Speed!.GpuHours.Expected * 2.5, trained.CostUsd!.Expected);
        Assert.Null(Trained().Figures().CostUsd);
    }

    [Fact]
    public void WhatAConfigLeftOutIsAValueOfItsKind()
    {
        ModelDefinition model = HuggingFaceConfig.Read(
            new MemoryStream("""{"model_type":"llama","num_hidden_layers":2}"""u8.ToArray()));
        ParameterFigures figures = model.Figures();
        Assert.Equal(model.AssumedDefaults.Count, figures.Assumed.Count);
        Assert.Equal(4096, figures.Assumed.Single(assumed => assumed.Field == "hidden_size").Value.GetInt64());
        ComesBack(figures, FiguresContext.Default.ParameterFigures);
    }

    [Fact]
    public void WhereThereIsNoEstimateThereAreNoFigures()
    {
        Assert.Equal("Deployment", Assert.Throws<EstimateException>(() => default(MemoryEstimate).Figures()).Field);
        Assert.Equal("Deployment", Assert.Throws<EstimateException>(() => default(InferenceEstimate).Figures()).Field);
    }

    internal static TrainingEstimate Trained() => new Deployment(ModelCatalog.Llama3_1_8b, GpuCatalog.H100Sxm80Gb,
        TrainerCatalog.Torchtitan, WeightFormat.Bf16)
    {
        Placement = new() { Data = 8, Sharding = Sharding.Zero3 },
    }.Training(new TrainingRun(TrainingMethod.Full, 1_000_000));

    private static void ComesBack<T>(T figures, JsonTypeInfo<T> type)
    {
        string text = JsonSerializer.Serialize(figures, type);
        T read = JsonSerializer.Deserialize(text, type)!;
        Assert.Equal(text, JsonSerializer.Serialize(read, type));
    }
}
