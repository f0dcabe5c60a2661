using LlmMath.Basics;

namespace LlmMath.Interchange;

/// <summary>A number format of GGUF: its elements stand in blocks, each of the same bytes.</summary>
/// <param name="Id">The id in the file.</param>
/// <param name="Name">The name: <c>Q4_K</c>.</param>
/// <param name="BlockElements">Elements in a block.</param>
/// <param name="BlockBytes">Bytes of a block, scales included.</param>
public sealed record GgufType(int Id, string Name, int BlockElements, int BlockBytes)
{
    /// <summary>The formats by id. Source: ggml-org/ggml, include/ggml.h and src/ggml-common.h, commit d99724f2b141 (2026-08-21);
    /// ids 4, 5, 31 to 33 and 36 to 38 were removed and are refused there too.</summary>
    private static readonly Dictionary<uint, GgufType> s_types = new GgufType[]
    {
        new(0, "F32", 1, 4),
        new(1, "F16", 1, 2),
        new(2, "Q4_0", 32, 18),
        new(3, "Q4_1", 32, 20),
        new(6, "Q5_0", 32, 22),
        new(7, "Q5_1", 32, 24),
        new(8, "Q8_0", 32, 34),
        new(9, "Q8_1", 32, 36),
        new(10, "Q2_K", 256, 84),
        new(11, "Q3_K", 256, 110),
        new(12, "Q4_K", 256, 144),
        new(13, "Q5_K", 256, 176),
        new(14, "Q6_K", 256, 210),
        new(15, "Q8_K", 256, 292),
        new(16, "IQ2_XXS", 256, 66),
        new(17, "IQ2_XS", 256, 74),
        new(18, "IQ3_XXS", 256, 98),
        new(19, "IQ1_S", 256, 50),
        new(20, "IQ4_NL", 32, 18),
        new(21, "IQ3_S", 256, 110),
        new(22, "IQ2_S", 256, 82),
        new(23, "IQ4_XS", 256, 136),
        new(24, "I8", 1, 1),
        new(25, "I16", 1, 2),
        new(26, "I32", 1, 4),
        new(27, "I64", 1, 8),
        new(28, "F64", 1, 8),
        new(29, "IQ1_M", 256, 56),
        new(30, "BF16", 1, 2),
        new(34, "TQ1_0", 256, 54),
        new(35, "TQ2_0", 256, 66),
        new(39, "MXFP4", 32, 17),
        new(40, "NVFP4", 64, 36),
        new(41, "Q1_0", 128, 18),
        new(42, "Q2_0", 64, 18),
    }.ToDictionary(type => (uint)type.Id);

    /// <summary>Bits an element takes, scales included.</summary>
    public double BitsPerElement => 8.0 * BlockBytes / BlockElements;

    /// <summary>The format of an id, or null where there is none.</summary>
    /// <param name="id">The id in the file.</param>
    public static GgufType? Of(uint id) => s_types.TryGetValue(id, out GgufType? type) ? type : null;

    /// <summary>The format of a name as the file format's sources write it, or null where there is none.</summary>
    /// <param name="name"><c>Q4_K</c>.</param>
    public static GgufType? Named(string name) =>
        s_types.Values.FirstOrDefault(type => string.Equals(type.Name, name, StringComparison.Ordinal));

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(GgufType), PrintMembers);
}
