using System.Numerics;
using System.Runtime.CompilerServices;

namespace LlmMath.Kernels;

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

    /// <summary>Times the power of two that brings them near 2⁶⁰, for weights that are 2⁻¹¹² of their value. What is 2⁻⁷³ of the greatest
    /// may lose digits: it is below half a unit in the last place of any product it stands beside.</summary>
    public static void Scale(in ActivationCall call)
    {
        int exponent = PowerOfTwo.Normalizing(Greatest(new ReadOnlySpan<float>(call.X, call.Columns)));
        float first = PowerOfTwo.Of(exponent / 2), second = PowerOfTwo.Of(exponent - (exponent / 2));
        Multiply(call, first, second);
        ClearTail(call);
        call.SetFactor(PowerOfTwo.HalfBias - exponent);
    }

    private static void ClearTail(in ActivationCall call)
    {
        int used = call.Columns * sizeof(float);
        new Span<byte>(call.Prepared + used, call.Bytes - used).Clear();
    }

    /// <summary>The greatest magnitude; infinity or NaN if there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Greatest(ReadOnlySpan<float> x)
    {
        // As integers, magnitudes are ordered as floats are, with NaN above all.
        const int magnitude = int.MaxValue;
        var greatest = new Vector<int>(0);
        var mask = new Vector<int>(magnitude);
        int i = 0;
        fixed (float* source = x)
        {
            for (; i <= x.Length - Vector<int>.Count; i = unchecked(i + Vector<int>.Count))
            {
                greatest = Vector.Max(greatest, Unsafe.ReadUnaligned<Vector<int>>(source + i) & mask);
            }
        }

        int all = 0;
        for (int lane = 0; lane < Vector<int>.Count; lane++)
        {
            all = Math.Max(all, greatest[lane]);
        }

        for (; i < x.Length; i++)
        {
            all = Math.Max(all, BitConverter.SingleToInt32Bits(x[i]) & magnitude);
        }

        return BitConverter.Int32BitsToSingle(all);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(in ActivationCall call, float first, float second)
    {
        float* source = call.X;
        var destination = (float*)call.Prepared;
        var firsts = new Vector<float>(first);
        var seconds = new Vector<float>(second);
        int i = 0;
        unchecked
        {
            for (; i <= call.Columns - Vector<float>.Count; i += Vector<float>.Count)
            {
                Unsafe.WriteUnaligned(destination + i, Unsafe.ReadUnaligned<Vector<float>>(source + i) * firsts * seconds);
            }

            for (; i < call.Columns; i++)
            {
                destination[i] = source[i] * first * second;
            }
        }
    }
}
