using LlmMath.Planning.Launch;

namespace LlmMath.Planning;

/// <summary>Reads start commands.</summary>
public static class LaunchReading
{
    /// <summary>The setup that a line for a shell tells.</summary>
    /// <param name="text">The command.</param>
    /// <exception cref="EstimateException">It is no plain command, starts no engine whose flags were read, a flag is not known,
    /// or a value is missing or wrong; the error names it.</exception>
    public static ServerSetup Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return LaunchWords.Read(ShellText.Split(text));
    }

    /// <summary>The setup that the words of a start command tell.</summary>
    /// <param name="words">The words.</param>
    /// <exception cref="EstimateException">They start no engine whose flags were read, a flag is not known, or a value is missing
    /// or wrong; the error names it.</exception>
    public static ServerSetup Read(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return LaunchWords.Read(words);
    }

    /// <summary>The words of a line for a shell.</summary>
    /// <param name="text">The line.</param>
    /// <exception cref="EstimateException">It is no plain command.</exception>
    public static ValueList<string> Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. ShellText.Split(text)];
    }

    /// <summary>The engine that words start; null where it is none whose flags were read.</summary>
    /// <param name="words">The words.</param>
    public static string? EngineOf(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return LaunchWords.Start(words).Engine;
    }
}
