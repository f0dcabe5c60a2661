namespace LlmMath.Benchmarks;

/// <summary>What this runs on.</summary>
internal static class Machine
{
    /// <summary>The processor's name and family, as Linux tells them (/proc/cpuinfo); elsewhere the architecture.</summary>
    public static string Name
    {
        get
        {
            const string file = "/proc/cpuinfo";
            return File.Exists(file)
                ? $"{Field("model name")} (family {Field("cpu family")}, model {Field("model")})"
                : System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString();

            static string Field(string name) =>
                File.ReadLines(file).FirstOrDefault(line => line.Split(':')[0].Trim() == name)?.Split(':')[1].Trim() ?? "unknown";
        }
    }
}
