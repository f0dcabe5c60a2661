using System.CommandLine;
using System.CommandLine.Parsing;
using LlmMath.Architectures;
using LlmMath.Cli.Output;
using LlmMath.Models.Families;
using LlmMath.Planning;

namespace LlmMath.Cli.Commands;

/// <summary><c>llmmath speed</c>: how fast a model answers.</summary>
internal static class SpeedCommand
{
    public static Command Create(TextReader input, TextWriter output, TextWriter error)
    {
        var model = new Argument<string?>("MODEL")
        {
            Description = "A catalog entry, the path or https address of a config.json or a checkpoint, or hf:ORG/NAME.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var gpu = new Option<string?>("--gpu") { Description = "The GPU, by name or as a *.gpu.json.", HelpName = "GPU" };
        Option<int?> memory = SoldMemory.Option();
        var engine =
            new Option<string?>(
                "--engine") { Description = "The engine, by name or as a *.engine.json, or a release of it (sglang@0.5.9); "
                    + "\"bound\" for the bound of the hardware. "
                    + "Unless given, the usual one for the format and the GPU. \"llmmath engines\" lists them.", HelpName = "E" };
        var weights = new Option<string?>(
            "--weights") { Description = "Weight format: bf16, q4_k_m; else the config's own.", HelpName = "FORMAT" };
        var cache = new Option<string>(
            "--kv") { Description = "Format of cached keys and values.", HelpName = "FORMAT", DefaultValueFactory = _ => "bf16" };
        var pass = new Option<int?>("--pass-tokens", "-ub")
        {
            Description = "Tokens of one forward pass: llama.cpp's ubatch, vLLM's max_num_batched_tokens; the engine's own on "
                + "that GPU unless given.",
            HelpName = "N",
        };
        var batch =
            new Option<int>("--batch") { Description = "Requests at once.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var prompt = new Option<int?>("--prompt") { Description = "Tokens of each prompt.", HelpName = "N" };
        var cached = new Option<int>("--cached")
        {
            Description = "Tokens of each prompt that an earlier request left in the cache.", HelpName = "N",
        };
        var arrival = new Option<string?>("--arrival")
        {
            Description = "How requests come: steady (at any time), in-step (a closed loop of equal lengths), together (all at "
                + "once, answered, then the next). Unless given, a closed loop of ten rounds, as benchmarks run.",
            HelpName = "HOW",
        };
        var written = new Option<int?>("--output") { Description = "Tokens written for each.", HelpName = "N" };
        var drafts = new Option<int?>("--draft-tokens")
        {
            Description = "Tokens that the model's own prediction layer or head (MTP, EAGLE) drafts at each step.",
            HelpName = "N",
        };
        var yield = new Option<double?>("--tokens-per-step")
        {
            Description = "Tokens that a step with drafts yields on average; as measured of the model unless given, or a range "
                + "where nobody measured it.",
            HelpName = "X",
        };
        var requests =
            new Option<string?>(
                "--requests") { Description = "Answer many: a JSON object a line with the option names as keys "
                    + "and any \"id\", a line out for each; - for standard input.", HelpName = "FILE" };
        var explain = new Option<bool>("--explain") { Description = "Show the working, row by row." };
        var launch = new Option<string?>("--launch")
        {
            Description = $"Print what starts it instead: {LaunchForms.Names}.", HelpName = "FORM",
        };
        var checkpoint = new Option<string?>("--checkpoint")
        {
            Description = "The checkpoint in its format, for --launch: a repository's id or a path.", HelpName = "ID",
        };
        Option<bool> json = CommonOptions.Json();
        Option<string?> plot = CommonOptions.Plot("times by requests at once");
        var roofline = new Option<string?>("--plot-roofline")
        {
            Description = "Draw how far the GPU is used, under its roof, beside the answer.", HelpName = "FILE.svg",
        };
        var first = new Option<double?>("--max-ttft")
        {
            Description = "The limit of --plot for the first token.", HelpName = "MS",
        };
        var inter = new Option<double?>("--max-itl") { Description = "The limit of --plot between tokens.", HelpName = "MS" };
        var command =
            new Command("speed", "How fast a model answers: first token, time between tokens, throughput; each with its range.")
        {
            model, gpu, memory, engine, weights, cache, pass, batch, prompt, cached, written, arrival, drafts, yield, requests,
            explain, launch, checkpoint, plot, roofline, first, inter, json,
        };
        var local = new LocalOptions();
        local.AddTo(command);
        var placement = new PlacementOptions();
        foreach (Option option in placement.All)
        {
            command.Add(option);
        }

        command.SetAction(parsed =>
        {
            if (parsed.GetValue(requests) is { } file)
            {
                RequireAlone(parsed, [model, gpu, memory, engine, weights, cache, pass, batch, prompt, cached, written, arrival,
                    drafts, yield, explain, launch, checkpoint, plot, roofline, first, inter, .. local.All, .. placement.All]);
                return SpeedRequests.Answer(file, input, output);
            }

            var answer = SpeedAnswer.Of(new()
            {
                Model = Needed(parsed.GetValue(model), "MODEL"),
                Gpu = Needed(parsed.GetValue(gpu), "--gpu"),
                Memory = parsed.GetValue(memory),
                Placement = placement.Of(parsed),
                Cached = parsed.GetValue(cached),
                Arrival = parsed.GetValue(arrival),
                Engine = parsed.GetValue(engine),
                Weights = parsed.GetValue(weights),
                Cache = parsed.GetValue(cache)!,
                PassTokens = parsed.GetValue(pass),
                Batch = parsed.GetValue(batch),
                Drafts = parsed.GetValue(drafts),
                TokensPerStep = parsed.GetValue(yield),
                Prompt = parsed.GetValue(prompt) ?? throw new CliException("--prompt is needed: tokens of each prompt."),
                Output = parsed.GetValue(written) ?? throw new CliException("--output is needed: tokens written for each."),
                Machine = local.Of(parsed),
            });
            if (parsed.GetValue(launch) is { } form)
            {
                output.Write(Launched(answer.Estimate, LaunchForms.Of(form), parsed.GetValue(checkpoint)));
            }
            else if (parsed.GetValue(json))
            {
                JsonOut.Write(output, writer => SpeedReport.Json(writer, answer, null, parsed.GetValue(explain)));
            }
            else
            {
                SpeedReport.Text(answer, parsed.GetValue(explain), output, error);
            }

            (Deployment on, Workload load) = (answer.Estimate.Deployment, answer.Estimate.Workload);
            PlotFile.Write(parsed.GetValue(plot), () => Plots.Plot.Latency(on, load, Limit("--max-ttft", parsed.GetValue(first)),
                Limit("--max-itl", parsed.GetValue(inter))));
            PlotFile.Write(parsed.GetValue(roofline), () => Plots.Plot.Roofline(on, load));
            return answer.Fits == false ? ExitStatus.No : ExitStatus.Done;
        });
        return command;
    }

    private static LatencyLimit? Limit(string option, double? milliseconds) => milliseconds switch
    {
        null => null,
        > 0 and < 1e12 => LatencyLimit.Of(milliseconds.Value),
        _ => throw new CliException($"{option}: milliseconds above 0 are right."),
    };

    private static string Launched(in InferenceEstimate estimate, LaunchForm form, string? checkpoint)
    {
        try
        {
            return LaunchCommand.Of(estimate, checkpoint).Text(form);
        }
        catch (Exception problem) when (problem is ArgumentException or DefinitionException)
        {
            throw new CliException($"--launch: {OptionWords.Plain(problem)}", problem);
        }
    }

    // Each line asks its own question: what stands beside them would be passed over.
    private static void RequireAlone(ParseResult parsed, Symbol[] others)
    {
        Symbol? given = others.FirstOrDefault(other => parsed.GetResult(other) switch
        {
            OptionResult option => !option.Implicit,
            ArgumentResult argument => argument.Tokens.Count > 0,
            _ => false,
        });
        if (given is not null)
        {
            throw new CliException($"{given.Name} beside --requests: give it in each line.");
        }
    }

    private static string Needed(string? value, string name) =>
        value ?? throw new CliException($"{name} is needed. See: llmmath speed --help");
}
