using System.Text;
using LlmMath.Engines.Json;
using LlmMath.Testing;

namespace LlmMath.Tests.Engines;

/// <summary>An engine's file read at run time: a made-up engine serves memory and speed, and a damaged file is one
/// error.</summary>
public class EngineJsonTests
{
    private const string Section = "\"memory\": { \"unknown\": \"m\" }, \"speed\": { \"unknown\": \"s\" }";

    /// <summary>A made-up engine is one file.</summary>
    private static Engine House => EngineJson.Read("""
        {
          "name": "House engine",
          "aliases": ["home"],
          "runs_on": { "vendors": ["NVIDIA"] },
          "load": { "formats": ["plain", "mxfp4"], "caches": ["fp16", "bf16"] },
          "pass": { "tokens": 4096 },
          "cache": { "page_tokens": 64, "windows": "exact" },
          "memory_share": 0.8,
          "on": [ { "gpu": { "memory_below_gib": 40 }, "pass_tokens": 1024, "memory_share": 0.7 } ],
          "memory": {
            "reserve": { "runtime_mib": { "low": 100, "expected": 200, "high": 300 } },
            "buffers": { "logit_bytes": 4, "hidden_bytes": 8, "intermediate_bytes": 2 },
            "spread": { "low": 0.9, "high": 1.1 },
            "sources": ["our own runs"]
          },
          "speed": {
            "generations": [
              {
                "architecture": "Hopper", "vendor": "NVIDIA", "gpus": ["h100-sxm-80gb"], "rows": 3, "fitted_on": "our own runs",
                "first_token": { "low": 0.9, "high": 1.2 }, "inter_token": { "low": 0.9, "high": 1.1 },
                "constants": { "bandwidth_efficiency": 0.8, "step_us": 100 }
              }
            ]
          }
        }
        """u8, "house");

    [Fact]
    public void AMadeUpEngineServesMemoryAndSpeed()
    {
        Engine house = House;
        MemoryEstimate memory = ModelCatalog.Llama3_1_8b.InferenceMemory(WeightFormat.Bf16, context: 100, engine: house);
        InferenceEstimate speed = ModelCatalog.Llama3_1_8b.EstimateInference(
            GpuCatalog.H100Sxm80Gb, house, new(100, 28), WeightFormat.Bf16);

        // 100 tokens take two pages of 64.
        Assert.Equal(128 * 131_072, memory.KeyValueCache.Bytes);
        Assert.Equal(200L << 20, memory.Runtime.Bytes);
        Assert.Equal((0.9, 1.1), (
            Math.Round((double)memory.TotalRange.Low.Bytes / memory.Total.Bytes, 6),
            Math.Round((double)memory.TotalRange.High.Bytes / memory.Total.Bytes, 6)));
        Assert.Equal(Basis.Measured, speed.Basis);
        Assert.True(speed.InterTokenLatency.Expected > TimeSpan.FromMicroseconds(100));
    }

    [Fact]
    public void WhatDiffersOnAGpuIsAppliedThereAndNowhereElse()
    {
        Engine house = House, small = house.On(GpuCatalog.Rtx4090);

        Assert.Equal((1024, 0.7, 0), (small.Pass.Tokens, small.MemoryShare, small.ByGpu.Count));
        Assert.Equal((4096, 0.8), (house.On(GpuCatalog.H100Sxm80Gb).Pass.Tokens, house.On(GpuCatalog.H100Sxm80Gb).MemoryShare));
        Assert.Same(small, small.On(GpuCatalog.H100Sxm80Gb));
        Assert.Equal(2000, house.WithPass(2000).On(GpuCatalog.Rtx4090).Pass.Tokens);
        Assert.Equal(0.7, house.WithPass(2000).On(GpuCatalog.Rtx4090).MemoryShare);
    }

    [Fact]
    public void WhatIsNotKnownIsSaid()
    {
        var engine = EngineJson.Read(Encoding.UTF8.GetBytes($$"""{ "name": "X", {{Section}} }"""), "x");
        MemoryEstimate e = ModelCatalog.Opt350m.InferenceMemory(WeightFormat.Bf16, context: 10, engine: engine);

        Assert.Equal(e.Weights + e.KeyValueCache, e.Total);
        Assert.Contains("x takes beside weights and cache is not in the need: m", e.FitOn(GpuCatalog.Rtx4090).Warning);
        Assert.Contains("how fast x is, is not known: s", Assert.Throws<EstimateException>(() =>
            ModelCatalog.Opt350m.EstimateInference(GpuCatalog.Rtx4090, engine, new(10, 10), WeightFormat.Bf16)).Message);
    }

    [Theory]
    [InlineData("\"speed\": { \"unknown\": \"s\" }", "memory")]
    [InlineData("\"memory\": { \"unknown\": \"m\", \"spread\": 1 }, \"speed\": { \"unknown\": \"s\" }", "memory.spread")]
    [InlineData("\"memory\": { \"buffers\": {}, \"spread\": { \"low\": 1, \"high\": 1 } }, \"speed\": { \"unknown\": \"s\" }",
        "memory.sources")]
    [InlineData($"\"memory_share\": 1.5, {Section}", "memory_share")]
    [InlineData($"\"pass\": {{ \"tokens\": 0 }}, {Section}", "pass.tokens")]
    [InlineData($"\"pass\": {{ \"tokens\": 4294967296 }}, {Section}", "pass.tokens")]
    [InlineData($"\"pass\": {{ \"logit_rows\": \"fixed\" }}, {Section}", "pass.fixed_logit_rows")]
    [InlineData($"\"pass\": {{ \"logit_rows\": \"some\" }}, {Section}", "pass.logit_rows")]
    [InlineData($"\"cache\": {{ \"windows\": \"some\" }}, {Section}", "cache.windows")]
    [InlineData($"\"runs_on\": {{ }}, {Section}", "runs_on.vendors")]
    [InlineData($"\"on\": [ {{ \"gpu\": {{ \"vendors\": [\"Apple\"] }} }} ], {Section}", "on[0].pass_tokens")]
    [InlineData($"\"on\": [ {{ \"pass_tokens\": 1 }} ], {Section}", "on[0].gpu")]
    [InlineData($"\"load\": {{ \"formats\": [\"plain\", \"q4km\"] }}, {Section}", "load.formats[1]")]
    [InlineData($"\"load\": {{ \"caches\": [\"fp9\"] }}, {Section}", "load.caches[0]")]
    [InlineData($"\"surprise\": 1, {Section}", "surprise")]
    public void WhatIsWrongIsNamed(string fields, string field)
    {
        byte[] file = Encoding.UTF8.GetBytes($$"""{ "name": "X", {{fields}} }""");
        Assert.Equal(field, Assert.Throws<DefinitionException>(() => EngineJson.Read(file, "x")).Field);
    }

    [Theory]
    [InlineData("\"from_gpus\": 1, \"source\": \"s\"", "speed.all_to_all.from_gpus")]
    [InlineData("\"source\": \"s\"", "speed.all_to_all.from_gpus")]
    [InlineData("\"from_gpus\": 2", "speed.all_to_all.source")]
    [InlineData("\"from_gpus\": 2, \"source\": \"s\", \"gpus\": 4", "speed.all_to_all.gpus")]
    public void WhatIsWrongOfAnExchangeIsNamed(string fields, string field)
    {
        byte[] file = Encoding.UTF8.GetBytes(
            $$"""{ "name": "X", "memory": { "unknown": "m" }, "speed": { "all_to_all": { {{fields}} } } }""");
        Assert.Equal(field, Assert.Throws<DefinitionException>(() => EngineJson.Read(file, "x")).Field);
    }

    [Fact]
    public void ADamagedFileIsReadOrIsOneError()
    {
        var random = new Random(20261129);
        string[] files = [.. Directory.GetFiles(Path.Combine(Repository.Root, "catalog/engines"), "*.json")];
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            byte[] good = File.ReadAllBytes(file)[..Math.Min(4096, (int)new FileInfo(file).Length)];
            for (int round = 0; round < 60; round++)
            {
                try
                {
                    EngineJson.Read(Damaged(random.Next(2) == 0 ? good : File.ReadAllBytes(file), random), "x");
                }
                catch (DefinitionException error)
                {
                    Assert.NotEmpty(error.Problem);
                }
            }
        }
    }

    private static byte[] Damaged(byte[] good, Random random)
    {
        byte[] bytes = [.. good];
        for (int edits = random.Next(1, 4); edits > 0 && bytes.Length > 0; edits--)
        {
            int at = random.Next(bytes.Length);
            bytes = random.Next(4) switch
            {
                0 => bytes[..at],
                1 => [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]],
                2 => [.. bytes[..at], .. bytes[random.Next(at, bytes.Length)..]],
                _ => [.. bytes[..at], (byte)"{}[]\",:0-9eE"[random.Next(12)], .. bytes[(at + 1)..]],
            };
        }

        return bytes;
    }
}
