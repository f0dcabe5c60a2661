namespace LlmMath.Tests.Numerics.Quantization;

public class NumberFormatsTests
{
    [Theory]
    [InlineData("fp8", "e4m3")]
    [InlineData("FP8-E5M2", "e5m2")]
    [InlineData("F16", "fp16")]
    [InlineData("BF16", "bf16")]
    [InlineData("Q4_K_M", "q4_k")]
    [InlineData("int8", "int8-row")]
    [InlineData("int4", "int4-block")]
    [InlineData("nvfp4", "nvfp4")]
    public void UsualNamesAreFound(string name, string found) => Assert.Equal(found, NumberFormats.Find(name).Name);

    [Fact]
    public void NamesAreDistinctAndFindThemselves()
    {
        Assert.Equal(NumberFormats.All.Count, NumberFormats.All.Select(format => format.Name).Distinct().Count());
        Assert.All(NumberFormats.All, format => Assert.Same(format, NumberFormats.Find(format.Name.ToUpperInvariant())));
    }

    [Fact]
    public void AnUnknownNameListsTheNearest()
    {
        Assert.Contains("q4_k", Assert.Throws<UnknownNameException>(() => NumberFormats.Find("q4k")).Message,
            StringComparison.Ordinal);
        Assert.Contains("calibration", Assert.Throws<ArgumentException>(() => NumberFormats.Find("gptq-4bit-128g")).Message,
            StringComparison.Ordinal);
    }

    // The sizes that a GGUF file gives its blocks, from the table its reader uses.
    [Fact]
    public void GgufSizesAgreeWithTheReaders()
    {
        int found = 0;
        for (uint id = 0; id < 64; id++)
        {
            if (GgufType.Of(id) is { } type && NumberFormats.OfStored(type.Name) is { } format)
            {
                Assert.Equal(type.BlockElements, format.BlockElements);
                Assert.Equal(type.BlockBytes, format.ByteCount(type.BlockElements));
                found++;
            }
        }

        Assert.Equal(16, found);
    }

    [Theory]
    [InlineData("int8-row", 1000, 1004)]
    [InlineData("int8-row-asym", 1000, 1005)]
    [InlineData("int4-tensor", 1001, 505)]
    [InlineData("int4-block", 129, 68 + 5)]
    [InlineData("int4-block-asym", 256, 138)]
    [InlineData("nf4", 65, 72)]
    [InlineData("nf4-dq", 16_384, 4 + 4 + 256 + 8192)]
    [InlineData("nvfp4", 64, 40)]
    public void BytesAreWhatTheLayoutTakes(string name, long elements, long bytes) =>
        Assert.Equal(bytes, NumberFormats.Find(name).ByteCount(elements));
}
