using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace LlmMath.Cli.Tests;

public class QuantizeTests
{
    [Fact]
    public void JsonIsAsTheContractSays()
    {
        Command run = Command.Run("quantize", "--normal", "65536", "--format", "q4_0", "fp8", "fp32", "--json");

        Assert.Equal(0, run.Exit);
        Assert.Equal(3, run.Json.GetArrayLength());
        JsonElement q4 = run.Json[0], fp8 = run.Json[1], fp32 = run.Json[2];
        Assert.Equal(("q4_0", "e4m3", "fp32"), (Name(q4), Name(fp8), Name(fp32)));
        Assert.Equal(4.5, q4.GetProperty("bitsPerWeight").GetDouble());
        Assert.Equal(36_864, q4.GetProperty("bytes").GetInt64());
        Assert.InRange(q4.GetProperty("rmse").GetDouble(), 0.083, 0.088);
        Assert.InRange(q4.GetProperty("sqnrDb").GetDouble(), 21, 22);
        Assert.InRange(q4.GetProperty("maxError").GetDouble(), 0.3, 0.6);
        Assert.Equal(0, fp32.GetProperty("rmse").GetDouble());
        Assert.Equal(JsonValueKind.Null, fp32.GetProperty("sqnrDb").ValueKind);

        static string Name(JsonElement element) => element.GetProperty("format").GetString()!;
    }

    [Fact]
    public void WithoutFormatsAllOfThemStandInTheTable()
    {
        Command run = Command.Run("quantize", "--normal", "4096");
        Assert.Equal(0, run.Exit);
        Assert.All(NumberFormats.All, format => Assert.Contains($" {format.Name} ", run.Output, StringComparison.Ordinal));
        Assert.Empty(run.Error);
    }

    [Fact]
    public void TheSameSeedGivesTheSameAndAnotherDoesNot()
    {
        string Run(string seed) =>
            Command.Run("quantize", "--normal", "8192", "--seed", seed, "--format", "q4_0", "--json").Output;
        Assert.Equal(Run("3"), Run("3"));
        Assert.NotEqual(Run("3"), Run("4"));
    }

    [Fact]
    public void AMatrixOfASafetensorsFileIsReadAndAVectorIsLeftOut()
    {
        using var folder = new Folder();
        float[] a = [1, -2, 3, -4, 5, -6, 7, -8];
        byte[] bf16 = [.. a.SelectMany(value => BitConverter.GetBytes(Bf16.FromSingle(value)))];
        byte[] file = Safetensors("""
            {"norm":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"weight":{"dtype":"BF16","shape":[2,4],"data_offsets":[4,20]},
             "ids":{"dtype":"I64","shape":[1,1],"data_offsets":[20,28]}}
            """, [.. BitConverter.GetBytes(1000f), .. bf16, .. new byte[8]]);
        string path = folder.Write("model.safetensors", file);

        JsonElement all = Command.Run("quantize", path, "--format", "int8-row", "fp32", "--json").Json;
        Assert.Equal(8, all[0].GetProperty("elements").GetInt64());
        Assert.Equal(2 * (4 + 4), all[0].GetProperty("bytes").GetInt64());
        Assert.Equal(0, all[1].GetProperty("rmse").GetDouble());
        JsonElement norm = Command.Run("quantize", path, "--tensor", "norm", "--format", "fp32", "--json").Json[0];
        Assert.Equal(1, norm.GetProperty("elements").GetInt64());
        Assert.Contains("ids is of I64", Command.Run("quantize", path, "--tensor", "ids").Error, StringComparison.Ordinal);
        Assert.Contains("has no \"nothing\"", Command.Run("quantize", path, "--tensor", "nothing").Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void APatternNamesTensorsAndOneThatCannotBeReadIsLeftOut()
    {
        using var folder = new Folder();
        byte[] file = Safetensors("""
            {"a.0.up":{"dtype":"F32","shape":[1,4],"data_offsets":[0,16]},"a.1.up":{"dtype":"F32","shape":[4],"data_offsets":[16,32]},
             "a.1.down":{"dtype":"F32","shape":[1,4],"data_offsets":[32,48]},"a.ids.up":{"dtype":"I64","shape":[1],"data_offsets":[48,56]}}
            """, new byte[56]);
        string path = folder.Write("model.safetensors", file);
        Assert.Equal(8, Elements("a.*.up"));
        Assert.Equal(8, Elements("a.?.up", "a.0.up"));
        Assert.Equal(12, Elements("*"));
        Assert.Contains("has no \"b.*\"", Command.Run("quantize", path, "--tensor", "b.*").Error, StringComparison.Ordinal);
        Assert.Contains("is of I64", Command.Run("quantize", path, "--tensor", "a.ids.*").Error, StringComparison.Ordinal);

        long Elements(params string[] names) =>
            Command.Run(["quantize", path, "--format", "q4_0", "--json", "--tensor", .. names])
            .Json[0].GetProperty("elements").GetInt64();
    }

    [Fact]
    public void AnyNumberOfNormalsIsDrawnAndThePiecesAreOneSequence()
    {
        JsonElement some = Command.Run("quantize", "--normal", "10000", "--format", "q8_0", "--json").Json[0];
        Assert.Equal(10_000, some.GetProperty("elements").GetInt64());
        Assert.InRange(some.GetProperty("rmse").GetDouble(), 0.0050, 0.0056);
    }

    [Fact]
    public void ABlockOfAGgufFileDecodesAsItStandsAndQuantizesToItself()
    {
        using var folder = new Folder();
        float[] values = [.. Enumerable.Range(0, 64).Select(i => (i % 16) - 8f)];
        byte[] blocks = new byte[36];
        BlockQuantizer.Quantize<Q4_0>(values, blocks);
        string path = folder.Write("model.gguf", Gguf("blk.0.ffn_up.weight", 32, 2, 2, blocks));
        JsonElement result = Command.Run("quantize", path, "--format", "q4_0", "--json").Json[0];
        Assert.Equal(64, result.GetProperty("elements").GetInt64());
        Assert.Equal(36, result.GetProperty("bytes").GetInt64());
        Assert.Equal(0, result.GetProperty("rmse").GetDouble());
    }

    [Fact]
    public void WhatAFormatCannotHoldIsNamed()
    {
        using var folder = new Folder();
        float[] values = new float[64];
        values[40] = float.NaN;
        byte[] file = Safetensors(
            """{"w":{"dtype":"F32","shape":[2,32],"data_offsets":[0,256]}}""", [.. values.SelectMany(BitConverter.GetBytes)]);
        Command run = Command.Run("quantize", folder.Write("model.safetensors", file), "--format", "q8_0");
        Assert.Equal(2, run.Exit);
        Assert.EndsWith("model.safetensors: w: q8_0 cannot hold it: element 40 is NaN, not a finite number.", run.Error.TrimEnd(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void ValuesThatAreNotFiniteAreCountedAndTheErrorIsThatOfTheOthers()
    {
        using var folder = new Folder();
        float[] values = [1, float.PositiveInfinity, -3, float.NaN, 1e6f, 0.1f, 0, 2];
        string path = folder.Write("model.safetensors", Safetensors(
            """{"w":{"dtype":"F32","shape":[2,4],"data_offsets":[0,32]}}""", [.. values.SelectMany(BitConverter.GetBytes)]));

        Command run = Command.Run("quantize", path, "--format", "fp32", "bf16", "fp16", "--json");
        Assert.Equal(0, run.Exit);
        (JsonElement fp32, JsonElement bf16, JsonElement fp16) = (run.Json[0], run.Json[1], run.Json[2]);
        Assert.All(run.Json.EnumerateArray(),
            format => Assert.Equal((8, 2), (Long(format, "elements"), Long(format, "notFinite"))));
        Assert.True(fp32.GetProperty("exact").GetBoolean());
        Assert.Equal(0, fp32.GetProperty("rmse").GetDouble());
        float[] finite = [.. values.Where(float.IsFinite)];
        float[] rounded = [.. finite.Select(value => Bf16.ToSingle(Bf16.FromSingle(value)))];
        Assert.Equal(QuantizationError.Between(finite, rounded, 16).Rmse, bf16.GetProperty("rmse").GetDouble(), 9);
        Assert.Equal(0, Long(bf16, "overflowed"));
        // 1,000,000 is beyond fp16: no error can be told, and a key says why.
        Assert.Equal(1, Long(fp16, "overflowed"));
        Assert.Equal(JsonValueKind.Null, fp16.GetProperty("rmse").ValueKind);
        Assert.False(fp16.GetProperty("exact").GetBoolean());

        Command table = Command.Run("quantize", path, "--format", "fp32", "bf16", "fp16");
        Assert.Contains("fp32, bf16, fp16: 2 of 8 values are not finite (NaN or infinite), and left out of the errors above.",
            table.Output);
        Assert.Contains("fp16: 1 of 8 values is finite and became NaN or infinite.", table.Output);
        Assert.DoesNotContain("NaN ", table.Output[..table.Output.IndexOf("fp32, bf16", StringComparison.Ordinal)]);

        static long Long(JsonElement format, string key) => format.GetProperty(key).GetInt64();
    }

    [Theory]
    [InlineData("give either a file or --normal N")]
    [InlineData("give either a file or --normal N", "file", "--normal", "5")]
    [InlineData("give 1 to ", "--normal", "0")]
    [InlineData("\"many\" is no whole number", "--normal", "many")]
    [InlineData("is a folder", ".")]
    [InlineData("\"\" is not a file", "")]
    [InlineData("has no tensors", "--normal", "50", "--tensor", "x")]
    [InlineData("Nearest: q4_k", "--normal", "50", "--format", "q4k")]
    [InlineData("needs calibration data", "--normal", "50", "--format", "awq-4bit-128g")]
    [InlineData("nowhere.gguf", "nowhere.gguf")]
    public void MistakesGetOneClearLineAndStatus2(string problem, params string[] args)
    {
        Command run = Command.Run(["quantize", .. args]);
        Assert.Equal(2, run.Exit);
        Assert.Contains(problem, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.Empty(run.Output);
    }

    private static byte[] Safetensors(string header, byte[] data)
    {
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, Encoding.UTF8.GetByteCount(header));
        return [.. length, .. Encoding.UTF8.GetBytes(header), .. data];
    }

    private static byte[] Gguf(string name, long columns, long rows, int type, byte[] data)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("GGUF"u8);
        writer.Write(3);
        writer.Write(1L);
        writer.Write(0L);
        writer.Write((long)name.Length);
        writer.Write(Encoding.UTF8.GetBytes(name));
        writer.Write(2);
        writer.Write(columns);
        writer.Write(rows);
        writer.Write(type);
        writer.Write(0L);
        writer.Write(new byte[(32 - (stream.Length % 32)) % 32]);
        writer.Write(data);
        return stream.ToArray();
    }
}
