using System.Buffers.Binary;
using System.Numerics;
using LlmMath.Tests.Interchange;
using static LlmMath.Fuzz.PropertyException;

namespace LlmMath.Fuzz.Readers;

/// <summary>GGUF headers, made from those of small models of every architecture.</summary>
internal static class GgufSurface
{
    private static readonly Lazy<GgufFile[]> s_files = new(() => [.. GgufModels.Small.Select(GgufConversion.Convert)]);

    // Sizes whose product the writer can count.
    private static readonly int[] s_sizes = [0, 1, 2, 3, 64, 255, 4096, 100_000];

    private static readonly string[] s_names =
        ["", "blk.", "blk.0.", "blk.-1.attn_q.weight", "blk.99999999999.x", "blk.2147483647.attn_q.weight",
            new('n', 70), "enc.blk.0.x"];

    public static Surface Surface { get; } = new("readers/gguf",
        "`Gguf.ReadHeader`, `ToDefinition`, comparison with itself: a header whose totals are the sums of its tensors, a model "
        + "counted as those of config.json, a comparison with no more tensors than the file; or one error that names the file",
            Try);

    private static bool Try(Trial trial)
    {
        (byte[] header, long data) = Mutated(trial.Random);
        trial.Input = () => $"{data} bytes of data behind {Convert.ToHexString(header)}";
        return DefinitionErrors.Reads(() =>
        {
            CheckpointHeader read =
                Gguf.ReadHeader(new ZeroTailStream(header, header.Length + data), DefinitionErrors.File);
            trial.Did("tensors read", read.Tensors.Count);
            CheckSums(read);
            ModelDefinition model = Gguf.ToDefinition(read, DefinitionErrors.File);
            trial.Did("definitions");
            IndependentCount.Check(model, trial);
            CheckpointComparison c = CheckpointComparison.Of(read, model);
            trial.Did("comparisons");
            Require(c.Matched + c.Unexpected.Count + c.Beyond.Count <= read.Tensors.Count + (2L * model.Architecture.LayerCount),
                "a comparison has no more tensors than the file", c.Matched);
        });
    }

    /// <summary>Holds a header's totals against its tensors.</summary>
    public static void CheckSums(CheckpointHeader header)
    {
        BigInteger elements = 0, bytes = 0;
        foreach (StoredTensor tensor in (IEnumerable<StoredTensor>)header.Tensors)
        {
            Require(tensor.Elements == tensor.Shape.Aggregate(BigInteger.One, (product, d) => product * d),
                "a tensor's elements are the product of its dimensions", tensor);
            Require(tensor.Bytes >= 0 && tensor.Start >= 0, "a tensor's bytes lie in the file", tensor);
            elements += tensor.Elements;
            bytes += tensor.Bytes;
        }

        Require(header.Parameters == elements && header.Bytes == bytes, "a header's totals are the sums of its tensors",
            (header.Parameters, elements, header.Bytes, bytes));
    }

    private static (byte[] Header, long Data) Mutated(Random random)
    {
        GgufFile original = random.Pick(s_files.Value);
        var file = new GgufFile
        {
            Version = random.OneIn(20) ? (uint)random.Next(6) : 3,
            IsBigEndian = random.OneIn(8),
            Metadata = [.. original.Metadata],
            Tensors = [.. original.Tensors],
        };
        bool isStructural = !random.OneIn(3);
        for (int change = random.Next(1, 4); isStructural && change > 0; change--)
        {
            Change(random, file);
        }

        byte[] header = file.Header();
        if (isStructural)
        {
            return (header, file.DataBytes);
        }

        if (random.OneIn(2))
        {
            return (random.Bytes(header), file.DataBytes);
        }

        // A number somewhere, aligned to nothing.
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(random.Next(header.Length - 8)), random.Pick(Draw.Extremes));
        return (header, random.OneIn(4) ? 1L << 45 : file.DataBytes);
    }

    private static void Change(Random random, GgufFile file)
    {
        int key = random.Next(file.Metadata.Count), tensor = random.Next(file.Tensors.Count);
        switch (random.Next(11))
        {
            case 0:
                file.Metadata.RemoveAt(key);
                break;
            case 1:
                file.Metadata.Add(file.Metadata[key]);
                break;
            case 2:
            case 3:
                file.Metadata[key] = (file.Metadata[key].Key, Value(random));
                break;
            case 4:
                file.Metadata[0] = ("general.architecture", random.Pick(s_files.Value).Metadata[0].Value);
                break;
            case 5:
                string own = (file.Metadata[0].Value as string) ?? "llama",
                    other = random.Pick(random.Pick(s_files.Value).Metadata).Key;
                int dot = Math.Max(0, other.IndexOf('.', StringComparison.Ordinal));
                file.Metadata.Add((own + other[dot..], Value(random)));
                break;
            case 6:
                file.Tensors.RemoveAt(tensor);
                file.Tensors.Add(new WrittenTensor("padding", [1]));
                break;
            case 7:
                file.Tensors.Add(file.Tensors[tensor] with { Name = random.Pick(random.Pick(s_files.Value).Tensors).Name });
                break;
            case 8:
                file.Tensors[tensor] = file.Tensors[tensor] with { Name = random.OneIn(2) ? random.Pick(s_names)
                    : random.Text(6) };
                break;
            case 9:
                file.Tensors[tensor] = file.Tensors[tensor] with
                {
                    Shape = [.. Enumerable.Range(0, random.Next(6)).Select(_ => (long)random.Pick(s_sizes))],
                };
                break;
            default:
                file.Tensors[tensor] = file.Tensors[tensor] with { Shape = [.. file.Tensors[tensor].Shape.Reverse()] };
                break;
        }
    }

    private static object Value(Random random) => random.Next(11) switch
    {
        0 => true,
        1 => float.NaN,
        2 => 1.5f,
        3 => random.Text(8),
        4 => random.Pick(Draw.Extremes),
        5 => new int[] { 0, -1, int.MinValue, 5 },
        6 => Enumerable.Repeat(random.Next(-1, 40), random.Next(40)).ToArray(),
        7 => new[] { true, false, true },
        8 => new[] { "a", "b" },
        // As many blocks as a reader may allow, and a few more.
        9 => (uint)random.Next(65_000, 66_000),
        _ => (uint)Math.Min(uint.MaxValue, random.Pick(Draw.Extremes)),
    };
}
