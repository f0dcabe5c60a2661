using System.Runtime.Intrinsics;

namespace LlmMath.Numerics.Vectors;

/// <summary>
/// An instruction set, for the steps on sixteen lanes that processors have instructions of their own for. Implemented by empty
/// structs, so that it is a type parameter: one process can run every path that its processor has, and a test compares them.
/// </summary>
internal interface ILanes
{
    /// <summary>Whether this processor has it.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Bytes, each in a lane of its own.</summary>
    static abstract Vector512<uint> Widen(Vector128<byte> x);

    /// <summary>Signed bytes, each in a lane of its own.</summary>
    static abstract Vector512<int> Widen(Vector128<sbyte> x);

    /// <summary>Signed 16-bit numbers, each in a lane of its own.</summary>
    static abstract Vector512<int> Widen(Vector256<short> x);

    /// <summary>Eight bytes, each in a lane of its own.</summary>
    static abstract Vector512<ulong> Widen(ulong bytes);

    /// <summary>The low byte of each lane.</summary>
    static abstract Vector128<byte> LowBytes(Vector512<uint> x);

    /// <summary>The low byte of each of eight lanes.</summary>
    static abstract ulong LowBytes(Vector512<ulong> x);

    /// <summary>The low 16 bits of each lane.</summary>
    static abstract Vector256<ushort> LowHalves(Vector512<uint> x);

    /// <summary>Whole numbers of floats below 2³¹ in magnitude, cut off after the point.</summary>
    static abstract Vector512<int> Truncate(Vector512<float> x);

    /// <summary>Entries of a table of sixteen, by the low four bits of each lane.</summary>
    static abstract Vector512<float> LookUp(Vector512<float> table, Vector512<uint> indices);
}
