using System.Text;
using System.Text.Json;
using LlmMath.Cli.Commands;
using LlmMath.Cli.Doctor;

namespace LlmMath.Cli.Tests;

/// <summary>What a machine is, from what its programs print; the forms are those of the programs' own documentation.</summary>
public class DoctorTests
{
    private const string Cpuinfo = "processor\t: 0\nvendor_id\t: AuthenticAMD\n"
        + "model name\t: AMD Ryzen 9 7950X 16-Core Processor\ncpu MHz\t\t: 4500.000\nsiblings\t: 2\ncpu cores\t: 1\n\n"
        + "processor\t: 1\nmodel name\t: AMD Ryzen 9 7950X 16-Core Processor\n";

    // nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader,nounits
    private const string NvidiaSmi = "NVIDIA GeForce RTX 4090, 24564, 550.54.14\nNVIDIA GeForce RTX 4090, 24564, 550.54.14\n";

    // rocm-smi --showproductname --showmeminfo vram --json
    private const string RocmSmi = """
        {"card0": {"VRAM Total Memory (B)": "25753026560", "VRAM Total Used Memory (B)": "27308032",
          "Card Series": "Radeon RX 7900 XTX", "Card Model": "0x744c", "Card Vendor": "Advanced Micro Devices, Inc. [AMD/ATI]"},
         "system": {"Driver version": "6.7.0"}}
        """;

    // lspci -mm
    private const string Lspci = """
        00:1f.2 "SATA controller" "Intel Corporation" "82801IR [AHCI mode]" -r02 "Dell" "Device"
        01:00.0 "VGA compatible controller" "NVIDIA Corporation" "GA106 [GeForce RTX 3060 12GB]" -ra1 "ASUSTeK" "Device 1"
        02:00.0 "VGA compatible controller" "Cirrus Logic" "GD 5446" "" ""
        """;

    // system_profiler SPDisplaysDataType -json
    private const string Profiler = """
        {"SPDisplaysDataType": [{"_name": "Apple M2 Max", "sppci_cores": "38", "sppci_model": "Apple M2 Max"}]}
        """;

    [Theory]
    [InlineData("AMD Ryzen 9 7950X 16-Core Processor", "ryzen-9-7950x")]
    [InlineData("13th Gen Intel(R) Core(TM) i9-13900K", "core-i9-13900k")]
    [InlineData("Intel(R) Core(TM) i7-9750H CPU @ 2.60GHz", "core-i7-9750h")]
    [InlineData("AMD EPYC 9654 96-Core Processor", "epyc-9654")]
    [InlineData("AMD Ryzen Threadripper PRO 7965WX 24-Cores", "threadripper-pro-7965wx")]
    [InlineData("AMD Ryzen 7 7840HS w/ Radeon 780M Graphics", "ryzen-7-7840hs")]
    [InlineData("Intel(R) Xeon(R) Platinum 8480+", "xeon-8480")]
    [InlineData("Intel(R) Xeon(R) Processor", null)]
    [InlineData("", null)]
    public void ProcessorsAreFoundByTheNamesThatSystemsPrint(string name, string? entry)
    {
        Assert.Equal(entry is not null, GpuCatalog.TryFindProcessor(name, out Gpu? processor));
        Assert.Equal(entry, processor?.Name);
    }

    [Fact]
    public void WhatProgramsPrintIsRead()
    {
        Assert.Equal("AMD Ryzen 9 7950X 16-Core Processor", SystemTexts.Processor(Cpuinfo));
        Assert.Equal(4500e6 * 32, SystemTexts.Operations(Cpuinfo));
        Assert.Equal(new SeenGpu("NVIDIA GeForce RTX 4090", 24564L << 20, "550.54.14", "nvidia-smi"),
            SystemTexts.NvidiaSmi(NvidiaSmi)[1]);
        Assert.Equal([new SeenGpu("Radeon RX 7900 XTX", 25753026560, null, "rocm-smi")], SystemTexts.RocmSmi(RocmSmi));
        Assert.Equal(["NVIDIA GeForce RTX 3060 12GB", "Cirrus Logic GD 5446"], SystemTexts.Lspci(Lspci).Select(gpu => gpu.Name));
        Assert.Equal("Apple M2 Max 38-core", SystemTexts.SystemProfiler(Profiler)[0].Name);
        Assert.Equal("AMD Ryzen 5 5600X 6-Core Processor", SystemTexts.Registry(
            "\nHKEY_LOCAL_MACHINE\\HARDWARE\n    ProcessorNameString    REG_SZ    AMD Ryzen 5 5600X 6-Core Processor\r\n"));
        Assert.Equal("version: 6800 (0104b151)",
            SystemTexts.Version("ggml_cuda_init: found devices\nversion: 6800 (0104b151)\n"));
        Assert.All(
            [.. SystemTexts.NvidiaSmi(NvidiaSmi), .. SystemTexts.RocmSmi(RocmSmi), .. SystemTexts.SystemProfiler(Profiler)],
            gpu => Assert.True(GpuCatalog.TryFind(gpu.Name, out _), gpu.Name));
    }

    [Fact]
    public void DamagedTextsAreReadAsFarAsTheyGo()
    {
        var random = new Random(20261130);
        Action<string>[] readers =
        [
            text => SystemTexts.Processor(text), text => SystemTexts.Operations(text), text => SystemTexts.NvidiaSmi(text),
            text => SystemTexts.RocmSmi(text), text => SystemTexts.Lspci(text), text => SystemTexts.SystemProfiler(text),
            text => SystemTexts.Registry(text), text => SystemTexts.Version(text), text => SystemTexts.Board(text),
            text => _ = SystemTexts.Alternatives(text).Count(), text => SystemTexts.Bytes(text),
        ];
        foreach (string good in new[] { Cpuinfo, NvidiaSmi, RocmSmi, Lspci, Profiler, "[1]", "{\"SPDisplaysDataType\": [1]}" })
        {
            for (int round = 0; round < 60; round++)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(good);
                for (int i = random.Next(6); i > 0; i--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                string bad = Encoding.UTF8.GetString(bytes[..random.Next(bytes.Length + 1)]);
                Assert.All(readers, read => read(bad));
                Assert.InRange(SystemTexts.Operations(bad), 32e6, double.MaxValue);
                Assert.All(SystemTexts.NvidiaSmi(bad), gpu => Assert.True(gpu.MemoryBytes is null or > 0));
            }
        }
    }

    [Fact]
    public void AMachineIsToldWithWhatRunsWellOnIt()
    {
        JsonElement told = Run(new()
        {
            Run = (name, _) => name switch
            {
                "nvidia-smi" => new(NvidiaSmi, null),
                "lspci" => new(Lspci, null),
                "sysctl" => new(null, "sysctl did not answer within 5 seconds"),
                _ => new(null, null),
            },
            RunEngine = (name, _) => name == "llama-server" ? new("version: 6800 (0104b151)", null) : new(null, "vllm failed"),
            Find = name => name is "llama-server" or "vllm" ? "/usr/bin/" + name : null,
            Read = path => path == "/proc/cpuinfo" ? Cpuinfo : null,
            Measure = () => null,
            MemoryBytes = 64L << 30,
        });

        Assert.Equal("ryzen-9-7950x", told.GetProperty("processor").GetProperty("catalog").GetString());
        Assert.Equal(("rtx-4090", 2), (told.GetProperty("gpus")[0].GetProperty("catalog").GetString(),
            told.GetProperty("gpus")[0].GetProperty("count").GetInt32()));
        // What nvidia-smi told is not told again.
        Assert.Equal(["NVIDIA GeForce RTX 4090", "Cirrus Logic GD 5446"], Names(told, "gpus"));
        Assert.Equal(["llama.cpp", "vllm"], Names(told, "engines"));
        Assert.Equal("version: 6800 (0104b151)", told.GetProperty("engines")[0].GetProperty("version").GetString());
        Assert.Equal(10, Names(told, "models").Length);
        Assert.Contains(told.GetProperty("largest").GetString(), Names(told, "models"));
        string missing = told.GetProperty("notFound").ToString();
        Assert.Contains("Cirrus Logic GD 5446", missing);
        Assert.Contains("the version of vllm: vllm failed", missing);
        Assert.Contains("bandwidth", missing);
        JsonElement least = told.GetProperty("models")[0];
        Assert.True(least.GetProperty("runsWell").GetBoolean() && least.GetProperty("fits").GetBoolean());
    }

    [Theory]
    [InlineData("Navi 31 [Radeon RX 7900 XT/7900 XTX/7900 GRE]", "25753026560", "rx-7900-xtx")]
    [InlineData("Navi 31 [Radeon RX 7900 XT/7900 XTX/7900 GRE]", "21458059264", "rx-7900-xt")]
    [InlineData("Navi 31 [Radeon RX 7900 XT/7900 XTX/7900 GRE]", null, null)]
    [InlineData(null, null, "jetson-agx-orin-64gb")]
    public void FilesOfTheSystemTellWhatLspciDoesNot(string? device, string? memory, string? entry)
    {
        JsonElement told = Run(new()
        {
            Run = (name, _) => name == "lspci" && device is not null
                ? new($"03:00.0 \"VGA compatible controller\" \"Advanced Micro Devices, Inc. [AMD/ATI]\" \"{device}\" -rc8", null)
                : new(null, null),
            Find = _ => null,
            Read = path => path == "/sys/class/drm/card1/device/mem_info_vram_total" ? memory + "\n"
                : path == "/proc/device-tree/model" && device is null ? "NVIDIA Jetson AGX Orin Developer Kit\0" : null,
            Measure = () => null,
            MemoryBytes = 64L << 30,
        });
        Assert.Equal(entry, told.GetProperty("gpus")[0].GetProperty("catalog").GetString());
    }

    [Fact]
    public void NothingFoundIsSaidAndNoError()
    {
        MachineEyes blind = new()
        {
            Run = (_, _) => new(null, null), Find = _ => null, Read = _ => null, Measure = () => null, MemoryBytes = 1,
        };
        JsonElement told = Run(blind);
        Assert.Equal(JsonValueKind.Null, told.GetProperty("largest").ValueKind);
        Assert.Equal(["the processor's name", "memory's bandwidth: it could not be measured",
            "any GPU: neither nvidia-smi nor rocm-smi nor lspci names one"],
            told.GetProperty("notFound").EnumerateArray().Select(line => line.GetString()));
        using var output = new StringWriter();
        Assert.Equal(0, DoctorCommand.Create(output, () => blind).Parse([]).Invoke());
        Assert.Contains("runs well here: none", output.ToString());
    }

    /// <summary>A program that does not end is ended, and what it would have said is missing.</summary>
    [Fact]
    public void AProgramHasAFewSeconds()
    {
        Assert.Equal(new ProgramAnswer(null, null), Programs.Run("no-such-program-of-llmmath", [], TimeSpan.FromSeconds(5)));
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Assert.Equal("sleep did not answer within 0 seconds",
            Programs.Run("sleep", ["30"], TimeSpan.FromMilliseconds(100)).Problem);
        Assert.Contains("failed with status 3", Programs.Run("sh", ["-c", "exit 3"], TimeSpan.FromSeconds(5)).Problem);
        Assert.Equal("out", Programs.Run("sh", ["-c", "echo out"], TimeSpan.FromSeconds(5)).Output?.Trim());
        // More than is kept neither blocks it nor fills memory.
        Assert.InRange(Programs.Run("sh", ["-c", "head -c 5000000 /dev/zero"], TimeSpan.FromSeconds(5)).Output?.Length ?? 0,
            1 << 20, (1 << 20) + 4096);
    }

    private static JsonElement Run(MachineEyes eyes)
    {
        using var output = new StringWriter();
        Assert.Equal(0, DoctorCommand.Create(output, () => eyes).Parse(["--json"]).Invoke());
        return JsonDocument.Parse(output.ToString()).RootElement;
    }

    private static string[] Names(JsonElement told, string list) =>
        [.. told.GetProperty(list).EnumerateArray().Select(item => item.GetProperty("name").GetString()!)];
}
