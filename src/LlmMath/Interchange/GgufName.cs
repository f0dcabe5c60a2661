using System.Globalization;

namespace LlmMath.Interchange;

/// <summary>The name of a tensor in a layer: <c>blk.3.attn_q.weight</c> is kind <c>attn_q.weight</c> at layer 3. T5 has two
/// stacks, <c>enc.blk.</c> and <c>dec.blk.</c>, whose kinds keep their <c>enc.</c> and <c>dec.</c></summary>
internal readonly record struct GgufName(int Layer, string Kind)
{
    private static readonly (string Prefix, string Stack)[] s_stacks = [("blk.", ""), ("enc.blk.", "enc."), ("dec.blk.", "dec.")];

    public static bool TryParse(string name, out GgufName parsed)
    {
        foreach ((string prefix, string stack) in s_stacks)
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal))
            {
                continue;
            }

            int dot = name.IndexOf('.', prefix.Length);
            if (dot > 0 && int.TryParse(
                name.AsSpan(prefix.Length, dot - prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int layer))
            {
                parsed = new GgufName(layer, stack + name.Substring(dot + 1));
                return true;
            }
        }

        parsed = default;
        return false;
    }

    /// <summary>The full name of a kind at a layer.</summary>
    public static string At(string kind, int layer)
    {
        (string prefix, string stack) = s_stacks.Last(s => kind.StartsWith(s.Stack, StringComparison.Ordinal));
        return string.Create(CultureInfo.InvariantCulture, $"{prefix}{layer}.{kind.AsSpan(stack.Length)}");
    }
}
