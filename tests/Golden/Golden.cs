using System.Runtime.CompilerServices;

namespace LlmMath.Testing;

/// <summary>
/// Compares a text with the golden file beside the test, under Verify's own names: <c>Test.verified.txt</c> is approved, a
/// difference writes <c>Test.received.txt</c>. Verify.Xunit can take over by changing this file alone.
/// </summary>
internal static class Golden
{
    /// <summary>Fails where there is no verified file, or where it differs.</summary>
    /// <param name="received">The text to compare.</param>
    /// <param name="name">The golden file's name, without <c>.verified.txt</c>.</param>
    /// <param name="extension">The golden file's extension.</param>
    /// <param name="testFile">The calling test's source file.</param>
    public static void Verify(string received, string name, string extension = "txt", [CallerFilePath] string testFile = "")
    {
        string folder = Path.GetDirectoryName(testFile)!;
        string verifiedPath = Path.Combine(folder, $"{name}.verified.{extension}");
        string receivedPath = Path.Combine(folder, $"{name}.received.{extension}");
        received = received.ReplaceLineEndings("\n").TrimEnd() + "\n";
        string? verified = File.Exists(verifiedPath) ? File.ReadAllText(verifiedPath).ReplaceLineEndings("\n") : null;
        if (verified == received)
        {
            File.Delete(receivedPath);
            return;
        }

        File.WriteAllText(receivedPath, received);
        Assert.Fail(verified is null
            ? $"{verifiedPath} is missing. Read {receivedPath} and, if it is right, rename it."
            : $"{verifiedPath} differs from what was received:\n{FirstDifference(verified, received)}\n"
                + $"Read {receivedPath} and, if it is right, rename it.");
    }

    private static string FirstDifference(string verified, string received)
    {
        string[] a = verified.Split('\n'), b = received.Split('\n');
        int line = Enumerable.Range(0, Math.Max(a.Length, b.Length)).First(i => i >= a.Length || i >= b.Length || a[i] != b[i]);
        return $"line {line + 1}\n  verified: {At(a, line)}\n  received: {At(b, line)}";

        static string At(string[] lines, int index) => index < lines.Length ? lines[index] : "(end)";
    }
}
