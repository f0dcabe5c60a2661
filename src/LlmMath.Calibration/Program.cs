using LlmMath;
using LlmMath.Calibration;

// Fits catalog/engines to catalog/evidence, and writes how far the fits can be trusted into docs/ACCURACY.md. "local" fits the
// engines of one machine alone, in a minute, and prints their cross-validation group by group.
if (args is not (["fit"] or ["local"]))
{
    Console.Error.WriteLine("usage: dotnet run --project src/LlmMath.Calibration -c Release -- fit|local");
    return 2;
}

string root = RepositoryRoot.Find();
string accuracy = Path.Combine(root, "docs/ACCURACY.md");
var local = new Calibration([.. EvidenceFiles.Local(root).Where(row => EngineForms.OfOneMachine.Contains(row.Engine))],
    Prior.Local);
List<FittedRow> ofOneMachine = Fit(local, EngineForms.OfOneMachine, tellsGpusApart: true);
AccuracyFile.Replace(accuracy, LocalAccuracyText.Of(ofOneMachine), LocalAccuracyText.Begin, LocalAccuracyText.End);
LocalReport.Print(ofOneMachine, Console.Out);
if (args is ["local"])
{
    return 0;
}

List<Observation> saturated = [.. EvidenceFiles.Local(root).Where(row => row.Engine == "tensorrt-llm")];
var serving = new Calibration([.. EvidenceFiles.Serving(root), .. EvidenceFiles.ByCampaign(saturated)], Prior.Serving);
List<FittedRow> served = Fit(serving, ["vllm", "sglang", "tensorrt-llm"], tellsGpusApart: false);
string text = AccuracyText.Of(served);
Console.WriteLine(text);
AccuracyFile.Replace(accuracy, text, AccuracyText.Begin, AccuracyText.End);
return 0;

List<FittedRow> Fit(Calibration calibration, IEnumerable<string> engines, bool tellsGpusApart)
{
    Dictionary<string, double[]> fit = calibration.FitAll();
    double[] unseen = calibration.LeaveGroupOut(fit);
    foreach (string engine in engines)
    {
        (string source, string note) = EngineForms.Words(engine);
        string path = Path.Combine(root, $"catalog/engines/{engine}.json");
        string fitted = ProfileFile.Fitted(engine, calibration, fit, unseen, tellsGpusApart, source, note);
        File.WriteAllText(path, ProfileFile.With(File.ReadAllText(path), engine, fitted));
    }

    return [.. calibration.Rows.Select((row, i) => new FittedRow(row, unseen[i], calibration.Predict(fit, row)))];
}
