// Every floor of the library once, compiled ahead of time: catalog, counting, working, readers, memory. Fails by exit status.
using System.Text;
using LlmMath;

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
CheckpointHeader header = Safetensors.ReadHeader(new MemoryStream([.. BitConverter.GetBytes((long)json.Length), .. json, .. new byte[16]]));
Expect(header.Parameters, 8, "safetensors");
Expect(CheckpointComparison.Of(header, read).Unexpected.Count, 1, "comparison");
Expect(WeightMemory.Of(3, WeightFormat.Fp4).Bytes, 2, "weights");

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
