using LlmMath.Architectures;
using LlmMath.Interchange;
using LlmMath.Models.Counting;

namespace LlmMath.Models.Families;

/// <summary>An architecture, the defaults that reading it took, and the fields that were asked for.</summary>
internal sealed record Description(Architecture Architecture, ValueList<AssumedDefault> Assumed, ReadFields Read);

/// <summary>From <c>model_type</c> to the family that reads the rest: the one list of the families known.</summary>
internal static partial class ModelFamily
{
    /// <summary>Describes a config: its family's architecture, complete and within the range of a count.</summary>
    /// <exception cref="DefinitionException">The family is unknown, a field missing or wrong, or the model too large.</exception>
    public static Description Describe(ModelConfig config)
    {
        var reader = new ConfigReader(config);
        try
        {
            Architecture architecture = Build(reader);
            ParameterFold.Sum(architecture, CountingConvention.HandEstimate);
            ParameterFold.Sum(architecture, CountingConvention.Checkpoint);
            foreach (Addition addition in architecture.Additions)
            {
                _ = addition.Parameters;
            }

            foreach (SequenceMixer mixer in architecture.Blocks.SelectMany(block => block.Mixers))
            {
                _ = mixer.Cache;
            }

            return new Description(architecture, [.. reader.Assumed.Distinct()], reader.Read);
        }
        catch (Exception error) when (error is OverflowException or EstimateException or ArgumentOutOfRangeException)
        {
            throw new DefinitionException(DefinitionFault.TooLarge, "",
                "has dimensions that multiply beyond 2^63 - 1 parameters; a size is too large.", error);
        }
    }

    /// <summary>The architecture that a config's <c>model_type</c> makes of its other fields.</summary>
    public static Architecture Build(ConfigReader config)
    {
        const string field = "model_type";
        string family = config.Text(field) ?? throw config.Missing(field, $"one of {string.Join(", ", Known)}");
        return s_decoders.TryGetValue(family, out Func<ConfigReader, Architecture>? build) ? build(NotWrapped(config, family))
            : Wrapper.Known.Contains(family) ? Wrapper.Build(config, family)
            : throw new DefinitionException(DefinitionFault.UnknownFamily, config.Path(field),
                RefusedFamilies.Reason(family) is { } reason
                    ? $"{(ConfigValue)family} is not counted: it {reason}."
                    : $"{(ConfigValue)family} is not a known family. Known: {string.Join(", ", Known)}.");
    }

    /// <summary>The decoder of a multimodal wrapper under its own family's names, without the prefix that the wrapper puts before
    /// them; null for a config that is no wrapper's.</summary>
    public static Architecture? Unwrapped(ModelConfig config) =>
        config["model_type"]?.Text is { } family && Wrapper.Known.Contains(family)
            ? Wrapper.Decoder(new ConfigReader(config), family)
            : null;

    // A decoder's model_type over a wrapper's layout would count the reference's defaults: another model, without a word.
    private static ConfigReader NotWrapped(ConfigReader config, string family) =>
        config.Has("text_config") && !config.Has("hidden_size") && !config.Has("d_model") && !config.Has("n_embd")
            ? throw config.Invalid("model_type", $"names a decoder, {family}, but the sizes stand under text_config: "
                + $"the multimodal model's own model_type is needed. Known: {string.Join(", ", Wrapper.Known)}.")
            : config;
}
