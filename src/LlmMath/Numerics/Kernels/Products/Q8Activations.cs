using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmMath.Numerics.Kernels;

/// <summary>
/// Activations rounded to 8 bits: a block of 32 has the scale d = max|x| ÷ 127 as a float, and a code round(x ÷ d) a value, ties
/// to even. A block that holds an infinity or a NaN gets d = NaN, so that every row's result is NaN. How a block is written: <see
/// cref="IActivationForm"/>.
/// </summary>
internal static unsafe class Q8Activations
{
    private const int Block = 32;

    /// <summary>Writes activations in blocks of so many bytes.</summary>
    public static void Write<TForm>(in ActivationCall call, int blockBytes)
        where TForm : struct, IActivationForm
    {
        // The scales take a power of two, since those of the weights are 2⁻¹¹² of their value.
        int exponent = PowerOfTwo.Usual;
        float greatest = Blocks<TForm>(call, blockBytes, PowerOfTwo.Of(exponent), 1);
        if (!PowerOfTwo.IsUsual(greatest))
        {
            exponent = PowerOfTwo.Normalizing(greatest);
            Blocks<TForm>(call, blockBytes, PowerOfTwo.Of(exponent / 2), PowerOfTwo.Of(exponent - (exponent / 2)));
        }

        call.SetFactor(PowerOfTwo.HalfBias - exponent);
    }

    /// <returns>The greatest scale, before it is multiplied.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Blocks<TForm>(in ActivationCall call, int blockBytes, float first, float second)
        where TForm : struct, IActivationForm
    {
        unchecked
        {
            byte* block = call.Prepared, end = block + call.Bytes;
            float* x = call.X;
            float greatest = 0;
            sbyte* scratch = stackalloc sbyte[Block];
            for (int whole = call.Columns / Block; whole > 0; whole--, block += blockBytes, x += Block)
            {
                greatest = WriteBlock<TForm>(x, scratch, block, first, second, greatest);
            }

            float* tail = stackalloc float[Block];
            int left = call.Columns % Block;
            for (; block < end; block += blockBytes, left = 0)
            {
                new Span<float>(tail, Block).Clear();
                new ReadOnlySpan<float>(x, left).CopyTo(new Span<float>(tail, Block));
                greatest = WriteBlock<TForm>(tail, scratch, block, first, second, greatest);
            }

            return greatest;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float WriteBlock<TForm>(float* x, sbyte* scratch, byte* block, float first, float second, float greatest)
        where TForm : struct, IActivationForm
    {
        unchecked
        {
            Vector256<sbyte> codes = Q8Block.Quantize(x, scratch, out float scale);
            float d = scale * first * second;
            byte* tail = WriteCodes<TForm>(codes, block, out int start);
            *(float*)tail = d;
            if (TForm.Layout == ActivationLayout.Magnitudes)
            {
                *(int*)(tail + 4) = start;
            }
            else if (TForm.Groups == 1)
            {
                WriteWord<TForm>(Q8Block.Sums(codes), d, tail + 4);
            }
            else
            {
                WriteWord<TForm>(Q8Block.Sums(codes.GetLower()), d, tail + 4);
                WriteWord<TForm>(Q8Block.Sums(codes.GetUpper()), d, tail + 8);
            }

            return scale > greatest ? scale : greatest;
        }
    }

    /// <summary>A group's word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteWord<TForm>((int First, int Second) sums, float d, byte* word)
        where TForm : struct, IActivationForm
    {
        unchecked
        {
            if (TForm.HasMinima)
            {
                *(float*)word = (sums.First + sums.Second) * d;
            }
            else
            {
                *(int*)word = TForm.IsByHalves
                    ? ((-TForm.Offset * sums.First) & 0xFFFF) | (-TForm.Offset * sums.Second << 16)
                    : -TForm.Offset * (sums.First + sums.Second);
            }
        }
    }

    /// <summary>Writes codes, and says where their end is and where the sum of magnitudes starts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteCodes<TForm>(Vector256<sbyte> codes, byte* block, out int start)
        where TForm : struct, IActivationForm
    {
        unchecked
        {
            start = 0;
            if (TForm.Layout == ActivationLayout.Bytes)
            {
                codes.Store((sbyte*)block);
                return block + Block;
            }

            if (TForm.Layout == ActivationLayout.Magnitudes)
            {
                Vector256<sbyte> signs = Vector256.LessThan(codes, Vector256<sbyte>.Zero);
                Vector256<sbyte> magnitudes = (codes ^ signs) - signs;
                magnitudes.Store((sbyte*)block);
                signs.Store((sbyte*)block + Block);
                (Vector256<ushort> lower, Vector256<ushort> upper) = Vector256.Widen((magnitudes & signs).AsByte());
                start = Vector256.Sum(lower + upper);
                return block + (2 * Block);
            }

            Vector128<byte> order = Vector128.Create((byte)0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11, 12, 14, 13, 15);
            WriteHalves(Vector128.Shuffle(codes.GetLower().AsByte(), order).AsSByte(), block);
            WriteHalves(Vector128.Shuffle(codes.GetUpper().AsByte(), order).AsSByte(), block + Block);
            return block + (2 * Block);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteHalves(Vector128<sbyte> codes, byte* block)
    {
        (Vector128<short> lower, Vector128<short> upper) = Vector128.Widen(codes);
        lower.Store((short*)block);
        upper.Store((short*)block + 8);
    }
}
