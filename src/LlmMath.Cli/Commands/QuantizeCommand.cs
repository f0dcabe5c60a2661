using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using LlmMath.Cli.Output;
using LlmMath.Numerics;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Commands;

/// <summary><c>llmmath quantize</c>: what each number format loses on real weights, or on numbers drawn from the normal
/// distribution.</summary>
internal static class QuantizeCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var file = new Argument<string?>("FILE")
        {
            Description =
                "A GGUF or safetensors file. All its tensors of two dimensions or more are quantized, unless --tensor says "
                + "which.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var normal = new Option<long?>("--normal")
        {
            Description = "Instead of a file, N numbers of the unit normal distribution, in rows of 4,096.",
            HelpName = "N",
        };
        var seed = new Option<long?>("--seed")
        {
            Description = "Which numbers --normal draws; 0 unless given.",
            HelpName = "N",
        };
        var tensor = new Option<string[]>("--tensor")
        {
            Description = "Only these tensors of the file: names, or patterns such as \"blk.*.ffn_*\".",
            HelpName = "NAME",
            AllowMultipleArgumentsPerToken = true,
        };
        var format = new Option<string[]>("--format")
        {
            Description = $"The number formats; all of them unless given: {string.Join(", ", NumberFormats.All)}.",
            HelpName = "FORMAT",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("quantize", "Quantize weights and tell the error of each number format.")
        {
            file, normal, seed, tensor, format, json,
        };
        command.SetAction(parsed =>
        {
            NumberFormat[] formats = parsed.GetValue(format) is { Length: > 0 } names
                ? [.. names.Select(Find).Distinct()]
                : [.. NumberFormats.All];
            using IValueSource source =
                Source(parsed.GetValue(file), parsed.GetValue(normal), parsed.GetValue(seed) ?? 0, parsed.GetValue(tensor) ?? []);
            QuantizationError[] errors = QuantizationRun.Measure(source, formats, new ProgressLine(error));
            List<Result> results = [.. formats.Zip(errors, (f, e) => new Result(f.Name, e))];
            if (parsed.GetValue(json))
            {
                JsonOut.Write(output, writer => writer.Objects(null, results, result => WriteFields(writer, result)));
            }
            else
            {
                WriteTable(source, results, output);
            }

            return ExitStatus.Done;
        });
        return command;
    }

    private static NumberFormat Find(string name)
    {
        try
        {
            return NumberFormats.Find(name);
        }
        catch (ArgumentException problem)
        {
            throw new CliException($"--format: {OptionWords.Plain(problem)}", problem);
        }
    }

    private static IValueSource Source(string? file, long? normal, long seed, string[] tensors) => (file, normal) switch
    {
        (null, { } count) when tensors.Length > 0 =>
            throw new CliException($"--tensor: --normal {count} has no tensors; give a file."),
        (null, { } count) => count is > 0 and <= int.MaxValue / 2
            ? new NormalSource(count, seed)
            : throw new CliException($"--normal: {count} numbers; give 1 to {int.MaxValue / 2:N0}."),
        ({ } path, null) => CheckpointSource.Open(path, tensors),
        _ => throw new CliException("quantize: give either a file or --normal N. See: llmmath quantize --help"),
    };

    private static void WriteTable(IValueSource source, List<Result> results, TextWriter output)
    {
        output.WriteLine(source.Description);
        Table table = Of(texts: ["format"], numbers: ["bits/weight", "RMSE", "SQNR dB", "max error", "cosine", "bytes"]);
        foreach ((string format, QuantizationError e) in results)
        {
            string sqnr = e.IsExact ? "exact" : Number(e.SqnrDb, "0.00");
            table.Row(format, Number(e.BitsPerWeight, "0.###"), Number(e.Rmse, "0.000e+0"), sqnr,
                Number(e.MaxError, "0.000e+0"), Number(e.Cosine, "0.000000"), N(e.Bytes));
        }

        output.WriteTable(table);
        Write("not finite (NaN or infinite), and left out of the errors above", e => e.NotFinite);
        Write("finite and became NaN or infinite", e => e.Overflowed);

        // Each format at its own count; the first is usually the same for all that hold what is not finite.
        void Write(string what, Func<QuantizationError, long> count)
        {
            foreach (IGrouping<long, Result> alike in results.Where(r => count(r.Error) > 0).GroupBy(r => count(r.Error)))
            {
                QuantizationError e = alike.First().Error;
                output.WriteLine($"{string.Join(", ", alike.Select(r => r.Format))}: "
                    + $"{N(alike.Key)} of {Counted(e.Elements, "value")} {(alike.Key == 1 ? "is" : "are")} {what}.");
            }
        }
    }

    private static void WriteFields(Utf8JsonWriter writer, Result result)
    {
        QuantizationError e = result.Error;
        writer.WriteString("format", result.Format);
        writer.NumberOrNull("bitsPerWeight", Finite(e.BitsPerWeight));
        writer.NumberOrNull("rmse", Finite(e.Rmse));
        writer.NumberOrNull("sqnrDb", Finite(e.SqnrDb));
        writer.NumberOrNull("maxError", Finite(e.MaxError));
        writer.NumberOrNull("cosine", Finite(e.Cosine));
        writer.WriteBoolean("exact", e.IsExact);
        writer.WriteNumber("notFinite", e.NotFinite);
        writer.WriteNumber("overflowed", e.Overflowed);
        writer.WriteNumber("elements", e.Elements);
        writer.WriteNumber("bytes", e.Bytes);
    }

    // JSON has no infinity: "exact" says that a format loses nothing, so that there is no ratio to tell; "overflowed" that it
    // made values infinite, so that there is no error to tell.
    private static double? Finite(double number) => double.IsFinite(number) ? number : null;

    private static string Number(double number, string format) =>
        double.IsNaN(number) ? "" : double.IsInfinity(number) ? number < 0 ? "-∞" : "∞"
        : number.ToString(format, CultureInfo.InvariantCulture);

    private sealed record Result(string Format, QuantizationError Error);
}
