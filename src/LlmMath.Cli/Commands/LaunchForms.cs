using LlmMath.Planning;

namespace LlmMath.Cli.Commands;

/// <summary>The forms of <c>--launch</c> by their names.</summary>
internal static class LaunchForms
{
    private static readonly (string Name, LaunchForm Form)[] s_forms =
    [
        ("shell", LaunchForm.Shell), ("compose", LaunchForm.Compose), ("kubernetes", LaunchForm.Kubernetes),
        ("leaderworkerset", LaunchForm.LeaderWorkerSet), ("kserve", LaunchForm.KServe), ("rayserve", LaunchForm.RayServe),
        ("rayservice", LaunchForm.RayService), ("llm-d", LaunchForm.LlmD), ("dynamo", LaunchForm.Dynamo),
    ];

    /// <summary>Their names, for help and errors.</summary>
    public static string Names { get; } = string.Join(", ", s_forms[..^1].Select(form => form.Name)) + " or " + s_forms[^1].Name;

    /// <summary>The form of a name.</summary>
    /// <exception cref="CliException">There is none.</exception>
    public static LaunchForm Of(string name)
    {
        string meant = name.ToLowerInvariant() is var lower && lower == "lws" ? "leaderworkerset" : lower;
        return s_forms.FirstOrDefault(form => form.Name == meant) is { Name: not null, Form: var form } ? form
            : throw new CliException($"--launch: {Names} is right; it is \"{name}\".");
    }
}
