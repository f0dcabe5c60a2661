namespace LlmMath;

/// <summary>A number format that weights are stored in, every element alike: no block scales, no tensor left out.</summary>
/// <param name="Name">Its usual name: <c>fp32</c>.</param>
/// <param name="BitsPerWeight">Bits of one weight, above 0.</param>
public sealed record WeightFormat(string Name, int BitsPerWeight)
{
    /// <summary>32-bit floats, IEEE 754 binary32.</summary>
    public static WeightFormat Fp32 { get; } = new("fp32", 32);

    /// <summary>16-bit floats, IEEE 754 binary16.</summary>
    public static WeightFormat Fp16 { get; } = new("fp16", 16);

    /// <summary>bfloat16: the upper half of binary32.</summary>
    public static WeightFormat Bf16 { get; } = new("bf16", 16);

    /// <summary>8-bit floats (e4m3 or e5m2).</summary>
    public static WeightFormat Fp8 { get; } = new("fp8", 8);

    /// <summary>8-bit integers.</summary>
    public static WeightFormat Int8 { get; } = new("int8", 8);

    /// <summary>4-bit floats (e2m1).</summary>
    public static WeightFormat Fp4 { get; } = new("fp4", 4);

    /// <summary>4-bit integers.</summary>
    public static WeightFormat Int4 { get; } = new("int4", 4);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
