using System.CommandLine;
using System.Text.Json;
using LlmMath.Cli.Output;
using LlmMath.Cli.Yaml;
using LlmMath.Planning;

namespace LlmMath.Cli.Commands;

/// <summary><c>llmmath check</c>: reads the command that starts an engine into an estimate.</summary>
internal static class CheckCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var start = new Argument<string>("COMMAND")
        {
            Description = "The start command in quotes, or a file with it: a script of one line, docker compose, a manifest.",
        };
        var gpu = new Option<string>("--gpu") { Description = "The GPU.", HelpName = "GPU", Required = true };
        var model = new Option<string?>("--model")
        {
            Description = "The model, where the command's name for it is none that is known here.", HelpName = "MODEL",
        };
        var weights = new Option<string?>("--weights")
        {
            Description = "The checkpoint's format, where its config does not say it.", HelpName = "FORMAT",
        };
        var prompt = new Option<int>("--prompt")
        {
            Description = "Tokens of a prompt; 1024.", HelpName = "N", DefaultValueFactory = _ => 1024,
        };
        var answer = new Option<int>("--output")
        {
            Description = "Tokens of an answer; 256.", HelpName = "N", DefaultValueFactory = _ => 256,
        };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("check",
            "What a start command of vLLM, SGLang, TensorRT-LLM or llama.cpp comes to: what fits, what it leaves unsaid.")
        {
            start, gpu, model, weights, prompt, answer, json,
        };
        command.SetAction(parsed =>
        {
            TradeoffCommand.AtLeastOne(prompt.Name, parsed.GetValue(prompt));
            TradeoffCommand.AtLeastOne(answer.Name, parsed.GetValue(answer));
            Gpu on = OptionWords.Speed.Named("--gpu", () => GpuCatalog.Load(parsed.GetValue(gpu)!));
            WeightFormat? format = parsed.GetValue(weights) is { } name
                ? OptionWords.Speed.Named("--weights", () => WeightFormat.Find(name)) : null;
            try
            {
                IReadOnlyList<ManifestServer> servers = Servers(parsed.GetValue(start)!);
                // Of two sides the one that writes is told, and the one that reads prompts stands behind it.
                ManifestServer writes = servers.FirstOrDefault(one => one.Setup.Role != "prefill") ?? servers[0];
                ManifestServer? reads = writes.Setup.Role == "decode"
                    ? servers.FirstOrDefault(one => one.Setup.Role == "prefill") : null;
                var argument = ModelArgument.Resolve(parsed.GetValue(model) ?? writes.Setup.Model);
                var check = LaunchCheck.Of(writes.Setup, argument.Required, on, parsed.GetValue(prompt),
                    parsed.GetValue(answer), format, reads?.Setup, reads?.Count ?? 1, reads is null ? 1 : writes.Count);
                if (parsed.GetValue(json))
                {
                    JsonOut.Write(output, writer => Json(writer, check));
                }
                else
                {
                    Text(check, output, error);
                }

                return check.Fits ? ExitStatus.Done : ExitStatus.No;
            }
            catch (Exception problem) when (problem is ArgumentException or DefinitionException or IOException
                or UnauthorizedAccessException)
            {
                throw new CliException(OptionWords.Speed.Line(problem), problem);
            }
        });
        return command;
    }

    private static IReadOnlyList<ManifestServer> Servers(string argument)
    {
        bool isFile = !argument.Contains(' ', StringComparison.Ordinal) && File.Exists(argument);
        string text = isFile ? File.ReadAllText(argument) : argument;
        return ManifestFile.IsOne(text) ? ManifestFile.Read(isFile ? argument : "COMMAND", text)
            : [new(LaunchReading.Read(text), 1)];
    }

    private static void Json(Utf8JsonWriter writer, LaunchCheck check)
    {
        ServerSetup setup = check.Setup;
        writer.WriteStartObject();
        writer.WriteStartObject("reads");
        writer.WriteString("engine", setup.Engine);
        writer.WriteString("model", check.Deployment.Model.Name);
        writer.WriteString("weights", check.Deployment.Weights.Name);
        writer.WriteString("gpu", check.Deployment.Gpu!.Name);
        writer.WriteNumber("tp", check.Deployment.Placement.Tensor);
        writer.WriteNumber("pp", check.Deployment.Placement.Pipeline);
        writer.NumberOrNull("context", setup.Context);
        writer.NumberOrNull("requests", (long?)setup.Requests);
        writer.NumberOrNull("passTokens", (long?)setup.PassTokens);
        writer.NumberOrNull("memoryShare", setup.MemoryShare);
        writer.WriteString("cache", setup.Cache);
        writer.WriteEndObject();
        writer.Array("assumed", check.Assumed, writer.WriteStringValue);
        writer.WriteStartObject("memory");
        writer.WriteNumber("perGpuBytes", check.Memory.PerGpu.Bytes);
        writer.NumberOrNull("roomBytes", check.Memory.Fit?.Room.Bytes);
        writer.NumberOrNull("maxBatch", (long?)check.LargestBatch);
        writer.WriteEndObject();
        writer.WritePropertyName("speed");
        if (check.Speed is { } speed)
        {
            writer.WriteStartObject();
            writer.WriteNumber("requests", speed.Workload.Requests);
            writer.WriteNumber("timeToFirstTokenMs", speed.TimeToFirstToken.Expected.TotalMilliseconds);
            writer.WriteNumber("interTokenLatencyMs", speed.InterTokenLatency.Expected.TotalMilliseconds);
            writer.WriteNumber("outputTokensPerSecond", speed.TokensPerSecond.Expected);
            writer.WriteString("basis", BasisWord.Of(speed.Basis));
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WriteBoolean("fits", check.Fits);
        writer.Array("advice", check.Advice, writer.WriteStringValue);
        writer.Array("warnings", Warnings(check), writer.WriteStringValue);
        writer.WriteEndObject();
    }

    private static void Text(LaunchCheck check, TextWriter output, TextWriter error)
    {
        Deployment on = check.Deployment;
        output.WriteLine($"{on.Model} in {on.Weights} by {on.Engine} on {on.Placement.Gpus} × {on.Gpu}");
        Table table = Tables.Of(["", "of one GPU"], []);
        table.Row("with one request of the longest sequence", $"{check.Memory.PerGpu} of {check.Memory.Fit?.Room}");
        table.Row("requests of the longest sequence that fit", check.LargestBatch is { } most ? Tables.N(most) : "none");
        if (check.Speed is { } speed)
        {
            table.Row($"first token, {Tables.N(speed.Workload.Requests)} at once", speed.TimeToFirstToken.ToString());
            table.Row("between tokens", speed.InterTokenLatency.ToString());
            table.Row("tokens a second, all together", speed.TokensPerSecond.ToString());
        }

        output.WriteTable(table);
        output.WriteLine($"not said: {string.Join("; ", check.Assumed)}");
        foreach (string advice in check.Advice)
        {
            output.WriteLine("advice: " + advice);
        }

        foreach (string warning in Warnings(check))
        {
            output.WriteLine("warning: " + warning);
        }

        if (!check.Fits)
        {
            error.WriteLine($"llmmath: it will not start: {check.Memory.Fit?.Missing} too much on each GPU.");
        }
    }

    private static IEnumerable<string> Warnings(LaunchCheck check) =>
        check.Memory.Warnings().Concat((IEnumerable<string>?)check.Speed?.Warnings() ?? []).Distinct();
}
