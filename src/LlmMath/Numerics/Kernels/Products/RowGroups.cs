using System.Runtime.CompilerServices;

namespace LlmMath.Numerics.Kernels;

/// <summary>Runs a product over groups of 16 rows.</summary>
internal static unsafe class RowGroups
{
    /// <summary>Rows that stand side by side in a tile.</summary>
    public const int Rows = 16;

    /// <summary>Bytes of a line: 4 of each row.</summary>
    public const int LineBytes = 64;

    /// <summary>Column vectors of one pass.</summary>
    public const int MostVectors = 16;

    /// <summary>How far ahead weights are asked for, into the groups of rows that follow too: the processor's own prefetching
    /// leaves a third of what memory delivers unused where a core computes between two lines.</summary>
    private const int PrefetchBytes = 4096;

    /// <summary>Bytes of a matrix that each thread keeps in its core's cache from product to product, where asking ahead costs a
    /// quarter of the speed and brings nothing.</summary>
    private const long CachedBytes = 1 << 20;

    /// <summary>Weights that are read several times in a row (a vector narrower than 16 rows, several column vectors) stay in
    /// L1.</summary>
    private const int ChunkBytes = 8192;

    /// <summary>How far ahead the weights of a matrix are asked for; 0 where they are at hand.</summary>
    public static nint Ahead(long bytes, int threads) => bytes <= CachedBytes * threads ? 0 : PrefetchBytes;

    /// <summary>Writes the results of groups <paramref name="first"/> to <paramref name="end"/> − 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TProduct, TSimd, TInt, TFloat>(ProductCall* call, int first, int end)
        where TProduct : struct, IProduct<TSimd, TInt, TFloat>
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct
    {
        unchecked
        {
            int tileBytes = TProduct.TileLines * LineBytes;
            bool isReadOnce = TSimd.Lanes == Rows && (call->Vectors is 1 or 4);
            int chunk = isReadOnce ? call->Tiles : Math.Max(1, ChunkBytes / tileBytes);
            float* sums = stackalloc float[Rows * MostVectors];
            for (int group = first; group < end; group++)
            {
                new Span<float>(sums, Rows * call->Vectors).Clear();
                byte* weights = call->Weights + ((long)group * call->Tiles * tileBytes);
                for (int tile = 0; tile < call->Tiles; tile += chunk)
                {
                    int tiles = Math.Min(chunk, call->Tiles - tile);
                    byte* x = call->X + ((nint)tile * TProduct.ActivationBytes);
                    for (int row = 0; row < Rows; row += TSimd.Lanes)
                    {
                        Vectors<TProduct, TSimd, TInt, TFloat>(
                            call, weights + ((long)tile * tileBytes) + (row * 4), x, tiles, sums + row);
                    }
                }

                Store(call, sums, group * Rows);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Vectors<TProduct, TSimd, TInt, TFloat>(ProductCall* call, byte* weights, byte* x, int tiles, float* sums)
        where TProduct : struct, IProduct<TSimd, TInt, TFloat>
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct
    {
        unchecked
        {
            int vector = 0;
            for (; vector <= call->Vectors - 4; vector += 4)
            {
                TProduct.Four(weights, x + (vector * call->XStride), call->XStride, tiles, call->Ahead, sums + (vector * Rows));
            }

            for (; vector < call->Vectors; vector++)
            {
                float* sum = sums + (vector * Rows);
                TSimd.Store(TProduct.One(weights, x + (vector * call->XStride), tiles, call->Ahead, TSimd.LoadFloats(sum)), sum);
            }
        }
    }

    /// <summary>The last group may have fewer than 16 rows that exist.</summary>
    private static void Store(ProductCall* call, float* sums, int row)
    {
        unchecked
        {
            int rows = Math.Min(Rows, call->Rows - row);
            for (int vector = 0; vector < call->Vectors; vector++)
            {
                float* y = call->Y + ((long)vector * call->Rows) + row;
                float first = call->Factors[2 * vector], second = call->Factors[(2 * vector) + 1];
                for (int i = 0; i < rows; i++)
                {
                    y[i] = sums[(vector * Rows) + i] * first * second;
                }
            }
        }
    }
}
