using System.Runtime.InteropServices;
using LlmMath.Numerics;

namespace LlmMath.Cli.Bench.Peers;

/// <summary>One product as ggml runs it: a graph of one matrix multiplication, the weights laid out as the backend likes them
/// best, its threads pinned and kept spinning while it is sampled.</summary>
internal sealed unsafe class GgmlProduct : IDisposable
{
    /// <summary>Fields of struct ggml_tensor and of struct ggml_threadpool_params, by their offsets in ggml.h.</summary>
    private const int TensorBuffer = 8, ParamsThreads = Ggml.MostThreads, ParamsStrict = 524, ParamsBytes = 528;

    private readonly Ggml _ggml;
    private readonly int _threads, _values;
    private readonly nint _backend, _weightContext, _graphContext, _weightBuffer, _graphBuffer, _graph, _result;
    private nint _pool;

    public GgmlProduct(Ggml ggml, BenchMatrix matrix, int threads)
    {
        (_ggml, _threads, _values) = (ggml, threads, matrix.Rows * matrix.Vectors);
        _backend = ((delegate* unmanaged<nint>)ggml.Cpu("ggml_backend_cpu_init"))();
        ((delegate* unmanaged<nint, int, void>)ggml.Cpu("ggml_backend_cpu_set_n_threads"))(_backend, threads);
        _weightContext = Context();
        _graphContext = Context();
        var tensor = (delegate* unmanaged<nint, int, long, long, nint>)ggml.Base("ggml_new_tensor_2d");
        nint weights = tensor(_weightContext, TypeId(matrix.Format), matrix.Columns, matrix.Rows);
        nint x = tensor(_graphContext, 0, matrix.Columns, matrix.Vectors);
        _result = ((delegate* unmanaged<nint, nint, nint, nint>)ggml.Base("ggml_mul_mat"))(_graphContext, weights, x);
        _weightBuffer = Allocate(_weightContext, ggml.BufferTypes().First(type => IsSupported(type, weights)));
        _graphBuffer = Allocate(_graphContext, ggml.BufferTypes().Last());
        _graph = ((delegate* unmanaged<nint, nint>)ggml.Base("ggml_new_graph"))(_graphContext);
        ((delegate* unmanaged<nint, nint, void>)ggml.Base("ggml_build_forward_expand"))(_graph, _result);
        Set(weights, Stored(matrix));
        Set(x, MemoryMarshal.AsBytes(matrix.X.AsSpan()));
        Resume();
    }

    public void Multiply()
    {
        int status = ((delegate* unmanaged<nint, nint, int>)_ggml.Base("ggml_backend_graph_compute"))(_backend, _graph);
        if (status != 0)
        {
            throw new CliException($"ggml: the product ended with status {status}.");
        }
    }

    public float[] Result()
    {
        float[] y = new float[_values];
        fixed (float* values = y)
        {
            ((delegate* unmanaged<nint, void*, nuint, nuint, void>)_ggml.Base("ggml_backend_tensor_get"))(_result, values, 0,
                (nuint)_values * sizeof(float));
        }

        return y;
    }

    /// <summary>Threads that spin for work.</summary>
    public void Resume()
    {
        if (_threads > 1 && _pool == 0)
        {
            byte* parameters = stackalloc byte[ParamsBytes];
            ((delegate* unmanaged<byte*, int, void>)_ggml.Base("ggml_threadpool_params_init"))(parameters, _threads);
            foreach (int core in Cores.Allowed.Where(core => core < Ggml.MostThreads).Take(_threads))
            {
                parameters[core] = 1;
            }

            parameters[ParamsStrict] = 1;
            _pool = ((delegate* unmanaged<byte*, nint>)_ggml.Cpu("ggml_threadpool_new"))(parameters);
            UsePool();
        }
    }

    /// <summary>Ends the threads: a paused pool of this library still spins for a while.</summary>
    public void Pause()
    {
        if (_pool != 0)
        {
            nint pool = _pool;
            _pool = 0;
            UsePool();
            ((delegate* unmanaged<nint, void>)_ggml.Cpu("ggml_threadpool_free"))(pool);

            // A pool pins its caller too, to the last of the cores.
            Cores.PinCaller(0);
        }
    }

    public void Dispose()
    {
        Pause();
        foreach (nint buffer in new[] { _weightBuffer, _graphBuffer })
        {
            ((delegate* unmanaged<nint, void>)_ggml.Base("ggml_backend_buffer_free"))(buffer);
        }

        foreach (nint context in new[] { _weightContext, _graphContext })
        {
            ((delegate* unmanaged<nint, void>)_ggml.Base("ggml_free"))(context);
        }

        ((delegate* unmanaged<nint, void>)_ggml.Base("ggml_backend_free"))(_backend);
    }

    private static int TypeId(MatrixFormat format) => format.Name switch
    {
        "fp32" => 0,
        "fp16" => 1,
        "q4_0" => 2,
        "q4_1" => 3,
        "q5_0" => 6,
        "q5_1" => 7,
        "q8_0" => 8,
        "q2_k" => 10,
        "q3_k" => 11,
        "q4_k" => 12,
        "q5_k" => 13,
        "q6_k" => 14,
        "bf16" => 30,
        _ => throw new CliException($"--against ggml: {format} is no format of ggml."),
    };

    private static byte[] Stored(BenchMatrix matrix)
    {
        byte[] stored = new byte[matrix.Bytes];
        int rowBytes = matrix.Row(0).Length;
        for (int row = 0; row < matrix.Rows; row++)
        {
            matrix.Row(row).CopyTo(stored.AsSpan(row * rowBytes));
        }

        return stored;
    }

    private void UsePool() =>
        ((delegate* unmanaged<nint, nint, void>)_ggml.Cpu("ggml_backend_cpu_set_threadpool"))(_backend, _pool);

    private nint Context() =>
        ((delegate* unmanaged<InitParams, nint>)_ggml.Base(
            "ggml_init"))(new InitParams { Size = 1 << 20, Memory = 0, NoAllocation = 1 });

    private nint Allocate(nint context, nint bufferType)
    {
        nint buffer =
            ((delegate* unmanaged<nint, nint, nint>)_ggml.Base("ggml_backend_alloc_ctx_tensors_from_buft"))(context, bufferType);
        return buffer != 0 ? buffer : throw new CliException("ggml: there is not enough memory for the weights.");
    }

    /// <summary>Whether the backend multiplies weights that lie in a buffer of that type: asked with an empty one.</summary>
    private bool IsSupported(nint bufferType, nint weights)
    {
        nint empty = ((delegate* unmanaged<nint, nuint, nint>)_ggml.Base("ggml_backend_buft_alloc_buffer"))(bufferType, 0);
        *(nint*)(weights + TensorBuffer) = empty;
        bool isSupported =
            ((delegate* unmanaged<nint, nint, byte>)_ggml.Base("ggml_backend_dev_supports_op"))(_ggml.Device, _result) != 0;
        *(nint*)(weights + TensorBuffer) = 0;
        ((delegate* unmanaged<nint, void>)_ggml.Base("ggml_backend_buffer_free"))(empty);
        return isSupported;
    }

    private void Set(nint tensor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* source = bytes)
        {
            ((delegate* unmanaged<nint, void*, nuint, nuint, void>)_ggml.Base("ggml_backend_tensor_set"))(tensor, source, 0,
                (nuint)bytes.Length);
        }
    }

    /// <summary>struct ggml_init_params: a null memory is allocated by ggml.</summary>
    private struct InitParams
    {
        public nuint Size;
        public nint Memory;
        public byte NoAllocation;
    }
}
