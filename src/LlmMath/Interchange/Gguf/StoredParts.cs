using System.Globalization;

namespace LlmMath.Interchange;

/// <summary>A GGUF file's tensors by the parts that they hold: one tensor may hold several (<c>attn_qkv</c>), and several may
/// hold one (files of 2023 and early 2024 have a tensor for each expert).</summary>
internal sealed class StoredParts
{
    private readonly Dictionary<string, List<StoredTensor>> _byPart = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _fused = new(StringComparer.Ordinal);
    private readonly HashSet<string> _left = new(StringComparer.Ordinal);

    public StoredParts(CheckpointHeader header, string family)
    {
        Numbers = new NameNumbers(header.Tensors.Select(tensor => tensor.Name));
        foreach (StoredTensor tensor in (IEnumerable<StoredTensor>)header.Tensors)
        {
            _left.Add(tensor.Name);
            string[] parts = [.. Parts(tensor.Name, family)];
            foreach (string part in parts)
            {
                if (parts.Length > 1)
                {
                    _fused[part] = parts;
                }

                if (!_byPart.TryGetValue(part, out List<StoredTensor>? holders))
                {
                    _byPart[part] = holders = [];
                }

                holders.Add(tensor);
            }
        }
    }

    /// <summary>The numbers in the tensors' names.</summary>
    public NameNumbers Numbers { get; }

    /// <summary>The tensors that nothing has taken yet.</summary>
    public IEnumerable<string> Names => _left;

    /// <summary>Whether some tensor holds a part.</summary>
    public bool Held(string part) => _byPart.ContainsKey(part);

    /// <summary>The parts that stand in one tensor with a part; the part alone where it stands alone, or nowhere.</summary>
    public IEnumerable<string> Together(string part) => _fused.TryGetValue(part, out string[]? parts) ? parts : [part];

    /// <summary>Takes the tensors that hold any of the parts.</summary>
    public List<StoredTensor> Take(IEnumerable<string> parts) =>
        [.. parts.SelectMany(part => _byPart.TryGetValue(part, out List<StoredTensor>? holders) ? holders : [])
            .Where(tensor => _left.Remove(tensor.Name))];

    /// <summary>Takes the tensors whose names satisfy a condition.</summary>
    public List<string> TakeWhere(Func<string, bool> isWanted)
    {
        List<string> taken = [.. _left.Where(isWanted).OrderBy(name => name, StringComparer.Ordinal)];
        _left.ExceptWith(taken);
        return taken;
    }

    /// <summary>The parts that a stored tensor holds, by their full names.</summary>
    public static IEnumerable<string> Parts(string name, string family)
    {
        if (!GgufName.TryParse(name, out GgufName parsed))
        {
            return [name];
        }

        int dot = parsed.Kind.LastIndexOf('.');
        (string kind, string suffix) = dot < 0 ? (parsed.Kind, "") : (parsed.Kind.Substring(0, dot), parsed.Kind.Substring(dot));
        return (kind switch
        {
            "attn_qkv" => ["attn_q", "attn_k", "attn_v"],
            "attn_kv_b" => ["attn_k_b", "attn_v_b"],
            "ffn_gate_up_exps" => ["ffn_gate_exps", "ffn_up_exps"],
            // The first files of Qwen3-Next keep the checkpoint's fused projection.
            "ssm_in" when family == "qwen3_next" => ["attn_q", "attn_k", "attn_v", "attn_gate"],
            // Grok's last norm went by another name at first.
            "layer_output_norm" when family == "grok-1" => ["post_ffw_norm"],
            _ when ExpertKind(kind) is { } stacked => (string[])[stacked],
            _ => [kind],
        }).Select(part => GgufName.At(part + suffix, parsed.Layer));
    }

    // ffn_gate.7 is expert 7 of ffn_gate_exps.
    private static string? ExpertKind(string kind)
    {
        int dot = kind.LastIndexOf('.');
        return dot > 0 && kind.StartsWith("ffn_", StringComparison.Ordinal)
            && int.TryParse(kind.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _)
                ? kind.Substring(0, dot) + "_exps"
                : null;
    }
}
