using LlmMath.Testing;
using Microsoft.CodeAnalysis;

namespace LlmMath.Generators.Tests;

public class EmissionTests
{
    [Theory]
    [InlineData("opt-350m", "Opt350m")]
    [InlineData("llama-3.1-8b", "Llama3_1_8b")]
    [InlineData("a100-sxm-80gb", "A100Sxm80Gb")]
    [InlineData("rtx-4090", "Rtx4090")]
    [InlineData("phi-1_5", "Phi1_5")]
    [InlineData("qwen1.5-moe-a2.7b", "Qwen1_5MoeA2_7b")]
    [InlineData("mixtral-8x7b", "Mixtral8x7b")]
    [InlineData("gpt2", "Gpt2")]
    [InlineData("llama.cpp", "LlamaCpp")]
    [InlineData("dots.llm1.inst", "DotsLlm1Inst")]
    [InlineData("MyLlama", "MyLlama")]
    [InlineData("7b", null)]
    [InlineData("", null)]
    [InlineData("---", null)]
    public void NamesBecomeMembers(string name, string? member) => Assert.Equal(member, MemberName.From(name));

    [Fact]
    public void AModelsFileIsAsApproved() =>
        Golden.Verify(Source("ModelCatalog.Tiny.g.cs", new Definition("/models/tiny.json", """
            {
              "id": "test/<tiny> & \"small\"",
              "config": { "model_type": "opt", "num_hidden_layers": 2, "_note": "line\nbreak", "_scale": 0.5, "gone": null,
                          "_list": [1, "é", true], "_nested": { "a": -1 } },
              "evidence": [ { "kind": "published", "parameters": 54360585, "source": "paper, table 1",
                              "beyond": [ { "what": "mask", "parameters": 9 } ] } ]
            }
            """)), nameof(AModelsFileIsAsApproved), "cs");

    [Fact]
    public void AGpusFileIsAsApproved() =>
        Golden.Verify(Source("GpuCatalog.Fast9000.g.cs", new Definition("/gpus/fast-9000.json", """
            {
              "name": "Fast 9000", "vendor": "Example", "memory_gib": 80, "bandwidth_gb_per_s": 3350,
              "tflops": { "bf16": 989.5, "fp8": 1979 },
              "prices": [ { "provider": "Cloud", "usd_per_hour": 1.5, "date": "2026-01", "kind": "on-demand",
                            "source": "https://example.org" } ],
              "sources": ["https://example.org/sheet"]
            }
            """, "gpu")), nameof(AGpusFileIsAsApproved), "cs");

    [Fact]
    public void WhatIsMadeCompilesInAnApplication()
    {
        Compilation compiled = Host.Compile(
            Definition.Opt("tiny"),
            new Definition("/models/config.json", """{ "model_type": "llama", "num_hidden_layers": 1 }""", name: "MyLlama"),
            new Definition("/gpus/fast-9000.gpu.json", """{ "name": "Fast 9000", "vendor": "Example", "sources": ["s"] }""",
                "gpu"),
            new Definition("/engines/house.engine.json", Engine("bandwidth_efficiency"), "engine"));

        INamedTypeSymbol models = compiled.GetTypeByMetadataName("LlmMath.AppModelCatalog")!;
        Assert.Contains("54,360,576 parameters · 2 layers", models.GetMembers("Tiny").Single().GetDocumentationCommentXml());
        Assert.Single(models.GetMembers("MyLlama"));
        Assert.Single(compiled.GetTypeByMetadataName("LlmMath.AppGpuCatalog")!.GetMembers("Fast9000"));
        Assert.Single(compiled.GetTypeByMetadataName("LlmMath.AppEngineCatalog")!.GetMembers("House"));
    }

    [Fact]
    public void AnEnginesUnknownConstantIsNamed()
    {
        Diagnostic error =
            Assert.Single(Host.Run(new Definition("/engines/house.json", Engine("bandwith_efficiency"), "engine")).Diagnostics);
        Assert.Equal("LLM003", error.Id);
        Assert.Contains("speed.generations[0].constants.bandwith_efficiency", error.GetMessage(null));
    }

    [Fact]
    public void AnEnginesFileIsAsApproved() => Golden.Verify(
        Source("EngineCatalog.House.g.cs",
            new Definition("/engines/house.engine.json", Engine("bandwidth_efficiency"), "engine")),
        nameof(AnEnginesFileIsAsApproved), "cs");

    internal static string Engine(string constant) => $$"""
        {
          "name": "House engine",
          "aliases": ["home"],
          "rank": 3,
          "runs_on": { "not_vendors": ["Apple"] },
          "load": { "formats": ["plain", "mxfp4"], "caches": ["bf16"], "matrix_copies": 1 },
          "pass": { "tokens": 4096, "logit_rows": "each_token" },
          "cache": { "page_tokens": 64, "windows": "with_pass" },
          "splits_by_layer": true,
          "memory_share": 0.8,
          "on": [ { "gpu": { "memory_below_gib": 40 }, "pass_tokens": 1024, "runtime_mib": { "low": 1, "expected": 2, "high": 3 } } ],
          "memory": {
            "reserve": { "runtime_mib": { "low": 100, "expected": 200, "high": 300 } },
            "buffers": { "logit_bytes": 4, "hidden_bytes": 8.5, "tabulates_rotary": true },
            "spread": { "low": 0.9, "high": 1.1 }, "sources": ["our own runs"]
          },
          "speed": {
            "generations": [
              {
                "architecture": "Hopper", "vendor": "NVIDIA", "gpus": ["h100-sxm-80gb"], "rows": 3, "fitted_on": "our own runs",
                "first_token": { "low": 0.9, "high": 1.2 }, "inter_token": { "low": 0.9, "high": 1.1 }, "constants": { "{{constant}}": 0.8 }
              }
            ]
          }
        }
        """;

    private static string Source(string hintName, Definition definition)
    {
        GeneratorRunResult result = Host.Run(definition);
        Assert.Empty(result.Diagnostics);
        return result.GeneratedSources.Single(source => source.HintName == hintName).SourceText.ToString();
    }
}
