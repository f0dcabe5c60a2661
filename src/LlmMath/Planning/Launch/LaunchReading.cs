using LlmMath.Planning.Launch;

namespace LlmMath.Planning;

/// <summary>Reads start commands.</summary>
public static class LaunchReading
{
    /// <summary>The setup that a start command tells: a line for a shell, or the text of a compose file or a manifest.</summary>
    /// <param name="text">The command, or the file's text.</param>
    /// <exception cref="EstimateException">It starts no engine whose flags were read, a flag is not known, or a value is missing
    /// or wrong; the error names it.</exception>
    public static ServerSetup Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return LaunchWords.Read(ManifestReader.IsManifest(text) ? ManifestReader.Words(text) : ShellText.Split(text));
    }
}
