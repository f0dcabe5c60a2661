using System.Text;
using Microsoft.CodeAnalysis;

namespace LlmMath.Generators.Tests;

/// <summary>Definitions damaged at random, by a fixed seed: a diagnostic, or an entry, never an exception.</summary>
public class MutationTests
{
    [Fact]
    public void ADamagedDefinitionNeverFailsTheGenerator()
    {
        var random = new Random(20261124);
        byte[] good = Encoding.UTF8.GetBytes("""
            { "$schema": "s", "id": "test/é",
              "config": { "model_type": "qwen3_moe", "num_hidden_layers": 4, "mlp_only_layers": [1], "rope": { "a": [1.5] } },
              "evidence": [ { "kind": "recomputed", "parameters": 1, "source": "x",
                              "beyond": [ { "what": "w", "parameters": -1 } ] } ] }
            """);
        for (int round = 0; round < 40; round++)
        {
            Definition[] damaged =
                [.. Enumerable.Range(0, 50).Select(i => new Definition($"/models/m{i}.json", Damage(good, random)))];
            GeneratorRunResult result = Host.Run(damaged);
            Assert.DoesNotContain(result.Diagnostics, d => d.Id.StartsWith("CS", StringComparison.Ordinal) || d.Id == "AD0001");
            int members = result.GeneratedSources.Count(s => !s.HintName.EndsWith("Entries.g.cs", StringComparison.Ordinal));
            Assert.Equal(damaged.Length, result.Diagnostics.Length + members);
        }
    }

    private static string Damage(byte[] good, Random random)
    {
        byte[] bytes = [.. good];
        for (int edits = random.Next(1, 4); edits > 0; edits--)
        {
            int at = random.Next(bytes.Length);
            bytes = random.Next(4) switch
            {
                0 => bytes[..at],
                1 => [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]],
                2 => [.. bytes[..at], .. bytes[random.Next(bytes.Length)..]],
                _ => [.. bytes[..at], (byte)"{}[]\",:0-9eE"[random.Next(12)], .. bytes[Math.Min(at + 1, bytes.Length)..]],
            };
            if (bytes.Length == 0)
            {
                return "";
            }
        }

        return Encoding.UTF8.GetString(bytes);
    }
}
