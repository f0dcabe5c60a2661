using System.Buffers.Binary;
using System.Text;

namespace LlmMath.Tests.Interchange;

/// <summary>Reading GGUF headers: versions, byte orders, sizes, and every way to be wrong.</summary>
public class GgufReaderTests
{
    [Theory]
    [InlineData(2u, false)]
    [InlineData(3u, false)]
    [InlineData(2u, true)]
    [InlineData(3u, true)]
    public void EitherVersionAndByteOrderGivesTheSame(uint version, bool bigEndian)
    {
        GgufFile file = Small();
        CheckpointHeader expected = file.Read();
        CheckpointHeader read =
            new GgufFile { Version = version, IsBigEndian = bigEndian, Metadata = file.Metadata, Tensors = file.Tensors }.Read();
        Assert.Equal("gguf", read.Format);
        Assert.Equal(expected.Metadata, read.Metadata);
        Assert.Equal(expected.ListLengths, read.ListLengths);
        Assert.Equal<StoredTensor>(expected.Tensors, read.Tensors);
        Assert.Equal(new StoredTensor("token_embd.weight", [500, 256], "Q4_K", 128_000, 72_000), read.Tensors[0]);
        Assert.Equal("llama", read.Metadata["general.architecture"]!.Text);
        Assert.Equal(3, read.ListLengths["tokenizer.ggml.tokens"]!.Integer);
        Assert.Null(read.Metadata["tokenizer.ggml.tokens"]);
        Assert.Equal(2, read.Metadata["llama.list"]!.List!.Count);
        Assert.True(read.Metadata["llama.flag"]!.Flag);
        Assert.Equal(0.5, read.Metadata["llama.real"]!.Real);
    }

    [Fact]
    public void AFileOf400GigabytesIsReadByItsHeaderAlone()
    {
        ModelDefinition model = ModelCatalog.Find("llama-3.1-405b");
        GgufFile file = GgufConversion.Convert(model);
        file.Tensors.ForEach(tensor => Assert.Equal("F16", tensor.Type));
        SparseFile stream = file.Open();
        Assert.True(stream.Length > 800_000_000_000L);
        long before = GC.GetAllocatedBytesForCurrentThread();
        CheckpointHeader header = Gguf.ReadHeader(stream, "llama-405b.gguf");
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(model.ParameterCount(), header.Parameters);
        Assert.InRange(stream.BytesRead, 50_000, 200_000);
        Assert.InRange(allocated, 0, 4 << 20);
    }

    [Fact]
    public void AVocabularyIsPassedOver()
    {
        var tokens = new string[100_000];
        Array.Fill(tokens, "a token of some length");
        var file = new GgufFile { Metadata = [("general.architecture", "llama"), ("tokenizer.ggml.tokens", tokens)],
            Tensors = [new("a", [64])] };
        SparseFile stream = file.Open();
        long before = GC.GetAllocatedBytesForCurrentThread();
        CheckpointHeader header = Gguf.ReadHeader(stream);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(100_000, header.ListLengths["tokenizer.ggml.tokens"]!.Integer);
        Assert.InRange(allocated, 0, 1 << 16);
    }

    [Fact]
    public void AStreamThatCannotSeekIsReadToo()
    {
        GgufFile file = Small();
        using var stream = new OneWayStream([.. file.Header(), .. new byte[file.DataBytes]]);
        Assert.Equal<StoredTensor>(file.Read().Tensors, Gguf.ReadHeader(stream).Tensors);
    }

    [Fact]
    public void CutShortAtAnyByteIsAnErrorThatNamesTheFile()
    {
        byte[] header = Small().Header();
        int end = header.Length - 32;
        for (int length = 0; length < end; length++)
        {
            byte[] start = header[..length];
            foreach (Stream stream in new Stream[] { new MemoryStream(start), new OneWayStream(start) })
            {
                var error = Assert.Throws<DefinitionException>(() => Gguf.ReadHeader(stream, "cut.gguf"));
                Assert.Equal(DefinitionFault.Malformed, error.Fault);
                Assert.StartsWith("cut.gguf: ", error.Message);
                Assert.NotEmpty(error.Field);
            }
        }
    }

    [Theory]
    [InlineData(8, "tensor_count")]
    [InlineData(16, "metadata_kv_count")]
    [InlineData(24, "metadata key 0")]
    public void ACountOrLengthBeyondTheFileIsRefusedAtOnce(int offset, string field)
    {
        foreach (ulong number in new[] { ulong.MaxValue, 1UL << 63, (1UL << 63) - 1, 1UL << 40 })
        {
            byte[] header = Small().Header();
            BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(offset), number);
            Refused(header, field);
        }
    }

    [Fact]
    public void AListLongerThanTheFileIsRefused()
    {
        byte[] header = Small().Header();
        int at = IndexOf(header, "llama.list") + "llama.list".Length + 8;
        foreach (ulong number in new[] { ulong.MaxValue, 1UL << 63, 1UL << 33 })
        {
            BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(at), number);
            Refused(header, "llama.list");
        }
    }

    [Fact]
    public void AListOfListsIsRefused()
    {
        byte[] header = Small().Header();
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(IndexOf(header, "llama.list") + "llama.list".Length + 4), 9);
        Refused(header, "llama.list", "list of lists");
    }

    [Theory]
    [InlineData("dimension", 0UL)]
    [InlineData("dimension", 1UL << 63)]
    [InlineData("dimension", ulong.MaxValue)]
    [InlineData("dimension", (1UL << 63) - 1)]
    [InlineData("dimension", 255UL)]
    [InlineData("offset", 64UL)]
    [InlineData("offset", ulong.MaxValue)]
    public void ATensorThatCannotBeIsRefused(string what, ulong number)
    {
        byte[] header = Small().Header();
        int at = IndexOf(header, "token_embd.weight") + "token_embd.weight".Length + 4;
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(what == "offset" ? at + 20 : at), number);
        Refused(header, "token_embd.weight");
    }

    [Theory]
    [InlineData(4u)]
    [InlineData(31u)]
    [InlineData(43u)]
    [InlineData(uint.MaxValue)]
    public void ARemovedOrUnknownTypeIsRefused(uint type)
    {
        byte[] header = Small().Header();
        int at = IndexOf(header, "token_embd.weight") + "token_embd.weight".Length + 20;
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(at), type);
        Refused(header, "token_embd.weight", "number format");
    }

    [Fact]
    public void FiveDimensionsAreRefused() =>
        Refused(new GgufFile { Tensors = [new("a", [1, 1, 1, 1, 64])] }.Header(), "a", "at most 4");

    [Fact]
    public void DimensionsThatOverflowAreRefused()
    {
        var error = Refused(new GgufFile { Tensors = [new("a", [1L << 31, 1L << 31, 1L << 31])] }, "a");
        Assert.Equal(DefinitionFault.TooLarge, error.Fault);
    }

    [Fact]
    public void ATensorOrKeyGivenTwiceIsRefused()
    {
        Refused(new GgufFile { Tensors = [new("a", [64]), new("a", [64])] }.Header(), "a", "twice");
        Refused(new GgufFile { Metadata = [("k", 1), ("k", 2)], Tensors = [new("a", [64])] }.Header(), "k", "twice");
        Refused(new GgufFile { Metadata = [("", 1)], Tensors = [new("a", [64])] }.Header(), "", "empty");
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(4u)]
    [InlineData(0x0400_0000u)]
    public void AnotherVersionIsRefused(uint version) =>
        Refused(new GgufFile { Version = version, Tensors = [new("a", [64])] }.Header(), "version", "2 and 3");

    [Fact]
    public void AnotherFileIsRefused()
    {
        Refused("PK\u0003\u0004 and so on"u8.ToArray(), "magic", "is not GGUF");
        Refused([], "magic");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void AnAlignmentThatIsNoPowerOfTwoIsRefused(int alignment) =>
        Refused(new GgufFile { Metadata = [("general.alignment", alignment)], Tensors = [new("a", [64])] }.Header(),
            "general.alignment", "power of two");

    [Fact]
    public void DataCutShortIsRefused()
    {
        GgufFile file = Small();
        byte[] header = file.Header();
        var error = Assert.Throws<DefinitionException>(
            () => Gguf.ReadHeader(new SparseFile(header, header.Length + file.DataBytes - 1000), "cut.gguf"));
        Assert.StartsWith("cut.gguf: data: ends at", error.Message);
    }

    [Theory]
    [InlineData("text", 1UL << 29, "longer than")] // a text within the file, but longer than any header
    [InlineData("list", 1UL << 34, "more than the header has room for")]
    [InlineData("tensor_count", 2_000_000UL, "at most 1,000,000")]
    [InlineData("metadata_kv_count", 100_000UL, "at most 65,536")]
    public void AFileFullOfZerosCostsNothing(string what, ulong number, string problem)
    {
        byte[] header = Small().Header();
        int at = what switch
        {
            "tensor_count" => 8,
            "metadata_kv_count" => 16,
            "text" => IndexOf(header, "general.architecture") + "general.architecture".Length + 4,
            _ => IndexOf(header, "tokenizer.ggml.tokens") + "tokenizer.ggml.tokens".Length + 8,
        };
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(at), number);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error =
            Assert.Throws<DefinitionException>(() => Gguf.ReadHeader(new ZeroTailStream(header, 400_000_000_000L), "zeros.gguf"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Contains(problem, error.Message);
    }

    [Fact]
    public void LongTextsAndMoreListsThanAModelHasArePassedOver()
    {
        var file = new GgufFile
        {
            Metadata =
            [
                ("long", new string('x', (1 << 20) + 1)), ("short", "kept"),
                .. Enumerable.Range(0, 30).Select(i => ($"list.{i}", (object)new bool[65_536])),
            ],
            Tensors = [new("a", [64])],
        };
        CheckpointHeader header = file.Read();
        Assert.Null(header.Metadata["long"]);
        Assert.Equal("kept", header.Metadata["short"]!.Text);
        Assert.Equal(65_536, header.Metadata["list.0"]!.List!.Count);
        Assert.Null(header.Metadata["list.29"]);
        Assert.Equal(65_536, header.ListLengths["list.29"]!.Integer);
        Assert.Single(header.Tensors);
    }

    private static GgufFile Small() => new()
    {
        Metadata =
        [
            ("general.architecture", "llama"), ("llama.block_count", 1), ("llama.flag", true), ("llama.real", 0.5f),
            ("llama.list", new[] { 1, -2 }),
            ("tokenizer.ggml.tokens", new[] { "<s>", "", "é" }), ("llama.large", ulong.MaxValue),
            ("llama.switches", new[] { true, false }),
        ],
        Tensors = [new("token_embd.weight", [500, 256], "Q4_K"), new("blk.0.attn_q.weight", [64, 96], "Q8_0"),
            new("output_norm.weight", [7], "F32")],
    };

    private static DefinitionException Refused(byte[] header, string field, string? problem = null)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<DefinitionException>(() => Gguf.ReadHeader(new MemoryStream(header), "bad.gguf"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Equal("bad.gguf", error.File);
        Assert.Equal(field, error.Field);
        Assert.StartsWith("bad.gguf: ", error.Message);
        Assert.Contains(problem ?? "", error.Message, StringComparison.Ordinal);
        return error;
    }

    private static DefinitionException Refused(GgufFile file, string field)
    {
        // The writer cannot know what overflowing dimensions take.
        file.Tensors[0] = file.Tensors[0] with { Shape = [.. file.Tensors[0].Shape] };
        byte[] header = Overflowing(file);
        return Refused(header, field);
    }

    private static byte[] Overflowing(GgufFile file)
    {
        long[] shape = file.Tensors[0].Shape;
        byte[] header = new GgufFile { Tensors = [new(file.Tensors[0].Name, [.. shape.Select(_ => 64L)])] }.Header();
        int at = IndexOf(header, file.Tensors[0].Name) + file.Tensors[0].Name.Length + 4;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(at + (8 * axis)), (ulong)shape[axis]);
        }

        return header;
    }

    private static int IndexOf(byte[] header, string name) =>
        header.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name)) is >= 0 and var at
        ? at
        : throw new ArgumentException(name);
}
