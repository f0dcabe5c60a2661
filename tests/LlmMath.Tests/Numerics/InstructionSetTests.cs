using System.Runtime.Intrinsics.X86;

namespace LlmMath.Tests.Numerics;

/// <summary>These tests run again with instruction sets turned off (.ci/run), and then that must really be so.</summary>
public class InstructionSetTests
{
    [Fact]
    public void WhatIsTurnedOffIsOff()
    {
        Assert.False(IsOff("DOTNET_EnableAVX512") && Avx512F.IsSupported);
        Assert.False(IsOff("DOTNET_EnableAVX2") && Avx2.IsSupported);

        static bool IsOff(string setting) => Environment.GetEnvironmentVariable(setting) == "0";
    }
}
