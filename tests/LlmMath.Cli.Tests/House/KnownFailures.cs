using System.Globalization;
using System.Runtime.CompilerServices;

namespace LlmMath.Cli.Tests.House;

/// <summary>An entry for which a rule of the house does not hold yet.</summary>
/// <param name="Group">What is counted together: <c>vllm bf16</c>.</param>
/// <param name="Example">The entry, with both figures.</param>
internal readonly record struct Failure(string Group, string Example);

/// <summary>
/// Failures that are known, as <c>Test.known.tsv</c> beside the test lists them: a group and how many of it, a tab between. The
/// list may only get shorter: more is a failure, and so is less, until the list says so too. Without a failure there is no list.
/// </summary>
internal static class KnownFailures
{
    /// <summary>Fails unless as many of each group fail as the list says.</summary>
    /// <param name="failures">What fails now.</param>
    /// <param name="name">The list's name, without <c>.known.tsv</c>.</param>
    /// <param name="testFile">The calling test's source file.</param>
    public static void Are(IEnumerable<Failure> failures, string name, [CallerFilePath] string testFile = "")
    {
        string path = Path.Combine(Path.GetDirectoryName(testFile)!, name), received = path + ".received.tsv";
        path += ".known.tsv";
        SortedDictionary<string, int> known = Read(path);
        var found = new SortedDictionary<string, List<string>>(failures
            .GroupBy(failure => failure.Group).ToDictionary(group => group.Key, group => group.Select(f => f.Example).ToList()),
            StringComparer.Ordinal);
        string[] more = [.. found.Where(group => group.Value.Count > known.GetValueOrDefault(group.Key)).Select(group =>
            $"  {group.Key}: {group.Value.Count} fail, {known.GetValueOrDefault(group.Key)} are known; "
            + string.Join("; ", group.Value.Take(3)))];
        string[] fewer = [.. known.Where(group => found.GetValueOrDefault(group.Key, []).Count < group.Value)
            .Select(group => $"  {group.Key}: {found.GetValueOrDefault(group.Key, []).Count} fail, the list says {group.Value}")];
        if (more.Length + fewer.Length == 0)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllLines(received, found.Select(group => $"{group.Key}\t{group.Value.Count}"));
        Assert.Fail((more.Length > 0 ? $"New failures; {path} may only get shorter:\n{string.Join('\n', more)}\n" : "")
            + (fewer.Length > 0 ? $"Mended: put {received} in the place of {path}.\n{string.Join('\n', fewer)}" : ""));
    }

    private static SortedDictionary<string, int> Read(string path) => new(
        (File.Exists(path) ? File.ReadAllLines(path) : []).Select(line => line.Split('\t'))
            .ToDictionary(parts => parts[0], parts => int.Parse(parts[1], CultureInfo.InvariantCulture)),
        StringComparer.Ordinal);
}
