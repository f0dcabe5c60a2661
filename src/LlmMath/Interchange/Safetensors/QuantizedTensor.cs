namespace LlmMath.Interchange;

/// <summary>
/// Tensors that stand in a checkpoint in packed form under other names: MXFP4 (<c>_blocks</c>, two codes a byte, and
/// <c>_scales</c>), and GPTQ and AWQ (<c>qweight</c> in 32-bit words, <c>qzeros</c>, <c>scales</c>, <c>g_idx</c>). Sources:
/// openai/gpt-oss gpt_oss/torch/weights.py; AutoGPTQ and AutoAWQ linear layers (2026-11).
/// </summary>
internal static class QuantizedTensor
{
    /// <summary>Names of the scales that stand beside a tensor of 8 or 4 bits which keeps its own name.</summary>
    public static readonly string[] ScaleSuffixes =
        [
            "_scale_inv", "_scale", "_scale_2", ".absmax", ".quant_map", ".quant_state.bitsandbytes__nf4",
            ".nested_absmax", ".nested_quant_map", ".SCB",
        ];

    private static readonly string[] s_packedParts = [".qzeros", ".scales", ".g_idx"];

    /// <summary>Takes a packed tensor and its scales out of the stored ones.</summary>
    /// <param name="names">The tensor's possible names, unpacked.</param>
    /// <param name="stored">What is left of the checkpoint.</param>
    /// <param name="beyond">Where the scales' names go.</param>
    /// <returns>The elements it unpacks to, or null where there is none.</returns>
    public static long? Take(IEnumerable<string> names, Dictionary<string, StoredTensor> stored, List<string> beyond)
    {
        foreach (string name in names)
        {
            if (stored.TryGetValue(name + "_blocks", out StoredTensor? blocks))
            {
                stored.Remove(blocks.Name);
                Move(name + "_scales", stored, beyond);
                return blocks.Elements * 2;
            }

            const string weight = ".weight";
            string layer = name.EndsWith(weight, StringComparison.Ordinal)
                ? name.Substring(0, name.Length - weight.Length)
                : name;
            if (stored.TryGetValue(layer + ".qweight", out StoredTensor? packed)
                && CodesPerWord(layer, packed, stored) is { } codes)
            {
                stored.Remove(packed.Name);
                foreach (string part in s_packedParts)
                {
                    Move(layer + part, stored, beyond);
                }

                return packed.Elements * codes;
            }
        }

        return null;
    }

    // Scales are [groups, outputs]. GPTQ packs inputs: qweight is [inputs ÷ codes, outputs] beside qzeros [groups, outputs ÷
    // codes]; AWQ packs outputs in both. Either way outputs ÷ columns of qzeros is the number of codes in a word.
    private static long? CodesPerWord(string layer, StoredTensor packed, Dictionary<string, StoredTensor> stored)
    {
        if (packed.Shape.Count != 2 || !stored.TryGetValue(layer + ".scales", out StoredTensor? scales) || scales.Shape.Count != 2
            || !stored.TryGetValue(layer + ".qzeros", out StoredTensor? zeros) || zeros.Shape.Count != 2)
        {
            return null;
        }

        return scales.Shape[1] % zeros.Shape[1] == 0 ? scales.Shape[1] / zeros.Shape[1] : null;
    }

    private static void Move(string name, Dictionary<string, StoredTensor> stored, List<string> beyond)
    {
        if (stored.Remove(name))
        {
            beyond.Add(name);
        }
    }
}
