using System.Globalization;
using LlmMath.Calibration;
using LlmMath.Calibration.Kernels;

// Evidence in, fitted constants and docs/ACCURACY.md out.
string root = RepositoryRoot.Find();
switch (args)
{
    case ["fit"]:
    case ["fit", "serving" or "one-machine" or "today"]:
        List<FittedRow> all =
        [
            .. FitIfAsked(Pool.Serving, "serving"), .. FitIfAsked(Pool.OneMachine, "one-machine"),
            .. FitIfAsked(Pool.Today, "today"),
        ];
        Write(HeldOutFile.Path, HeldOutFile.Text(all));
        Console.WriteLine("Build again, so that the library knows its constants; then: report");
        return 0;
    case ["try"]:
    case ["try", "each"]:
        Try(Pool.Serving, args.Length > 1);
        return 0;
    case ["try", "today"]:
        Try(Pool.Today, false);
        return 0;
    case ["ranges"]:
    case ["ranges", "serving" or "one-machine" or "today"]:
        List<FittedRow>[] left = [Left(Pool.Serving, "serving"), Left(Pool.OneMachine, "one-machine"), Left(Pool.Today, "today")];
        Write(HeldOutFile.Path, HeldOutFile.Text(left.SelectMany(pool => pool)));
        Write(SeenFile.Path, SeenFile.Text(left.Select(pool => new RangeTrial(pool)), SpeculationRow.Read(root)));
        Console.WriteLine("Build again, so that the library knows its ranges; then: report");
        return 0;
    case ["seen"]:
        Write(SeenFile.Path, SeenFile.Text(Trials(), SpeculationRow.Read(root)));
        return 0;
    case ["coverage"]:
        RangeTrial[] trials = Trials();
        Console.Write(CoverageTable.ByBasis(trials));
        Console.WriteLine();
        Console.Write(CoverageTable.ByPart(trials));
        return 0;
    case ["own"]:
        IReadOnlyList<FittedRow> today = HeldOutFile.Read(root, Pool.Today);
        Console.Write(OwnTable.Shares(today));
        Console.WriteLine();
        Console.Write(OwnTable.Of(today, HeldOutFile.Read(root, Pool.Serving)));
        return 0;
    case ["widths"]:
        Write(WidthFile.Path, WidthFile.Head + string.Concat(new[] { Pool.Serving, Pool.OneMachine }.Select(pool =>
            WidthFile.Text(pool.Rows(root), pool.Priors, Console.Error))));
        return 0;
    case ["memory"]:
        Console.Write(MemoryText.Rows(MemoryRows.Read(root)));
        return 0;
    case ["local-memory"]:
        foreach (LocalMemoryRow row in LocalMemoryRow.Read(root))
        {
            Console.WriteLine(FormattableString.Invariant(
                $"{100 * ((row.Predict() / row.Bytes) - 1),7:0.00} % {row.Bytes / (1 << 20),10:0.0} MiB ")
                + $"{row.Quantity} {row.Deployment.Model.Name} {row.Deployment.Weights} {row.Deployment.Tensors}");
        }

        Console.Write(LocalMemoryRow.Table(LocalMemoryRow.Read(root)));
        return 0;
    case ["training-memory"]:
        Console.Write(TrainingMemoryText.Rows(TrainingMemoryRows.Read(root)));
        return 0;
    case ["training-rl"]:
        Console.Write(ReinforcedText.Rows(ReinforcedRow.Read(root)));
        return 0;
    case ["calculon"]:
        Console.Write(CalculonText.Table(HeldOutRateFile.Read(root)));
        return 0;
    case ["training-hours"]:
        Console.Write(HoursTable.Of(TrainingHours.Read(root)));
        return 0;
    case ["fit-training"]:
        TrainingSpeedFile.Fit(root, Console.Out);
        return 0;
    case ["training-forms"]:
        Console.Write(TrainingChoice.Text(TrainingRow.Read(root)));
        return 0;
    case ["kernels"]:
    case ["kernels", _]:
        foreach (string file in KernelFiles.Write(root, args.ElementAtOrDefault(1), Console.Out))
        {
            Console.WriteLine($"wrote {file}");
        }

        return 0;
    case ["groups"]:
        GroupReport.Print([.. Held()], Console.Out);
        return 0;
    case ["bound"]:
        Console.Write(BoundTable.Rows(Held()));
        Console.Write(BoundTable.Of(Held()));
        return 0;
    case ["disaggregated"]:
        Console.Write(DisaggregatedTable.Rows(DisaggregatedRow.Read(root)));
        Console.Write(DisaggregatedTable.Of(DisaggregatedRow.Read(root)));
        return 0;
    case ["drafts"]:
        Console.Write(DraftFit.Text(SpeculationRow.Read(root)));
        return 0;
    case ["speculation"]:
        Console.Write(SpeculationTable.Of(SpeculationRow.Read(root)));
        return 0;
    case ["drawn"]:
    case ["drawn", _]:
        Console.Write(DrawnRequests.Text(int.Parse(args.ElementAtOrDefault(1) ?? "20000", CultureInfo.InvariantCulture)));
        return 0;
    case ["report"]:
        List<FittedRow> held = Held();
        Write(AccuracyDocument.Path, AccuracyDocument.Of(root, held));
        Write(AccuracyPlot.Path, AccuracyPlot.Of(held));
        return 0;
    default:
        Console.Error.WriteLine("""
            usage: dotnet run --project src/LlmMath.Calibration -c Release -- COMMAND
              fit      fits catalog/engines to catalog/evidence, and writes what it gives for rows held out (15 minutes);
                       fit serving, fit one-machine and fit today (llama.cpp of today and its fork) do a part of it and keep what
                       stands of the others
              ranges   fits without whole models, GPUs and sources, and writes catalog/seen: what was measured of each engine, and
                       how wide its ranges are (some minutes; after each fit); ranges serving, one-machine and today do a part
              seen     writes catalog/seen again from what ranges found
              coverage prints which share of rows lies in its range, by what an estimate rests on and by what was left out
              try      prints errors of serving on five folds, without writing: what one looks at while choosing terms;
                       try each leaves one model on one GPU out at a time, as fit does (4 minutes); try today is of llama.cpp of
                       today and its fork
              widths   tries priors whose widths are chosen inside the training rows of each fold (a quarter of an hour)
              own      prints what a few measurements of one's own make of estimates for others of the same machine, held out
              report   writes docs/ACCURACY.md and its plot from what fit and widths wrote
              kernels  fits catalog/kernels to the timings of catalog/evidence/kernels, and prints errors of what is held out;
                       with an operator as an argument (experts) only that one
              groups   prints errors of speed group by group: what one looks at while choosing terms
              bound    prints every measured time that is below the bound of the hardware
              disaggregated   prints measured times of servers of which some only read prompts, beside their estimates
              drafts   fits what drafted tokens yield and cost to servers that drafted, and tries each half on the other
              speculation   prints errors on measured servers that drafted tokens
              drawn    prints, of 20,000 drawn requests, how often more bandwidth or compute, fewer bits and shorter lengths are
                       slower, and a token more is a jump
              memory   prints every measured figure of memory beside its estimate
              local-memory   the same of buffers on GPUs and in system memory
              training-memory   the same of training
              training-rl   the same of steps of reinforcement learning, phase by phase
              calculon   prints the eight steps that Calculon was checked with beside what it gives and what ours does
              training-hours   prints published hours of whole runs beside those that are estimated
              fit-training   fits catalog/trainers to catalog/evidence/training.csv, and prints errors of rows left out
              training-forms   prints which form of training's speed the rows of each fold choose, and how these err on what they
                       have not seen (some minutes)
            """);
        return 2;
}

IEnumerable<FittedRow> FitIfAsked(Pool pool, string name) =>
    args.Length == 1 || args[1] == name ? Fit(pool) : HeldOutFile.Read(root, pool);

Factors FitOf(Pool pool, IReadOnlyList<Observation> kept) =>
    PooledFit.Fit(kept, Factors.None(pool.Priors), PooledFit.Steps, pool.Attempts);

// Whole models, GPUs and sources are left out of the pool that was asked for; of the others what stands is kept.
List<FittedRow> Left(Pool pool, string name) => args.Length == 1 || args[1] == name
    ? WholeParts.Of(HeldOutFile.Read(root, pool), kept => FitOf(pool, kept), Console.Error) : HeldOutFile.Read(root, pool);

IEnumerable<FittedRow> Fit(Pool pool)
{
    IReadOnlyList<Observation> rows = pool.Rows(root);
    Factors Of(IReadOnlyList<Observation> kept) => FitOf(pool, kept);
    Factors fit = Of(rows);
    double[] unseen = pool.Folds is { } folds ? LeaveOut.Folds(rows, folds, Of) : LeaveOut.Groups(rows, Of);
    List<FittedRow> fitted = [.. rows.Select((row, i) => new FittedRow(row, unseen[i], fit.Predict(row)))];
    foreach (string engine in pool.Engines)
    {
        string path = Path.Combine(root, $"catalog/engines/{engine}.json");
        string written = ProfileFile.Fitted(engine, fit, fitted, pool.TellsGpusApart, pool.Reference);
        File.WriteAllText(path, ProfileFile.With(File.ReadAllText(path), engine, written));
    }

    return fitted;
}

List<FittedRow> Held() => [.. HeldPools().SelectMany(pool => pool)];

RangeTrial[] Trials() => [.. HeldPools().Select(pool => new RangeTrial(pool))];

List<FittedRow>[] HeldPools() =>
    [HeldOutFile.Read(root, Pool.Serving), HeldOutFile.Read(root, Pool.OneMachine), HeldOutFile.Read(root, Pool.Today)];

void Try(Pool pool, bool each)
{
    IReadOnlyList<Observation> rows = pool.Rows(root);
    int steps = pool.Folds is null ? 12 : PooledFit.Steps;
    Factors Of(IReadOnlyList<Observation> kept) => PooledFit.Fit(kept, Factors.None(pool.Priors), steps, pool.Attempts);
    double[] unseen = each ? LeaveOut.Groups(rows, Of) : LeaveOut.Folds(rows, pool.Folds ?? WidthFile.Folds, Of);
    GroupReport.Print([.. rows.Select((row, i) => new FittedRow(row, unseen[i], unseen[i]))], Console.Out);
}

void Write(string path, string text)
{
    Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, path))!);
    File.WriteAllText(Path.Combine(root, path), text);
    Console.WriteLine($"wrote {path}");
}
