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

    private static void Blocks<TForm>(in ActivationCall call, int blockBytes)
        where TForm : struct, IForm
    {
        // The scales take a power of two, since those of the weights are 2⁻¹¹² of their value.
        int exponent = PowerOfTwo.Usual;
        float greatest = Write<TForm>(call, blockBytes, PowerOfTwo.Of(exponent), 1);
        if (!PowerOfTwo.IsUsual(greatest))
        {
            exponent = PowerOfTwo.Normalizing(greatest);
            Write<TForm>(call, blockBytes, PowerOfTwo.Of(exponent / 2), PowerOfTwo.Of(exponent - (exponent / 2)));
        }

        call.SetFactor(PowerOfTwo.HalfBias - exponent);
    }

    /// <returns>The greatest scale, before it is multiplied.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Write<TForm>(in ActivationCall call, int blockBytes, float first, float second)
        where TForm : struct, IForm
    {
        unchecked
        {
            byte* block = call.Prepared, end = block + call.Bytes;
            float* x = call.X;
            float greatest = 0;
            sbyte* scratch = stackalloc sbyte[Block];
            for (int whole = call.Columns / Block; whole > 0; whole--, block += blockBytes, x += Block)
            {
                greatest = WriteBlock<TForm>(x, scratch, block + blockBytes - 8, block, first, second, greatest);
            }

            float* tail = stackalloc float[Block];
            int left = call.Columns % Block;
            for (; block < end; block += blockBytes, left = 0)
            {
                new Span<float>(tail, Block).Clear();
                new ReadOnlySpan<float>(x, left).CopyTo(new Span<float>(tail, Block));
                greatest = WriteBlock<TForm>(tail, scratch, block + blockBytes - 8, block, first, second, greatest);
            }

            return greatest;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float WriteBlock<TForm>(float* x, sbyte* scratch, byte* last, byte* block, float first, float second, float greatest)
        where TForm : struct, IForm
    {
        unchecked
        {
            Vector256<sbyte> codes = Q8Block.Quantize(x, scratch, out float scale);
            *(int*)last = TForm.Write(codes, block);
            *(float*)(last + 4) = scale * first * second;
            return scale > greatest ? scale : greatest;
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
