using System.Runtime.InteropServices;
using static LlmMath.Fuzz.PropertyException;

namespace LlmMath.Fuzz.Numerics;

/// <summary>Every number format: any values, any bytes, any length, at any address.</summary>
internal static class FormatSurface
{
    private const byte Canary = 0xA5;
    private const int Guard = 64;

    private static readonly float[] s_extremes =
        [0, -0f, 1, -1, float.Epsilon, -float.Epsilon, 1e-38f, 1e38f, -1e38f, float.MaxValue, float.MinValue, 65_504, 65_520,
            448, 57_344,
            6, 0.5f, 1e-7f, 3e4f];

    private static readonly float[] s_noNumbers = [float.NaN, float.PositiveInfinity, float.NegativeInfinity];

    public static Surface Surface { get; } = new("numerics/formats",
        "`NumberFormat.Quantize`, `Dequantize`, `QuantizationError`: an `ArgumentException` or a result; nothing beyond "
        + "the spans is touched, what was quantized is dequantized, finite values stay finite, errors are no NaN", Try);

    private static bool Try(Trial trial)
    {
        Random random = trial.Random;
        NumberFormat format = random.Pick(NumberFormats.All);
        int length = random.OneIn(20) ? random.Next(20_000) : random.Next(1200);
        int size = (int)format.ByteCount(length), wrong = random.OneIn(12) ? random.Next(-3, 4) : 0;
        bool isOfBytes = random.OneIn(3);
        trial.Input = () => $"{format}, {length} values, {(isOfBytes ? "random bytes" : "random values")}, {wrong} bytes too "
            + $"many";
        var floats = new Guarded(length * sizeof(float), random.Next(Guard));
        var bytes = new Guarded(Math.Max(0, size + wrong), random.Next(Guard));
        Span<float> values = MemoryMarshal.Cast<byte, float>(floats.Span);
        bool isAccepted = isOfBytes ? Decodes(format, random, bytes, values, trial)
            : ComesBack(format, random, bytes, values, trial);
        Require(floats.IsWhole && bytes.IsWhole, "nothing beyond the spans is touched", format);
        Require(!isAccepted || bytes.Span.Length == size, "another length is refused", format);
        return isAccepted;
    }

    private static bool Decodes(NumberFormat format, Random random, Guarded bytes, Span<float> values, Trial trial)
    {
        random.NextBytes(bytes.Span);
        try
        {
            format.Dequantize(bytes.Span, values);
        }
        catch (ArgumentException)
        {
            return false;
        }

        trial.Did("values dequantized", values.Length);
        return true;
    }

    private static bool ComesBack(NumberFormat format, Random random, Guarded bytes, Span<float> values, Trial trial)
    {
        bool isFinite = Fill(values, random);
        float[] before = values.ToArray();
        trial.Input = () => $"{format}, {before.Length} values: {string.Join(' ', before.Take(80).Select(x => x.ToString("R")))}";
        try
        {
            format.Quantize(values, bytes.Span);
        }
        catch (ArgumentException)
        {
            return false;
        }

        Require(MemoryMarshal.AsBytes(values).SequenceEqual(MemoryMarshal.AsBytes(before.AsSpan())), "the values are left as "
            + "they were", format);
        trial.Did("values quantized", values.Length);
        try
        {
            format.Dequantize(bytes.Span, values);
        }
        catch (ArgumentException error)
        {
            throw new PropertyException($"what was quantized is dequantized: {format}, {error.Message}");
        }

        for (int i = 0; i < values.Length && isFinite; i++)
        {
            Require(float.IsFinite(values[i]) || MathF.Abs(before[i]) > 1e38f || format.Name is "fp16" or "e4m3" or "e5m2",
                "finite values stay finite", (format.Name, i, before[i], values[i]));
        }

        CheckError(before, values, bytes.Span.Length, isFinite, trial);
        return true;
    }

    private static void CheckError(float[] before, ReadOnlySpan<float> after, int bytes, bool isFinite, Trial trial)
    {
        if (!isFinite || before.Length == 0 || !AllFinite(after))
        {
            return;
        }

        var error = QuantizationError.Between(before, after, bytes);
        trial.Did("errors measured");
        Require(!double.IsNaN(error.Rmse) && !double.IsNaN(error.SqnrDb) && !double.IsNaN(error.Cosine) && error.Rmse >= 0
            && error.MaxError >= 0 && Math.Abs(error.Cosine) <= 1 + 1e-9, "errors are no NaN and in range", error);
    }

    private static bool AllFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    // Whether all are finite.
    private static bool Fill(Span<float> values, Random random)
    {
        UnitNormals.Fill(values, random.Next());
        float scale = MathF.Pow(2, random.Next(-20, 21));
        int kind = random.Next(6);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = kind switch
            {
                0 => random.Pick(s_extremes),
                1 => BitConverter.Int32BitsToSingle(random.Next() << 1),
                2 when random.OneIn(50) => random.Pick(s_extremes),
                _ => values[i] * scale,
            };
        }

        if (values.Length > 0 && random.OneIn(6))
        {
            values[random.Next(values.Length)] = random.Pick(s_noNumbers);
        }

        return AllFinite(values);
    }

    /// <summary>Bytes at an odd address between two guards.</summary>
    private sealed class Guarded
    {
        private readonly byte[] _memory;
        private readonly int _start, _length;

        public Guarded(int length, int offset)
        {
            _memory = new byte[length + (3 * Guard)];
            Array.Fill(_memory, Canary);
            (_start, _length) = (Guard + offset, length);
            Span.Clear();
        }

        public Span<byte> Span => _memory.AsSpan(_start, _length);

        public bool IsWhole => _memory.AsSpan(0, _start).IndexOfAnyExcept(Canary) < 0
            && _memory.AsSpan(_start + _length).IndexOfAnyExcept(Canary) < 0;
    }
}
