using LlmMath;
using LlmMath.Calibration;

// Fits catalog/engines to catalog/evidence, and writes how far the fits can be trusted into docs/ACCURACY.md.
if (args is ["time"])
{
    EstimateTime.Print(Console.Out);
    return 0;
}

if (args is not ["fit"])
{
    Console.Error.WriteLine("usage: dotnet run --project tests/LlmMath.Calibration -c Release -- fit|time");
    return 2;
}

string root = RepositoryRoot.Find();
var serving = new Calibration([.. EvidenceFiles.Serving(root), .. EvidenceFiles.Local(root).Where(row => row.Engine == "tensorrt-llm")], Prior.Serving);
var local = new Calibration([.. EvidenceFiles.Local(root).Where(row => row.Engine == "llama-cpp")], Prior.Local);
var report = new List<(Observation, double, double)>();
foreach ((Calibration calibration, string[] engines, bool tellsGpusApart) in new[]
{
    (serving, new[] { "vllm", "sglang", "tensorrt-llm" }, false), (local, ["llama-cpp"], true),
})
{
    Dictionary<string, double[]> fit = calibration.FitAll();
    double[] unseen = calibration.LeaveGroupOut(fit);
    report.AddRange(calibration.Rows.Select((row, i) => (row, unseen[i], calibration.Predict(fit, row))));
    foreach (string engine in engines)
    {
        (string source, string note) = EngineForms.Words(engine);
        File.WriteAllText(Path.Combine(root, $"catalog/engines/{engine}.json"),
            ProfileFile.Json(EngineForms.Of(engine), calibration, fit, unseen, tellsGpusApart, source, note));
    }
}

string text = AccuracyText.Of(report);
Console.WriteLine(text);
AccuracyFile.Replace(Path.Combine(root, "docs/ACCURACY.md"), text);
return 0;
