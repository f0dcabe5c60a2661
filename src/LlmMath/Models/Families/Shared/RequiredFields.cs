namespace LlmMath.Models.Families;

/// <summary>Families whose reference gives no defaults for their sizes.</summary>
internal static class RequiredFields
{
    /// <summary>The same config, in which these sizes must be given.</summary>
    /// <exception cref="DefinitionException">One is missing.</exception>
    public static ConfigReader Needing(this ConfigReader c, params string[] sizes)
    {
        foreach (string size in sizes)
        {
            c.Size(size);
        }

        return c;
    }

    /// <summary>The same where all of Llama's sizes must be.</summary>
    public static ConfigReader NeedingSizes(this ConfigReader c) => c.Needing(
        "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads");
}
