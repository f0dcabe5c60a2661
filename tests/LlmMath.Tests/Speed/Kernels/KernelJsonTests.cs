using System.Text;
using LlmMath.Engines.Json;
using LlmMath.Engines.Kernels;
using LlmMath.Speed.Kernels;

namespace LlmMath.Tests.Speed.Kernels;

/// <summary>Reading what kernels reach: what is right, and the one clear error where something is not.</summary>
public class KernelJsonTests
{
    private const string Right = """
        {
          "capability": "9.0", "architectures": ["Hopper"],
          "profiles": [
            {
              "operator": "all_reduce", "variant": "bf16", "gpu": "h100-sxm-80gb", "engine": "vllm", "rows": 60, "shapes": 3,
              "launch_us": 4, "bandwidth_share": 0.8, "half_read": { "bytes": 1000 }, "step_ns": 2, "step_power": { "gpus": 0.5 },
              "sharpness": 1.5
            }
          ]
        }
        """;

    [Fact]
    public void UnitsAreSecondsAndShares()
    {
        KernelProfile profile = Assert.Single(Read(Right).Profiles);
        Assert.Equal(KernelOperator.AllReduce, profile.Operator);
        Assert.Equal(4e-6, profile.Form.Launch, 1e-12);
        Assert.Equal(2e-9, profile.Form.Step, 1e-15);
        Assert.Equal(1000, profile.Form.HalfRead[0]);
        Assert.Equal(0.5, profile.Form.StepPower[1]);
        Assert.Equal(1, profile.Form.Compute);
    }

    [Theory]
    [InlineData("\"all_reduce\"", "\"allreduce\"", "operator")]
    [InlineData("\"rows\": 60", "\"rows\": 0", "rows")]
    [InlineData("\"bytes\": 1000", "\"tokens\": 1000", "half_read.tokens")]
    [InlineData("\"sharpness\": 1.5", "\"sharpness\": 0.5", "sharpness")]
    [InlineData("\"sharpness\": 1.5", "\"corrections\": \"PQ\"", "corrections")]
    [InlineData("\"sharpness\": 1.5", "\"corrections\": \"P 1\"", "corrections")]
    [InlineData("\"launch_us\": 4", "\"launch\": 4", "launch")]
    public void WhatIsWrongIsNamed(string right, string wrong, string field)
    {
        DefinitionException error = Assert.Throws<DefinitionException>(() => Read(Right.Replace(right, wrong)));
        Assert.EndsWith(field, error.Field);
    }

    [Fact]
    public void CorrectionsAreOneCharacterOrDigits()
    {
        List<int> all = [.. Enumerable.Range(-300, 601)];
        Assert.Equal(all, CorrectionText.Read(CorrectionText.Write(all)));
        Assert.Equal("POQ! 92  -1  300 ", CorrectionText.Write([0, -2, 2, -92, 92, -1, 300]));
        Assert.All(["\"", "\\", "\u007f", " ", " 1", "  ", " x ", " 301 "], text => Assert.Null(CorrectionText.Read(text)));
    }

    [Fact]
    public void MutatedTextIsReadOrRefused()
    {
        var random = new Random(9);
        byte[] right = Encoding.UTF8.GetBytes(Right);
        for (int i = 0; i < 3_000; i++)
        {
            byte[] text = [.. right];
            for (int j = 0; j <= random.Next(3); j++)
            {
                text[random.Next(text.Length)] = (byte)random.Next(32, 127);
            }

            try
            {
                KernelJson.Read(text, "mutated");
            }
            catch (DefinitionException)
            {
                // Refused, and said why: as right as being read.
            }
        }
    }

    [Fact]
    public void EveryGpuOfAGenerationThatWasTimedHasKernels()
    {
        KernelFound own = DeviceKernels.Of(GpuCatalog.H100Sxm80Gb, "vllm").Rests(KernelOperator.Product, (int)KernelFormat.Bf16);
        Assert.Equal((KernelRests.Measured, "h100-sxm-80gb"), (own.Rests, own.From));
        KernelFound like = DeviceKernels.Of(GpuCatalog.Rtx5090, "vllm").Rests(KernelOperator.Product, (int)KernelFormat.Bf16);
        Assert.Equal((KernelRests.Borrowed, "rtx-pro-6000-blackwell-server"), (like.Rests, like.From));
        KernelFound other = DeviceKernels.Of(GpuCatalog.Mi300x, "vllm").Rests(KernelOperator.Product, (int)KernelFormat.Bf16);
        Assert.Equal(KernelRests.Borrowed, other.Rests);
    }

    private static KernelFile Read(string text) => KernelJson.Read(Encoding.UTF8.GetBytes(text), "mine");
}
