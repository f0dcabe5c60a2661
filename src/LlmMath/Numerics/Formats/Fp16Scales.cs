using System.Buffers.Binary;

namespace LlmMath.Numerics.Formats;

/// <summary>The scales of a block as fp16.</summary>
internal static class Fp16Scales
{
    /// <summary>Writes two fp16 scales at the start of a block; false where one is not finite.</summary>
    public static bool TryWrite(Span<byte> block, float first, float second)
    {
        ushort a = Fp16.FromSingle(first), b = Fp16.FromSingle(second);
        BinaryPrimitives.WriteUInt16LittleEndian(block, a);
        BinaryPrimitives.WriteUInt16LittleEndian(block[2..], b);
        return Fp16.IsFinite(a) && Fp16.IsFinite(b);
    }

    /// <summary>Reads two fp16 scales at the start of a block; false where one is not finite.</summary>
    public static bool TryRead(ReadOnlySpan<byte> block, out float first, out float second)
    {
        ushort a = BinaryPrimitives.ReadUInt16LittleEndian(block), b = BinaryPrimitives.ReadUInt16LittleEndian(block[2..]);
        (first, second) = (Fp16.ToSingle(a), Fp16.ToSingle(b));
        return Fp16.IsFinite(a) && Fp16.IsFinite(b);
    }

    /// <summary>A value as fp16 holds it.</summary>
    public static float Round(float value) => Fp16.ToSingle(Fp16.FromSingle(value));
}
