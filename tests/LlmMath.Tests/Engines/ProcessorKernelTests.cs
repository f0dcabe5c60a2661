using LlmMath.Engines;

namespace LlmMath.Tests.Engines;

/// <summary>Which kernel multiplies a format on a processor: ggml-org/ggml@d99724f2b, src/ggml-cpu/repack.cpp,
/// ggml_repack_get_optimal_repack_type, and src/ggml-cpu/llamafile/sgemm.cpp.</summary>
public class ProcessorKernelTests
{
    [Theory]
    [InlineData("Q4_0", "ryzen-9-7950x", false, false, ProductKernel.Interleaved)]
    [InlineData("Q2_K", "ryzen-9-7950x", false, false, ProductKernel.Interleaved)]
    [InlineData("Q2_K", "threadripper-pro-5975wx", false, false, ProductKernel.Rows)]
    [InlineData("Q8_0", "ryzen-9-7950x", false, false, ProductKernel.Tiled)]
    [InlineData("Q8_0", "ryzen-9-7950x", true, false, ProductKernel.Rows)]
    [InlineData("Q8_0", "apple-m2-max-cpu", true, false, ProductKernel.Interleaved)]
    [InlineData("Q6_K", "ryzen-9-7950x", false, false, ProductKernel.Rows)]
    [InlineData("IQ4_XS", "apple-m2-max-cpu", false, false, ProductKernel.Rows)]
    [InlineData("IQ3_S", "ryzen-9-7950x", false, false, ProductKernel.Grid)]
    // Beside a GPU matrices lie in its host buffers, as they are in the file.
    [InlineData("Q4_0", "ryzen-9-7950x", false, true, ProductKernel.Tiled)]
    [InlineData("Q4_K", "ryzen-9-7950x", true, true, ProductKernel.Rows)]
    public void OfLlamaCppItIsTheSources(string type, string host, bool isExpert, bool isBesideGpu, ProductKernel expected) =>
        Assert.Equal(expected, ProcessorKernel.Of(EngineCatalog.LlamaCpp.Speed!.ProcessorKernels, type, isExpert, isBesideGpu,
            GpuCatalog.Find(host).Instructions));

    [Fact]
    public void OfAnEngineThatDoesNotTellItIsTheReference() =>
        Assert.Equal(ProductKernel.Interleaved, ProcessorKernel.Of([], "IQ3_S", false, false, []));

    [Fact]
    public void EachProcessorHasItsInstructions() =>
        Assert.All(GpuCatalog.All.Where(gpu => gpu.IsProcessor), gpu => Assert.NotEmpty(gpu.Instructions));
}
