using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmMath.Kernels;

/// <summary>
/// Activations rounded to 8 bits: a block of 32 has the scale d = max|x| ÷ 127 as a float, and a code round(x ÷ d) a value, ties to even.
/// A block that holds an infinity or a NaN gets d = NaN, so that every row's result is NaN. A block is written in the form that a kernel
/// reads; its last 8 bytes are an integer (where the kernel's sums start) and d.
/// </summary>
internal static unsafe class Q8Activations
{
    /// <summary>32 codes.</summary>
    public const int BytesBytes = 40;

    /// <summary>32 magnitudes, then 32 signs (0 or −1).</summary>
    public const int MagnitudesBytes = 72;

    /// <summary>32 codes as 16 bits; of each four the pairs (0, 2) and (1, 3), as they stand in the halves of a lane.</summary>
    public const int HalvesBytes = 72;

    private const int Block = 32;

    /// <summary>As codes; sums start at −8 · Σ of them, halves apart.</summary>
    public static void Bytes(in ActivationCall call) => Blocks<BytesForm>(call, BytesBytes);

    /// <summary>As magnitudes and signs; sums start at Σ |code| over the codes below 0.</summary>
    public static void Magnitudes(in ActivationCall call) => Blocks<MagnitudesForm>(call, MagnitudesBytes);

    /// <summary>As halves; sums start at −8 · Σ of them, halves apart.</summary>
    public static void Halves(in ActivationCall call) => Blocks<HalvesForm>(call, HalvesBytes);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blocks<TForm>(in ActivationCall call, int blockBytes)
        where TForm : struct, IForm
    {
        unchecked
        {
            byte* end = call.Prepared + call.Bytes;
            float* x = call.X;
            int left = call.Columns;
            float greatest = 0;
            float* tail = stackalloc float[Block];
            for (byte* block = call.Prepared; block < end; block += blockBytes, x += Block, left -= Block)
            {
                if (left < Block)
                {
                    new Span<float>(tail, Block).Clear();
                    new ReadOnlySpan<float>(x, Math.Max(0, left)).CopyTo(new Span<float>(tail, Block));
                }

                float scale = Q8Block.Quantize(left < Block ? tail : x, out Vector256<sbyte> codes);
                *(int*)(block + blockBytes - 8) = TForm.Write(codes, block);
                *(float*)(block + blockBytes - 4) = scale;
                greatest = scale > greatest ? scale : greatest;
            }

            Normalize(call, blockBytes, greatest);
        }
    }

    /// <summary>Multiplies the scales by a power of two, since those of the weights are 2⁻¹¹² of their value.</summary>
    private static void Normalize(in ActivationCall call, int blockBytes, float greatest)
    {
        unchecked
        {
            int exponent = PowerOfTwo.Normalizing(greatest);
            float first = PowerOfTwo.Of(exponent / 2), second = PowerOfTwo.Of(exponent - (exponent / 2));
            byte* end = call.Prepared + call.Bytes;
            for (byte* block = call.Prepared; block < end; block += blockBytes)
            {
                var scale = (float*)(block + blockBytes - 4);
                *scale = *scale * first * second;
            }

            call.SetFactor(PowerOfTwo.HalfBias - exponent);
        }
    }

    /// <summary>How codes are laid out.</summary>
    private interface IForm
    {
        /// <summary>Writes the codes and returns where a sum starts.</summary>
        static abstract int Write(Vector256<sbyte> codes, byte* block);
    }

    private readonly struct BytesForm : IForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Write(Vector256<sbyte> codes, byte* block)
        {
            codes.Store((sbyte*)block);
            return Q8Block.MinusEightTimes(codes);
        }
    }

    private readonly struct MagnitudesForm : IForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Write(Vector256<sbyte> codes, byte* block)
        {
            Vector256<sbyte> signs = Vector256.LessThan(codes, Vector256<sbyte>.Zero);
            Vector256<sbyte> magnitudes = (codes ^ signs) - signs;
            magnitudes.Store((sbyte*)block);
            signs.Store((sbyte*)block + Block);
            (Vector256<ushort> lower, Vector256<ushort> upper) = Vector256.Widen((magnitudes & signs).AsByte());
            return Vector256.Sum(lower + upper);
        }
    }

    private readonly struct HalvesForm : IForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Write(Vector256<sbyte> codes, byte* block)
        {
            Vector128<byte> order = Vector128.Create((byte)0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11, 12, 14, 13, 15);
            Half(Vector128.Shuffle(codes.GetLower().AsByte(), order).AsSByte(), block);
            Half(Vector128.Shuffle(codes.GetUpper().AsByte(), order).AsSByte(), block + Block);
            return Q8Block.MinusEightTimes(codes);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Half(Vector128<sbyte> codes, byte* block)
        {
            (Vector128<short> lower, Vector128<short> upper) = Vector128.Widen(codes);
            lower.Store((short*)block);
            upper.Store((short*)block + 8);
        }
    }
}
