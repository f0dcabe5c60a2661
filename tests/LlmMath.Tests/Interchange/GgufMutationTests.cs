using System.Buffers.Binary;

namespace LlmMath.Tests.Interchange;

/// <summary>Hostile GGUF headers, made from those of small models of many architectures: every one gives a header, and then a
/// definition and a comparison, or one clear error.</summary>
public class GgufMutationTests
{
    private const int Inputs = 30_000, Seed = 20_261_124;

    private static readonly Lazy<GgufFile[]> s_files = new(() => [.. GgufModels.Small.Select(GgufConversion.Convert)]);

    [Fact]
    public void EveryMutatedHeaderGivesAModelOrOneErrorThatNamesTheFile()
    {
        var random = new Random(Seed);
        Assert.True(s_files.Value.Select(file => file.Metadata[0].Value).Distinct().Count() >= 50);
        int read = 0;
        for (int i = 0; i < Inputs; i++)
        {
            (byte[] header, long data) = Mutated(random, random.Pick(s_files.Value));
            read += Mutation.Survives(() => Convert.ToHexString(header), 32 << 20, () =>
            {
                CheckpointHeader read = Gguf.ReadHeader(new ZeroTailStream(header, header.Length + data), "file");
                ModelDefinition model = Gguf.ToDefinition(read, "file");
                CheckpointComparison c = CheckpointComparison.Of(read, model);
                Assert.True(
                    c.Matched + c.Unexpected.Count + c.Beyond.Count <= read.Tensors.Count + (2 * model.Architecture.LayerCount));
                Assert.True(model.ParameterCount() > 0);
            }) ? 1 : 0;
        }

        Assert.InRange(read, Inputs / 20, Inputs * 19 / 20);
    }

    private static (byte[] Header, long Data) Mutated(Random random, GgufFile original)
    {
        var file = new GgufFile
        {
            Version = random.Next(20) == 0 ? (uint)random.Next(6) : 3,
            IsBigEndian = random.Next(8) == 0,
            Metadata = [.. original.Metadata],
            Tensors = [.. original.Tensors],
        };
        bool isStructural = random.Next(3) > 0;
        for (int change = random.Next(1, 4); isStructural && change > 0; change--)
        {
            Change(random, file);
        }

        byte[] header = file.Header();
        if (isStructural)
        {
            return (header, file.DataBytes);
        }

        if (random.Next(2) == 0)
        {
            return (Mutation.Bytes(random, header), file.DataBytes);
        }

        // A number somewhere, aligned to nothing.
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(random.Next(header.Length - 8)), random.Pick(Mutation.Extremes));
        return (header, random.Next(4) == 0 ? 1L << 45 : file.DataBytes);
    }

    private static void Change(Random random, GgufFile file)
    {
        int key = random.Next(file.Metadata.Count), tensor = random.Next(file.Tensors.Count);
        switch (random.Next(10))
        {
            case 0:
                file.Metadata.RemoveAt(key);
                break;
            case 1:
                file.Metadata.Add(file.Metadata[key]);
                break;
            case 2:
                file.Metadata[key] = (file.Metadata[key].Key, Value(random));
                break;
            case 3:
                file.Metadata[0] = ("general.architecture", random.Pick(s_files.Value).Metadata[0].Value);
                break;
            case 4:
                string own = (file.Metadata[0].Value as string) ?? "llama",
                    other = random.Pick(random.Pick(s_files.Value).Metadata).Key;
                file.Metadata.Add((own + other[(other.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? dot : 0)..]
                    + "", Value(random)));
                break;
            case 5:
                file.Tensors.RemoveAt(tensor);
                file.Tensors.Add(new WrittenTensor("padding", [1]));
                break;
            case 6:
                file.Tensors.Add(file.Tensors[tensor] with { Name = random.Pick(random.Pick(s_files.Value).Tensors).Name });
                break;
            case 7:
                file.Tensors[tensor] =
                    file.Tensors[tensor] with { Name = random.Pick((string[])["", "blk.", "blk.0.", "blk.-1.attn_q.weight",
                        "blk.99999999999.x", "blk.2147483647.attn_q.weight", new string('n', 70), "enc.blk.0.x"]) };
                break;
            case 8:
                file.Tensors[tensor] = file.Tensors[tensor] with { Shape = [.. Enumerable.Range(0, random.Next(6))
                    .Select(_ => (long)random.Pick(s_sizes))] };
                break;
            default:
                file.Tensors[tensor] = file.Tensors[tensor] with { Shape = [.. file.Tensors[tensor].Shape.Reverse()] };
                break;
        }
    }

    // Sizes whose product the writer can count.
    private static readonly int[] s_sizes = [0, 1, 2, 3, 64, 255, 4096, 100_000];

    private static object Value(Random random) => random.Next(10) switch
    {
        0 => true,
        1 => float.NaN,
        2 => 1.5f,
        3 => "text",
        4 => random.Pick(Mutation.Extremes),
        5 => new int[] { 0, -1, int.MinValue, 5 },
        6 => Enumerable.Repeat(random.Next(-1, 40), random.Next(40)).ToArray(),
        7 => new[] { true, false, true },
        8 => new[] { "a", "b" },
        _ => (uint)Math.Min(uint.MaxValue, random.Pick(Mutation.Extremes)),
    };
}
