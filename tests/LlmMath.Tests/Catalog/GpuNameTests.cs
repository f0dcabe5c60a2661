using LlmMath.Hardware;

namespace LlmMath.Tests.Catalog;

/// <summary>Accelerators by the names that nvidia-smi, rocm-smi and people write.</summary>
public class GpuNameTests
{
    [Theory]
    [InlineData("NVIDIA H100 80GB HBM3", "h100-sxm-80gb")]
    [InlineData("NVIDIA H100 PCIe", "h100-pcie-80gb")]
    [InlineData("H100 80GB SXM", "h100-sxm-80gb")]
    [InlineData("NVIDIA A100-SXM4-80GB", "a100-sxm-80gb")]
    [InlineData("NVIDIA A100-PCIE-40GB", "a100-pcie-40gb")]
    [InlineData("NVIDIA A100 80GB PCIe", "a100-pcie-80gb")]
    [InlineData("Tesla V100-SXM2-16GB", "v100-sxm2-16gb")]
    [InlineData("Tesla T4", "t4")]
    [InlineData("NVIDIA GeForce RTX 4090", "rtx-4090")]
    [InlineData("RTX 4090 24GB", "rtx-4090")]
    [InlineData("rtx-4090-24gb", "rtx-4090")]
    [InlineData("RTX 3060 12 GB", "rtx-3060-12gb")]
    [InlineData("RTX4090", "rtx-4090")]
    [InlineData("AD102 [GeForce RTX 4090]", "rtx-4090")]
    [InlineData("01:00.0 VGA compatible controller: NVIDIA Corporation AD102 [GeForce RTX 4090] (rev a1)", "rtx-4090")]
    [InlineData("4090", "rtx-4090")]
    [InlineData("RTX 4070 Ti SUPER", "rtx-4070-ti-super")]
    [InlineData("NVIDIA GeForce RTX 5090 Laptop GPU", "rtx-5090-laptop")]
    [InlineData("NVIDIA RTX 6000 Ada Generation", "rtx-6000-ada")]
    [InlineData("NVIDIA RTX PRO 6000 Blackwell Workstation Edition", "rtx-pro-6000-blackwell-workstation")]
    [InlineData("NVIDIA GB10", "dgx-spark")]
    [InlineData("AMD Instinct MI300X OAM", "mi300x")]
    [InlineData("AMD Radeon RX 7900 XTX", "rx-7900-xtx")]
    [InlineData("AMD Ryzen AI Max+ 395", "ryzen-ai-max-395")]
    [InlineData("Intel(R) Arc(TM) B580 Graphics", "arc-b580")]
    [InlineData("M1 Pro", "apple-m1-pro")]
    public void ANameThatToolsPrintFindsTheEntry(string name, string entry)
    {
        Assert.Equal(entry, GpuCatalog.Find(name).Name);
        Assert.Equal(entry, GpuCatalog.Load(name).Name);
    }

    [Theory]
    [InlineData("A100")]
    [InlineData("RTX 4060 Ti")]
    [InlineData("NVIDIA")]
    [InlineData("")]
    [InlineData("Ⅷ٣")]
    public void ANameOfSeveralOrOfNoneIsRefused(string name) =>
        Assert.Throws<UnknownNameException>(() => GpuCatalog.Find(name));

    [Fact]
    public void ANameOfEnormousLengthIsQuick() =>
        Assert.Throws<UnknownNameException>(() => GpuCatalog.Find(new string('4', 1_000_000)));

    [Fact]
    public void NoTwoEntriesShareAName()
    {
        var owners = new Dictionary<string, string>();
        foreach (Gpu gpu in GpuCatalog.All)
        {
            IEnumerable<string> names = gpu.Aliases.Append(gpu.Name).Append(gpu.DisplayName);
            foreach (string plain in names.Select(GpuName.Plain).Distinct())
            {
                Assert.True(owners.TryAdd(plain, gpu.Name), $"\"{plain}\" is {gpu.Name} and {owners[plain]}");
            }
        }
    }

    [Fact]
    public void NvidiasCapabilityIsKnownWhereItsTableListsTheDevice()
    {
        Assert.Equal(("9.0", "8.0", "12.0", "12.0", "10.0"), (GpuCatalog.H100Sxm80Gb.ComputeCapability,
            GpuCatalog.A100Sxm80Gb.ComputeCapability, GpuCatalog.Rtx5090.ComputeCapability,
            GpuCatalog.Find("RTX PRO 6000 Blackwell Server Edition").ComputeCapability,
            GpuCatalog.Find("B200").ComputeCapability));
        Assert.All(GpuCatalog.All, gpu => Assert.Equal(gpu.Vendor == "NVIDIA" && gpu.Architecture != "Rubin",
            gpu.ComputeCapability is not null));
    }
}
