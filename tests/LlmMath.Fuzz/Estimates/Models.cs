using System.Globalization;
using LlmMath.Fuzz.Readers;

namespace LlmMath.Fuzz.Estimates;

/// <summary>Models to ask about: the catalog's, and such as their configs become with other sizes.</summary>
internal static class Models
{
    private const int Attempts = 8;
    private static readonly Lazy<ModelDefinition[]> s_catalog = new(() => [.. ModelCatalog.All]);

    /// <summary>One model in five is the catalog's, the others have sizes of their own. What cannot be is drawn again.</summary>
    public static ModelDefinition Next(Trial trial)
    {
        Random random = trial.Random;
        ModelDefinition entry = random.Pick(s_catalog.Value);
        if (random.OneIn(5))
        {
            return entry;
        }

        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            ModelConfig config = Configs.Resized(random, random.Pick(Configs.All));
            var model = new ModelDefinition("file", "file", config);
            if (DefinitionErrors.Reads(() => _ = model.ParameterCount()))
            {
                trial.Did("models of other sizes");
                return model;
            }
        }

        return entry;
    }

    /// <summary>A model that is known, by its name; else its config.</summary>
    public static string Shown(ModelDefinition model) =>
        model.Name == "file" ? Tests.Interchange.JsonWriting.Write(model.Config) : model.Name;

    public static string Shown(Deployment of) => string.Create(CultureInfo.InvariantCulture,
        $"{of.Weights} {of.StoredWeights}, keys {of.Keys}, values {of.Values}, {of.Placement}, {of.Engine} "
        + $"{of.Engine?.Speed?.Version} ({of.Engine?.Pass.Tokens}, {of.Engine?.MemoryShare:R}), {of.Gpu} {of.Gpu?.Memory} "
        + $"{of.Gpu?.BytesPerSecond:R} {of.Gpu?.PeakRates}, {of.Node}, additions {string.Join(" + ", of.Additions)}");
}
