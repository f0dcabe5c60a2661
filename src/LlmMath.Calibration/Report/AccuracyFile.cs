namespace LlmMath.Calibration;

/// <summary>Puts a part between its marks in docs/ACCURACY.md, and leaves the other parts as they are.</summary>
internal static class AccuracyFile
{
    public static void Replace(string path, string part, string beginMark, string endMark)
    {
        string text = File.Exists(path) ? File.ReadAllText(path) : "# Accuracy\n\n";
        int begin = text.IndexOf(beginMark, StringComparison.Ordinal), end = text.IndexOf(endMark, StringComparison.Ordinal);
        File.WriteAllText(path, begin < 0 || end < 0
            ? text.TrimEnd() + "\n\n" + part + "\n"
            : text[..begin] + part + text[(end + endMark.Length)..]);
    }
}
