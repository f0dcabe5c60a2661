using System.Buffers.Binary;
using System.Text;

namespace LlmMath.Tests.Interchange;

/// <summary>Reading safetensors headers, and every way to be wrong.</summary>
public class SafetensorsTests
{
    private const string One = """{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}""";

    [Fact]
    public void AHeaderGivesTensorsAndMetadata()
    {
        CheckpointHeader header = Read(
            $$"""{"__metadata__":{"format":"pt"},"b":{"dtype":"F4","shape":[6],"data_offsets":[24,27]},"a":{{One}}}""", 27);
        Assert.Equal("safetensors", header.Format);
        Assert.Equal(
            [new StoredTensor("b", [6], "F4", 6, 3) { Start = 24 }, new StoredTensor("a", [2, 3], "F32", 6, 24)], header.Tensors);
        Assert.Equal("pt", header.Metadata["format"]!.Text);
        Assert.Equal((12, 27), (header.Parameters, header.Bytes));
    }

    [Fact]
    public void AScalarHasNoDimensions() =>
        Assert.Equal(new StoredTensor("s", [], "I64", 1, 8),
            Assert.Single(Read("""{"s":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}""", 8).Tensors));

    [Fact]
    public void AFileOf400GigabytesIsReadByItsHeaderAlone()
    {
        ModelDefinition model = ModelCatalog.Find("llama-3.1-405b");
        SparseFile file = SafetensorsFile.Open(SafetensorsFile.Tensors(model));
        Assert.True(file.Length > 800_000_000_000L);
        long before = GC.GetAllocatedBytesForCurrentThread();
        CheckpointHeader header = Safetensors.ReadHeader(file);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
        Assert.InRange(file.BytesRead, 50_000, 300_000);
        Assert.Equal(model.ParameterCount(), header.Parameters);
    }

    [Fact]
    public void AStreamThatCannotSeekIsReadToo()
    {
        byte[] header = SafetensorsFile.Header([("a", [3, 5])], out _);
        Assert.Equal(15, Safetensors.ReadHeader(new OneWayStream(header)).Parameters);
    }

    [Fact]
    public void CutShortAtAnyByteIsAnErrorThatNamesTheFile()
    {
        byte[] header = SafetensorsFile.Header([("model.embed_tokens.weight", [4, 8]), ("é", [7])], out long data);
        byte[] whole = [.. header, .. new byte[data]];
        Assert.Equal(39, Safetensors.ReadHeader(new MemoryStream(whole)).Parameters);
        for (int length = 0; length < whole.Length; length++)
        {
            Refused(whole[..length], null);
        }

        for (int length = 0; length < header.Length; length++)
        {
            Assert.Throws<DefinitionException>(
                () => Safetensors.ReadHeader(new OneWayStream(whole[..length]), "bad.safetensors"));
        }
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    [InlineData((1UL << 63) - 1)]
    [InlineData(100_000_001UL)]
    [InlineData(100_000UL)]
    public void AHeaderLongerThanTheFileIsRefusedAtOnce(ulong length)
    {
        byte[] bytes = SafetensorsFile.Header("{}");
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        Refused(bytes, "header");
        Assert.Throws<DefinitionException>(() => Safetensors.ReadHeader(new OneWayStream(bytes), "bad.safetensors"));
    }

    [Theory]
    [InlineData("", "header", "JSON")]
    [InlineData("[]", "header", "must be a JSON object")]
    [InlineData("{", "header", "JSON")]
    [InlineData("{}x", "header", "JSON")]
    [InlineData("""{"a":1}""", "a", "must be an object")]
    [InlineData("""{"a":{}}""", "a.dtype", "is missing")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,4]}}""", "a.shape", "is missing")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", "a.data_offsets", "is missing")]
    [InlineData("""{"a":{"dtype":32,"shape":[1],"data_offsets":[0,4]}}""", "a.dtype", "must be a string")]
    [InlineData("""{"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}""", "a.dtype", "not a number format")]
    [InlineData("""{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}""", "a.shape", "list")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "a.shape", "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", "a.shape", "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4]}}""", "a.shape", "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", "a.shape", "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}}""", "a.shape", "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", "a.shape", "dimension of 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,2],"data_offsets":[0,4]}}""", "a.shape", "2^63")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,4]}}""", "a.shape", "2^63")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}""", "a.shape",
        "more than 16")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", "a.data_offsets", "start ≤ end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", "a.data_offsets", "start ≤ end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""", "a.data_offsets", "span 8 bytes")]
    [InlineData("""{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,1]}}""", "a.data_offsets", "F4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "a.data_offsets", "follow one another")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""",
        "b.data_offsets", "follow one another")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        "a", "twice")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "a.dtype", "twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}""", "a.x", "not a field")]
    [InlineData("""{"__metadata__":{"k":1}}""", "__metadata__.k", "must be a string")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"}}""", "__metadata__.k", "twice")]
    [InlineData("""{"\ud800":{}}""", "header", "UTF-8")]
    public void AHeaderThatCannotBeIsRefused(string json, string field, string problem)
    {
        DefinitionException error = Refused([.. SafetensorsFile.Header(json), .. new byte[64]], field);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NestingIsRefusedWithoutRecursion()
    {
        string json = string.Concat("""{"a":{"shape":""", new string('[', 1_000_000));
        Refused(SafetensorsFile.Header(json), null);
        Refused(SafetensorsFile.Header(string.Concat(Enumerable.Repeat("""{"a":""", 200_000))), null);
    }

    private static CheckpointHeader Read(string json, int data) =>
        Safetensors.ReadHeader(new MemoryStream([.. SafetensorsFile.Header(json), .. new byte[data]]));

    private static DefinitionException Refused(byte[] bytes, string? field)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<DefinitionException>(() => Safetensors.ReadHeader(new MemoryStream(bytes), "bad.safetensors"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (4 << 20) + (4 * bytes.Length));
        Assert.Equal("bad.safetensors", error.File);
        Assert.StartsWith("bad.safetensors: ", error.Message);
        Assert.NotEmpty(error.Field);
        Assert.Equal(field ?? error.Field, error.Field);
        return error;
    }
}
