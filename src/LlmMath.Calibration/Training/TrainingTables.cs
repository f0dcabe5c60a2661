using System.Globalization;
using System.Text;
using LlmMath.Training;

namespace LlmMath.Calibration;

/// <summary>The tables of docs/ACCURACY.md that are of training.</summary>
internal static class TrainingTables
{
    private const int Worst = 12;

    // Sets of rows by what is asked of their median, of their 90th percentile and of the worst.
    private static readonly (string What, Func<TrainingMemoryRow, bool> Of, double? Median, double? Ninety, double? Worst)[]
        s_sets =
    [
        ("Transformers and PEFT on a T4, allocated", row => row is { Set: "t4", Peak: "allocated" }, 0.015, null, 0.06),
        ("Transformers and PEFT on a T4, reserved", row => row is { Set: "t4", Peak: "reserved" }, null, null, null),
        ("litgpt", row => row.Set == "check" && Is(row, "litgpt"), null, null, null),
        ("torchtune", row => row.Set == "check" && Is(row, "torchtune"), null, null, null),
        ("torchtitan", row => row.Set == "check" && Is(row, "torchtitan"), null, null, null),
        ("FSDP with QLoRA", row => row.Set == "check" && Is(row, "fsdp-qlora"), null, null, null),
        ("all four", row => row.Set == "check", 0.10, 0.25, null),
        ("Qwen's own script by length, process", row => row.Set == "ladder" && Is(row, "qwen-finetune"), 0.10, 0.25, null),
        ("the same over DeepSpeed, process", row => row.Set == "ladder" && Is(row, "qwen-finetune-deepspeed"), 0.10, 0.25, null),
    ];

    /// <summary>Each table by its name in accuracy.md.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(string root)
    {
        IReadOnlyList<HeldOutRate> rates = HeldOutRateFile.Read(root);
        IReadOnlyList<TrainingMemoryRow> memory = TrainingMemoryRows.Read(root);
        IReadOnlyList<ReinforcedRow> steps = ReinforcedRow.Read(root);
        yield return new("training speed", RateTable.Of(rates));
        yield return new("training speed worst", RateTable.Worst(rates, Worst));
        yield return new("training memory", Memory(memory));
        yield return new("training slopes", LadderTable.Of(memory));
        yield return new("calculon", CalculonText.Table(rates));
        yield return new("reinforced", ReinforcedTable.Of(steps));
        yield return new("reinforced phases", ReinforcedTable.Phases(steps));
        yield return new("training hours", HoursTable.Of(TrainingHours.Read(root)));
    }

    private static bool Is(TrainingMemoryRow row, string trainer) => row.On.Engine!.Name == trainer;

    private static string Memory(IReadOnlyList<TrainingMemoryRow> rows)
    {
        var text = new StringBuilder("| trainer, peak | rows | median error | 90th percentile | worst | asked | reached |\n"
            + "|---|--:|--:|--:|--:|---|---|\n");
        foreach (var set in s_sets)
        {
            Add(text, set.What, [.. rows.Where(set.Of).Select(row => Math.Abs(row.Error))], set.Median, set.Ninety, set.Worst);
        }

        double[] process = [.. rows.Where(row => row is { Set: "t4", Peak: "reserved" })
            .Select(row => Math.Abs((row.On.Training(row.Run).Memory.Process.Expected.Bytes
                / (row.Bytes + TrainingMemoryRows.TeslaContext)) - 1))];
        Add(text, "Transformers and PEFT on a T4, process", process, 0.06, null, 0.25);
        return text.ToString();
    }

    private static void Add(StringBuilder text, string what, double[] errors, double? median, double? ninety, double? worst)
    {
        (double middle, double high, double most) = (Quantile.Of(errors, 0.5), Quantile.Of(errors, 0.9), errors.Max());
        text.Append(CultureInfo.InvariantCulture, $"| {what} | {errors.Length} | {middle:P1} | {high:P1} | {most:P1} | ")
            .Append(Bounds.Cells(("median", middle, median), ("90th percentile", high, ninety), ("worst", most, worst)))
            .Append('\n');
    }
}
