using System.Collections;
using System.Reflection;
using LlmMath.Testing;
using LlmMath.Tests.Models;

namespace LlmMath.Tests.Api;

/// <summary>What the library prints is the same in every country.</summary>
public class CultureTests
{
    /// <summary>Of one type; hundreds of models print alike.</summary>
    private const int MostOfAType = 40;

    [Fact]
    public void WhateverIsReachedFromAnEstimateAndTheCatalogPrintsAlikeEverywhere()
    {
        InferenceEstimate speed = ModelCatalog.Llama3_1_8b.EstimateInference(
            GpuCatalog.H100Sxm80Gb, EngineCatalog.Vllm, new Workload(512, 128, 4)
            {
                Speculation = new SpeculativeDecoding(2, 0.5),
            }, WeightFormat.Fp8);
        List<object> all = Reached([
            speed, speed.Explain(), ModelCatalog.Opt350m, GpuCatalog.All, EngineConstant.All, EngineCatalog.All,
            ModelCatalog.All.SelectMany(model => model.Evidence),
            DescribedModels.All().SelectMany(model => (IEnumerable<Block>)model.Blocks)
                .SelectMany(block => (IEnumerable<SequenceMixer>)block.Mixers).DistinctBy(mixer => mixer.GetType()),
            ModelCatalog.Opt350m.Parameters(CountingConvention.HandEstimate).Reconcile(),
            ModelCatalog.Llama3_1_8b.InferenceMemory(WeightFormat.Bf16), EngineCatalog.Vllm, GgufType.Of(2)!,
            new TensorEncoding("x", 32, 18),
            QuantizationError.Between([-3, 4], [-3.5f, 4], 8), new MeasuredRates(0.5, null, ""), CacheComparison.Of(speed),
            new PrefillSide { LinkBytesPerSecond = 0.5 },
            Planning.PlanningExamples.All(), Training.TrainingExamples.All(),
            speed.Figures(), LlmMath.Tests.Interchange.FiguresTests.Trained().Figures(2.5), new RangeFigures(0.5, 1.5, 2.5),
            LlmMath.Tests.Speed.OwnMeasurementTests.LearnedOfOne(),
            new TimeLine("a", "b", 0.5), new NamedTime("a", 0.5), new SavingFigure("a", 1, 0.5),
        ]);

        foreach (object item in all)
        {
            Assert.Equal(item.ToString(), ForeignNumbers.Run(item.ToString));
        }

        Assert.Empty(WithFractions().Except(all.Select(item => item.GetType())).Select(type => type.Name));
    }

    [Fact]
    public void ErrorsAreTheSameEverywhere()
    {
        Action[] failing =
        [
            () => PackedMatrix.Pack(MatrixFormat.Fp32, new float[1], 2000, 3000).Dispose(),
            () => MatrixFormat.Fp32.Quantize(new float[2000], new byte[1]),
            () => NumberFormats.Find("int8-tensor").Dequantize([0, 0, 0, 0, 0x80], new float[1]),
            () => Gguf.ReadHeader(new MemoryStream(
                [.. "GGUF"u8, 3, 0, 0, 0, .. new byte[8], 1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0]), "x"),
            () => Safetensors.ReadHeader(new MemoryStream([255, 255, 0, 0, 0, 0, 0, 0, 1]), "x"),
        ];
        Assert.All(failing, fail => Assert.Equal(Message(fail), ForeignNumbers.Run(() => Message(fail))));

        static string Message(Action fail) => Record.Exception(fail)!.Message;
    }

    /// <summary>Records of the library that have a member with a fraction, and whose text the compiler would make.</summary>
    private static IEnumerable<Type> WithFractions() => typeof(Gpu).Assembly.GetExportedTypes()
        .Where(type => !type.IsAbstract && type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance)
            is not null)
        .Where(type => Members(type).Any(member => (Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType)
            is { } kind && (kind == typeof(double) || kind == typeof(float))));

    private static IEnumerable<PropertyInfo> Members(Type type) => type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(member => member.GetIndexParameters().Length == 0);

    private static List<object> Reached(IEnumerable<object> roots)
    {
        var found = new Dictionary<Type, HashSet<object>>();
        var next = new Queue<object>(roots);
        while (next.TryDequeue(out object? item))
        {
            if (item is IEnumerable many and not string)
            {
                foreach (object each in many.Cast<object>().Take(MostOfAType))
                {
                    next.Enqueue(each);
                }

                continue;
            }

            if (item.GetType().Assembly != typeof(Gpu).Assembly || item.GetType().IsEnum)
            {
                continue;
            }

            HashSet<object> alike = CollectionsOf(item.GetType());
            if (alike.Count < MostOfAType && alike.Add(item))
            {
                foreach (PropertyInfo member in Members(item.GetType()))
                {
                    if (Value(member, item) is { } value)
                    {
                        next.Enqueue(value);
                    }
                }
            }
        }

        return [.. found.Values.SelectMany(items => items)];

        HashSet<object> CollectionsOf(Type type) =>
            found.TryGetValue(type, out HashSet<object>? items) ? items : found[type] = [];
    }

    // Some members throw where they do not apply: so would printing them.
    private static object? Value(PropertyInfo member, object item)
    {
        try
        {
            return member.GetValue(item);
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }
}
