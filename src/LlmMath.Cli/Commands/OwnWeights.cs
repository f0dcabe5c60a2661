namespace LlmMath.Cli.Commands;

/// <summary>The format of weights that was asked for, or else the checkpoint's own.</summary>
internal static class OwnWeights
{
    /// <summary>The format.</summary>
    /// <param name="asked">Its name; null where none was given.</param>
    /// <param name="model">The model.</param>
    /// <param name="named">What the model's name says; null where it says nothing.</param>
    /// <param name="option">The option, for an error.</param>
    /// <exception cref="CliException">The name is unknown; or the config does not say, or says what cannot be.</exception>
    public static WeightFormat Or(string? asked, ModelDefinition model, WeightFormat? named, string option)
    {
        try
        {
            return asked is not null ? WeightFormat.Find(asked)
                : named ?? model.CheckpointFormat
                ?? throw new CliException($"{model.Name}: {option} is needed: bf16, fp8, q4_k_m and so on.");
        }
        catch (UnknownNameException unknown)
        {
            throw new CliException($"{option}: {unknown.Message}", unknown);
        }
        catch (DefinitionException error)
        {
            throw new CliException($"{error.Message} Give {option}.", error);
        }
    }
}
