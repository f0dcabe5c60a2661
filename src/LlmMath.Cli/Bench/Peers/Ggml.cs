using System.Runtime.InteropServices;

namespace LlmMath.Cli.Bench.Peers;

/// <summary>ggml's CPU backend by its C interface (ggml.h, ggml-backend.h, ggml-cpu.h), from shared libraries in a folder. Of
/// several builds of the backend the one that scores itself highest on this processor is taken.</summary>
internal sealed unsafe class Ggml
{
    /// <summary>Threads that it takes at most (GGML_MAX_N_THREADS).</summary>
    public const int MostThreads = 512;

    private readonly nint _base, _cpu;

    private Ggml(nint @base, nint cpu, string build) => (_base, _cpu, Build) = (@base, cpu, build);

    /// <summary>The file name of the backend's build: <c>libggml-cpu-zen4.so</c>.</summary>
    public string Build { get; }

    /// <summary>The device of the CPU.</summary>
    public nint Device { get; private set; }

    /// <summary>Loads the libraries of a folder.</summary>
    /// <exception cref="CliException">There are none, or none that this processor runs.</exception>
    public static Ggml Load(string folder)
    {
        string core = Path.Combine(folder, "libggml-base.so");
        if (!File.Exists(core) || !NativeLibrary.TryLoad(core, out nint @base))
        {
            throw new CliException($"--against ggml={folder}: there is no libggml-base.so that loads in this folder.");
        }

        var builds = new List<(int Score, nint Library, string File)>();
        foreach (string file in Directory.GetFiles(folder, "libggml-cpu*.so").Order(StringComparer.Ordinal))
        {
            if (NativeLibrary.TryLoad(file, out nint library))
            {
                bool scores = NativeLibrary.TryGetExport(library, "ggml_backend_score", out nint score);
                builds.Add((scores ? ((delegate* unmanaged<int>)score)() : 1, library, Path.GetFileName(file)));
            }
        }

        (int Score, nint Library, string File) best = builds.OrderByDescending(build => build.Score).FirstOrDefault();
        if (best.Score <= 0)
        {
            throw new CliException($"--against ggml={folder}: no libggml-cpu*.so in it runs on this processor.");
        }

        var ggml = new Ggml(@base, best.Library, best.File);
        ((delegate* unmanaged<delegate* unmanaged<int, byte*, void*, void>, void*, void>)ggml.Base("ggml_log_set"))(&Silence,
            null);
        ggml.Device = ((delegate* unmanaged<nint, nuint, nint>)ggml.Base("ggml_backend_reg_dev_get"))(ggml.Registry, 0);
        return ggml;
    }

    /// <summary>The backend's registry.</summary>
    public nint Registry => ((delegate* unmanaged<nint>)Cpu("ggml_backend_cpu_reg"))();

    /// <summary>The address of a function of the base library.</summary>
    public nint Base(string function) => Export(_base, function);

    /// <summary>The address of a function of the CPU backend.</summary>
    public nint Cpu(string function) => Export(_cpu, function);

    /// <summary>The buffer types that lay weights out anew, best first, and the plain one at the end.</summary>
    public IEnumerable<nint> BufferTypes()
    {
        var types = new List<nint>();
        byte[] name = "ggml_backend_dev_get_extra_bufts\0"u8.ToArray();
        fixed (byte* text = name)
        {
            nint extra = ((delegate* unmanaged<nint, byte*, nint>)Base("ggml_backend_reg_get_proc_address"))(Registry, text);
            nint* list = extra == 0 ? null : ((delegate* unmanaged<nint, nint*>)extra)(Device);
            for (; list != null && *list != 0; list++)
            {
                types.Add(*list);
            }
        }

        types.Add(((delegate* unmanaged<nint, nint>)Base("ggml_backend_dev_buffer_type"))(Device));
        return types;
    }

    public Contender Contend(BenchMatrix matrix, int threads)
    {
        var product = new GgmlProduct(this, matrix, threads);
        return new Contender(
            "ggml", product.Multiply, product.Result, product.Dispose) { Wake = product.Resume, Sleep = product.Pause };
    }

    private static nint Export(nint library, string function) => NativeLibrary.TryGetExport(library, function, out nint address)
        ? address
        : throw new CliException($"--against: the libraries of this ggml have no {function}: another release is needed.");

    /// <summary>Its log would stand between the rows of a table.</summary>
    [UnmanagedCallersOnly]
    private static void Silence(int level, byte* text, void* data)
    {
    }
}
