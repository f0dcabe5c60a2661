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
List<FittedRow> ofOneMachine = Fit(Pool.OneMachine);
AccuracyFile.Replace(accuracy, LocalAccuracyText.Of(ofOneMachine), LocalAccuracyText.Begin, LocalAccuracyText.End);
LocalReport.Print(ofOneMachine, Console.Out);
if (args is ["local"])
{
    return 0;
}

string text = AccuracyText.Of(Fit(Pool.Serving));
Console.WriteLine(text);
AccuracyFile.Replace(accuracy, text, AccuracyText.Begin, AccuracyText.End);
return 0;

List<FittedRow> Fit(Pool pool)
{
    IReadOnlyList<Observation> rows = pool.Rows(root);
    Factors fit = PooledFit.Fit(rows, Factors.None(pool.Priors));
    double[] unseen = LeaveOut.Groups(rows, kept => PooledFit.Fit(kept, fit.KnownTo(kept), 6));
    List<FittedRow> fitted = [.. rows.Select((row, i) => new FittedRow(row, unseen[i], fit.Predict(row)))];
    foreach (string engine in pool.Engines)
    {
        string path = Path.Combine(root, $"catalog/engines/{engine}.json");
        string written = ProfileFile.Fitted(engine, fit, fitted, pool.TellsGpusApart);
        File.WriteAllText(path, ProfileFile.With(File.ReadAllText(path), engine, written));
    }

    return fitted;
}
