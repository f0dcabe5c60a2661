namespace LlmMath.Calibration;

/// <summary>Puts the speed part into docs/ACCURACY.md, and leaves the other parts as they are.</summary>
internal static class AccuracyFile
{
    public static void Replace(string path, string part)
    {
        string text = File.Exists(path) ? File.ReadAllText(path) : "# Accuracy\n\n";
        int begin = text.IndexOf(AccuracyText.Begin, StringComparison.Ordinal), end = text.IndexOf(AccuracyText.End, StringComparison.Ordinal);
        File.WriteAllText(path, begin < 0 || end < 0
            ? text.TrimEnd() + "\n\n" + part + "\n"
            : text[..begin] + part + text[(end + AccuracyText.End.Length)..]);
    }
}
