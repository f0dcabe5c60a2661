using System.Numerics;
using System.Runtime.CompilerServices;

namespace LlmMath.Numerics.Kernels;

/// <summary>Activations that stay floats.</summary>
internal static unsafe class FloatActivations
{
    /// <summary>As they are.</summary>
    public static void Copy(in ActivationCall call)
    {
        new ReadOnlySpan<float>(call.X, call.Columns).CopyTo(new Span<float>(call.Prepared, call.Columns));
        ClearTail(call);
        call.SetFactor(0);
    }

    /// <summary>Times the power of two that brings them near 2⁶⁰, for weights that are 2⁻¹¹² of their value. What is 2⁻⁷³ of the
    /// greatest may lose digits: it is below half a unit in the last place of any product it stands beside.</summary>
    public static void Scale(in ActivationCall call)
    {
        int exponent = PowerOfTwo.Usual;
        float greatest = Multiply(call, PowerOfTwo.Of(exponent), 1);
        if (!PowerOfTwo.IsUsual(greatest))
        {
            exponent = PowerOfTwo.Normalizing(greatest);
            Multiply(call, PowerOfTwo.Of(exponent / 2), PowerOfTwo.Of(exponent - (exponent / 2)));
        }

        ClearTail(call);
        call.SetFactor(PowerOfTwo.HalfBias - exponent);
    }

    private static void ClearTail(in ActivationCall call)
    {
        int used = call.Columns * sizeof(float);
        new Span<byte>(call.Prepared + used, call.Bytes - used).Clear();
    }

    /// <returns>The greatest magnitude before; infinity or NaN if there is one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Multiply(in ActivationCall call, float first, float second)
    {
        unchecked
        {
            // As integers, magnitudes are ordered as floats are, with NaN above all.
            const int magnitude = int.MaxValue;
            float* source = call.X;
            var destination = (float*)call.Prepared;
            Vector<float> firsts = new(first), seconds = new(second);
            Vector<int> most = new(0), mask = new(magnitude);
            int i = 0;
            for (; i <= call.Columns - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector<float> x = Unsafe.ReadUnaligned<Vector<float>>(source + i);
                most = Vector.Max(most, (Vector<int>)x & mask);
                Unsafe.WriteUnaligned(destination + i, x * firsts * seconds);
            }

            int greatest = 0;
            for (int lane = 0; lane < Vector<int>.Count; lane++)
            {
                greatest = Math.Max(greatest, most[lane]);
            }

            for (; i < call.Columns; i++)
            {
                greatest = Math.Max(greatest, BitConverter.SingleToInt32Bits(source[i]) & magnitude);
                destination[i] = source[i] * first * second;
            }

            return BitConverter.Int32BitsToSingle(greatest);
        }
    }
}
