using System.Runtime.CompilerServices;

namespace LlmMath.Numerics.Kernels;

/// <summary>Scales out of a tile's header, as floats worth 2⁻¹¹² of their value (<see cref="Fp16Halves"/>), 16 floats
/// apart.</summary>
internal static unsafe class BlockScales
{
    /// <summary>Two fp16 scales of two parts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pair<TSimd, TInt, TFloat>(byte* header, float* scales)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct
    {
        unchecked
        {
            TInt halves = TSimd.Load(header);
            TSimd.Store(Fp16Halves.Low<TSimd, TInt, TFloat>(halves), scales);
            TSimd.Store(Fp16Halves.High<TSimd, TInt, TFloat>(halves), scales + 16);
        }
    }

    /// <summary>The fp16 scale and minimum of a part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WithMinimum<TSimd, TInt, TFloat>(byte* header, float* scales)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct => Pair<TSimd, TInt, TFloat>(header, scales);

    /// <summary>d and dmin, then 8 times a six-bit scale and minimum: a line with the low four bits of the scales, part 0's
    /// lowest; one with those of the minima; one with the high two of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SixBits<TSimd, TInt, TFloat>(byte* header, float* scales)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct
    {
        unchecked
        {
            TInt halves = TSimd.Load(header), low = TSimd.Load(header + 64), minima = TSimd.Load(header + 128),
                high = TSimd.Load(header + 192);
            TInt four = TSimd.Set(15), two = TSimd.Set(0x30);
            TFloat d = Fp16Halves.Low<TSimd, TInt, TFloat>(halves),
                less = Negative<TSimd, TInt, TFloat>(Fp16Halves.High<TSimd, TInt, TFloat>(halves));
            TInt highScales = TSimd.ShiftLeft(high, 4), highMinima = TSimd.ShiftLeft(high, 2);
            for (int part = 0; part < 8; part++, scales += 32)
            {
                Store<TSimd, TInt, TFloat>(TSimd.Or(TSimd.And(low, four), TSimd.And(highScales, two)), d, scales);
                Store<TSimd, TInt, TFloat>(TSimd.Or(TSimd.And(minima, four), TSimd.And(highMinima, two)), less, scales + 16);
                (low, minima) = (TSimd.ShiftRight(low, 4), TSimd.ShiftRight(minima, 4));
                high = TSimd.ShiftRight(high, 4);
                (highScales, highMinima) = (TSimd.ShiftLeft(high, 4), TSimd.ShiftLeft(high, 2));
            }
        }
    }

    /// <summary>d and dmin, then 16 times a four-bit scale and minimum, a line each of the scales of the parts' first and second
    /// groups and of the minima of these, part 0's lowest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FourBits<TSimd, TInt, TFloat>(byte* header, float* scales)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct
    {
        unchecked
        {
            TInt halves = TSimd.Load(header), four = TSimd.Set(15);
            TFloat d = Fp16Halves.Low<TSimd, TInt, TFloat>(halves),
                less = Negative<TSimd, TInt, TFloat>(Fp16Halves.High<TSimd, TInt, TFloat>(halves));
            for (int kind = 0; kind < 4; kind++)
            {
                TInt numbers = TSimd.Load(header + 64 + (64 * kind));
                TFloat unit = kind < 2 ? d : less;
                for (int part = 0; part < 8; part++)
                {
                    Store<TSimd, TInt, TFloat>(TSimd.And(numbers, four), unit, scales + (64 * part) + (16 * kind));
                    numbers = TSimd.ShiftRight(numbers, 4);
                }
            }
        }
    }

    /// <summary>16 six-bit scales less 32: a line with the low four bits of the parts' first groups, part 0's lowest; one with
    /// those of the second; one with the high two of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SixBitPairs<TSimd, TInt, TFloat>(TInt upperHalf, byte* lines, float* scales)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct
    {
        unchecked
        {
            TInt first = TSimd.Load(lines), second = TSimd.Load(lines + 64), high = TSimd.Load(lines + 128);
            TInt four = TSimd.Set(15), two = TSimd.Set(0x30), less = TSimd.Set(-32);
            TFloat d = Fp16Halves.High<TSimd, TInt, TFloat>(upperHalf);
            for (int part = 0; part < 8; part++, scales += 32)
            {
                TInt highFirst = TSimd.And(TSimd.ShiftLeft(high, 4), two), highSecond = TSimd.And(TSimd.ShiftLeft(high, 2), two);
                Store<TSimd, TInt, TFloat>(TSimd.Add(TSimd.Or(TSimd.And(first, four), highFirst), less), d, scales);
                Store<TSimd, TInt, TFloat>(TSimd.Add(TSimd.Or(TSimd.And(second, four), highSecond), less), d, scales + 16);
                (first, second, high) = (TSimd.ShiftRight(first, 4), TSimd.ShiftRight(second, 4), TSimd.ShiftRight(high, 4));
            }
        }
    }

    /// <summary>16 signed bytes, two lines of the parts' first groups, then two of the second, part 0's lowest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Bytes<TSimd, TInt, TFloat>(TInt upperHalf, byte* lines, float* scales)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct
    {
        unchecked
        {
            TFloat d = Fp16Halves.High<TSimd, TInt, TFloat>(upperHalf);
            for (int line = 0; line < 4; line++)
            {
                TInt bytes = TSimd.Load(lines + (64 * line));
                float* to = scales + (line / 2 * 16) + (line % 2 * 128);
                Store<TSimd, TInt, TFloat>(TSimd.ShiftRight(TSimd.ShiftLeft(bytes, 24), 24), d, to);
                Store<TSimd, TInt, TFloat>(TSimd.ShiftRight(TSimd.ShiftLeft(bytes, 16), 24), d, to + 32);
                Store<TSimd, TInt, TFloat>(TSimd.ShiftRight(TSimd.ShiftLeft(bytes, 8), 24), d, to + 64);
                Store<TSimd, TInt, TFloat>(TSimd.ShiftRight(bytes, 24), d, to + 96);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TSimd, TInt, TFloat>(TInt number, TFloat unit, float* to)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct => TSimd.Store(TSimd.Multiply(TSimd.ToFloat(number), unit), to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat Negative<TSimd, TInt, TFloat>(TFloat value)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct => TSimd.Multiply(value, TSimd.Set(-1f));
}
