// Every floor of the library once, compiled ahead of time: catalog, counting, working, readers, numerics, memory, speed. Fails by
// exit status.
using System.Text;
using LlmMath;
using LlmMath.Interchange;
using LlmMath.Numerics;

foreach (ModelDefinition model in ModelCatalog.All)
{
    Expect(model.Parameters().Total, model.ParameterCount(), model.Name);
    Expect(model.Parameters().Explain()[^1].Total, model.ParameterCount(), model.Name + " explained");
}

Expect(ModelCatalog.Find("facebook/OPT-350M").ParameterCount(CountingConvention.HandEstimate), 356_714_496, "opt-350m on paper");
Expect(GpuCatalog.All.Count(gpu => gpu.Sources.Count > 0), GpuCatalog.All.Count, "sourced accelerators");

byte[] config = """{"model_type":"llama","num_hidden_layers":1}"""u8.ToArray();
ModelDefinition read = HuggingFaceConfig.Read(new MemoryStream(config));
Expect(read.ParameterCount(), 464_531_456, "config.json");

byte[] json = """{"a":{"dtype":"F16","shape":[2,4],"data_offsets":[0,16]}}"""u8.ToArray();
CheckpointHeader header = Safetensors.ReadHeader(
    new MemoryStream([.. BitConverter.GetBytes((long)json.Length), .. json, .. new byte[16]]));
Expect(header.Parameters, 8, "safetensors");
Expect(CheckpointComparison.Of(header, read).Unexpected.Count, 1, "comparison");
Expect(WeightMemory.Of(3, WeightFormat.Fp4).Bytes, 2, "weights");

// Estimates as JSON, written and read.
string figures = System.Text.Json.JsonSerializer.Serialize(read.Figures(), FiguresContext.Default.ParameterFigures);
Expect(System.Text.Json.JsonSerializer.Deserialize(figures, FiguresContext.Default.ParameterFigures)!.Parameters, 464_531_456, "figures");

// Numerics: a matrix of ones through quantization, back, and through a product.
float[] ones = [.. Enumerable.Repeat(1f, 64 * 64)], product = new float[64];
byte[] blocks = new byte[BlockQuantizer.ByteCount<Q8_0>(ones.Length)];
BlockQuantizer.Quantize<Q8_0>(ones, blocks);
BlockQuantizer.Dequantize<Q8_0>(blocks, ones);
Expect((long)Math.Round(ones.Sum()), 64 * 64, "q8_0 there and back");
using (var matrix = PackedMatrix.FromBlocks(MatrixFormat.Q8_0, blocks, 64, 64))
{
    matrix.Multiply(ones.AsSpan(0, 64), product);
}

Expect((long)Math.Round(product.Sum()), 64 * 64, "a product");

// Memory and speed.
Expect(ModelCatalog.GptOss120b.InferenceMemory(WeightFormat.Bf16, batch: 1, context: 1024).FitsOn(GpuCatalog.Rtx4090) ? 1 : 0, 0,
    "fits");
InferenceEstimate estimate = ModelCatalog.Llama3_1_8b.EstimateInference(GpuCatalog.H100Sxm80Gb, EngineCatalog.Vllm,
    new Workload(promptTokens: 1024, outputTokens: 64), WeightFormat.Bf16);
Expect(estimate.TotalTime.Low < estimate.TotalTime.High ? 1 : 0, 1, "a range");

try
{
    HuggingFaceConfig.Read(new MemoryStream(Encoding.UTF8.GetBytes("""{"model_type":"none"}""")));
    Expect(0, 1, "an unknown family is an error");
}
catch (DefinitionException error)
{
    Expect(error.Field == "model_type" ? 1 : 0, 1, error.Message);
}

Console.WriteLine($"{ModelCatalog.All.Count} models and {GpuCatalog.All.Count} accelerators, counted and read");

static void Expect(long found, long expected, string what)
{
    if (found != expected)
    {
        Console.Error.WriteLine($"{what}: {found:N0} instead of {expected:N0}");
        Environment.Exit(1);
    }
}
