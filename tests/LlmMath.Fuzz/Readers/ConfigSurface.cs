using System.Text;

namespace LlmMath.Fuzz.Readers;

/// <summary>config.json files.</summary>
internal static class ConfigSurface
{
    public static Surface Surface { get; } = new("readers/config",
        "`HuggingFaceConfig.Read`: a model, or one error that names the file; the count is an independent sum of the "
        + "tensors, components, workings and enumerated tensors add up to it, what a token uses is in 1..count", Try, 64 << 20);

    private static bool Try(Trial trial)
    {
        byte[] json = Configs.Json(trial.Random);
        trial.Input = () => Encoding.UTF8.GetString(json);
        return DefinitionErrors.Reads(() =>
            IndependentCount.Check(HuggingFaceConfig.Read(new MemoryStream(json), DefinitionErrors.File), trial));
    }
}
