using System.Text.Json;

namespace LlmMath.Cli.Output;

/// <summary>What an estimate rests on, as answers say it.</summary>
internal static class BasisWord
{
    /// <summary><c>kernels-measured</c>.</summary>
    public static string Of(Basis basis) => JsonNamingPolicy.KebabCaseLower.ConvertName(basis.ToString());
}
