using System.CommandLine;
using LlmMath.Cli.Measured;
using LlmMath.Cli.Output;
using LlmMath.Engines;

namespace LlmMath.Cli.Commands;

/// <summary><c>llmmath calibrate</c>: an engine's estimates moved by measurements of one's own.</summary>
internal static class CalibrateCommand
{
    public static Command Create(TextWriter output)
    {
        var from = new Option<string[]>("--from")
        {
            Description = "Measurements: llama-bench's -o jsonl (or json, csv), a result of vllm bench serve, lines of SGLang's "
                + "bench_serving, or a table with the columns " + string.Join(", ", OwnTable.Columns) + ".",
            HelpName = "FILE",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var save = new Option<string?>("--out")
        {
            Description = "Where to write what was learned: a file that --engine of every verb takes.", HelpName = "ENGINE.json",
        };
        var engine = new Option<string?>("--engine")
        {
            Description = "The engine that was measured, by name, a release of it (sglang@0.5.9), or a file that calibrate "
                + "wrote, to which the rows are added; what the rows say unless given.",
            HelpName = "E",
        };
        var model = new Option<string?>("--model")
        {
            Description = "The model, where the rows do not say it in words that are known.", HelpName = "MODEL",
        };
        var gpu = new Option<string?>("--gpu") { Description = "The GPU, the same.", HelpName = "GPU" };
        var gpus = new Option<int?>("--gpus") { Description = "How many of it.", HelpName = "N" };
        var tensor = new Option<int?>("--tp") { Description = "GPUs that share each layer.", HelpName = "N" };
        var weights = new Option<string?>("--weights") { Description = "Weight format: fp8, q4_k_m.", HelpName = "FORMAT" };
        var cache = new Option<string?>("--kv") { Description = "Format of cached keys and values.", HelpName = "FORMAT" };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("calibrate",
            "Move an engine's speed by your own measurements, and narrow its range; what was learned, beside what was assumed.")
        {
            from, save, engine, model, gpu, gpus, tensor, weights, cache, json,
        };
        var local = new LocalOptions();
        local.AddTo(command);
        command.SetAction(parsed =>
        {
            var asked = new MeasuredQuestion
            {
                Model = parsed.GetValue(model),
                Gpu = parsed.GetValue(gpu),
                Gpus = AtLeastOne("--gpus", parsed.GetValue(gpus)),
                Tensor = AtLeastOne("--tp", parsed.GetValue(tensor)),
                Weights = parsed.GetValue(weights),
                Cache = parsed.GetValue(cache),
                Engine = parsed.GetValue(engine) is { } name ? SpeedAnswer.EngineNamed(name) : null,
                Machine = local.Of(parsed),
            };
            CalibrateAnswer answer = Answer(asked, parsed.GetValue(from)!);
            if (parsed.GetValue(save) is { } path)
            {
                Save(answer.Engine, path);
                answer = answer with { Out = path };
            }

            if (parsed.GetValue(json))
            {
                JsonOut.Write(output, answer.Json);
            }
            else
            {
                answer.Text(output);
            }

            return ExitStatus.Done;
        });
        return command;
    }

    private static CalibrateAnswer Answer(MeasuredQuestion asked, string[] paths)
    {
        MeasuredFile[] files = [.. paths.Select(MeasuredReader.Read)];
        OwnMeasurement[] rows = [.. files.SelectMany(file => file.Rows).Select(asked.Of)];
        if (rows.Length == 0)
        {
            throw new CliException($"{files[0].LeftOut[0]}.");
        }

        Engine engine = asked.Engine ?? EngineCatalog.Find(rows[0].Deployment.Engine!.Name);
        try
        {
            return new(engine.CalibratedWith(rows), engine.Learned(rows), [.. files.SelectMany(file => file.LeftOut)]);
        }
        catch (ArgumentException problem)
        {
            throw new CliException(OptionWords.Plain(problem), problem);
        }
    }

    private static void Save(Engine engine, string path)
    {
        try
        {
            using var stream = new MemoryStream();
            engine.WriteCalibration(stream);
            File.WriteAllBytes(path, stream.ToArray());
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CliException($"--out: {OptionWords.Plain(problem)}", problem);
        }
    }

    private static int? AtLeastOne(string option, int? value) =>
        value is not < 1 ? value : throw new CliException($"{option}: 1 or more is needed; it is {value}.");
}
