using System.Runtime.InteropServices;

namespace LlmMath.Tests.Numerics.Quantization;

/// <summary>Spans that end where memory ends: a read or a write beyond them would end the process. On Linux.</summary>
public unsafe partial class GuardedMemoryTests
{
    private const int ReadWrite = 3, None = 0, PrivateAnonymous = 0x22, Page = 1 << 16;

    public static TheoryData<string> Names => [.. NumberFormats.All.Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void NothingBeyondTheSpansIsTouched(string name)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        NumberFormat format = NumberFormats.Find(name);
        byte* floats = Guarded(), bytes = Guarded();
        try
        {
            foreach (int length in (int[])[1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 255, 256, 257, 511, 512, 513, 1000, 2048,
                5000])
            {
                int size = (int)format.ByteCount(length);
                var values = new Span<float>(floats + Page - (length * sizeof(float)), length);
                var blocks = new Span<byte>(bytes + Page - size, size);
                UnitNormals.Fill(values, seed: length);
                format.Quantize(values, blocks);
                format.Dequantize(blocks, values);

                // Before them too.
                values = new Span<float>(floats, length);
                blocks = new Span<byte>(bytes, size);
                UnitNormals.Fill(values, seed: length);
                format.Quantize(values, blocks);
                format.Dequantize(blocks, values);
            }
        }
        finally
        {
            _ = Unmap(floats - Page, 3 * Page);
            _ = Unmap(bytes - Page, 3 * Page);
        }
    }

    // Memory between two parts that may not be touched.
    private static byte* Guarded()
    {
        byte* all = Map(null, 3 * Page, None, PrivateAnonymous, -1, 0);
        Assert.True(all != (byte*)-1);
        Assert.Equal(0, Protect(all + Page, Page, ReadWrite));
        return all + Page;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial byte* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(byte* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(byte* address, nuint length);
}
