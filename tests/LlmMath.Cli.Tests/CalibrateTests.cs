using System.Globalization;
using System.Text;
using System.Text.Json;
using LlmMath.Cli.Measured;
using LlmMath.Engines;

namespace LlmMath.Cli.Tests;

/// <summary>An engine that is calibrated with the files that benchmarks write, and what is refused.</summary>
public class CalibrateTests
{
    // A row as llama-bench -o jsonl writes it (ggml-org/llama.cpp@0104b151c, tools/llama-bench/llama-bench.cpp).
    private static string Llama(int prompt, int written, double rate, int depth = 0) => OneLine(string.Create(
        CultureInfo.InvariantCulture, $$"""
        {"build_commit": "0104b151", "build_number": 6800, "cpu_info": "AMD Ryzen 9 7950X 16-Core Processor",
         "gpu_info": "NVIDIA GeForce RTX 4090", "backends": "CUDA",
         "model_filename": "models/Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf", "model_type": "llama 8B Q4_K - Medium",
         "model_size": 4912898048, "model_n_params": 8030261312, "n_ubatch": 512, "n_threads": 16, "type_k": "f16",
         "type_v": "f16", "n_gpu_layers": 99, "n_cpu_moe": 0, "split_mode": "layer", "flash_attn": 1,
         "tensor_buft_overrides": "none", "n_prompt": {{prompt}}, "n_gen": {{written}}, "n_depth": {{depth}},
         "avg_ts": {{rate}}, "stddev_ts": 1.5, "samples_ns": [ 1, 2 ]}
        """));

    private const string Vllm = """
        { "date": "20261101-100000", "endpoint_type": "vllm", "backend": "vllm", "model_id": "meta-llama/Llama-3.1-8B",
          "tokenizer_id": "meta-llama/Llama-3.1-8B", "num_prompts": 160, "request_rate": "inf", "burstiness": 1.0,
          "max_concurrency": 16, "duration": 40.0, "completed": 160, "total_input_tokens": 163840, "total_output_tokens": 20480,
          "mean_ttft_ms": 150.0, "median_ttft_ms": 140.0, "mean_tpot_ms": 9.5, "median_tpot_ms": 9.4, "mean_itl_ms": 9.6 }
        """;

    private static readonly string s_sglang = OneLine("""
        {"tag": null, "backend": "sglang", "dataset_name": "random", "request_rate": Infinity, "max_concurrency": 16,
         "server_info": {"model_path": "meta-llama/Llama-3.1-8B", "tp_size": 1}, "completed": 160,
         "total_input_tokens": 163840, "total_output_tokens": 20480, "mean_ttft_ms": 150.0, "mean_tpot_ms": 9.5,
         "mean_itl_ms": 9.6, "concurrency": 15.2}
        """);

    private const string Table = """
        # my own runs
        time,model,gpu,weights,prompt,output,tokens_per_second,engine
        between_tokens,llama3.1:8b,4090,q4_k_m,512,128,118,llama.cpp
        prompt,llama3.1:8b,"NVIDIA GeForce RTX 4090",q4_k_m,512,,11000,llama.cpp
        """;

    [Fact]
    public void RowsOfLlamaBenchMoveEveryVerbsEstimates()
    {
        using var folder = new Folder();
        string bench = folder.Write("bench.jsonl",
            string.Join('\n', Llama(512, 0, 11000), Llama(0, 128, 110), Llama(0, 128, 90, 16384)));
        string engine = folder.Write("mine.engine.json", "");
        JsonElement learned = Command.Run("calibrate", "--from", bench, "--out", engine, "--json").Json;

        Assert.Equal(3, learned.GetProperty("rows").GetInt32());
        Assert.Equal(["prompt", "between tokens", "between tokens"],
            learned.GetProperty("learned").EnumerateArray().Select(row => row.GetProperty("time").GetString()));
        Assert.Equal(1000 / 110.0, learned.GetProperty("learned")[1].GetProperty("measuredMs").GetDouble(), 6);
        Assert.Equal(1, learned.GetProperty("constants")[0].GetProperty("before").GetDouble());
        Assert.True(learned.GetProperty("medianErrorBefore").GetDouble() > 0);
        string[] asked = ["llama3.1:8b-instruct-q4_K_M", "--gpu", "rtx-4090", "--prompt", "512", "--output", "128", "--json"];
        JsonElement before = Command.Run(["speed", .. asked, "--engine", "llama.cpp"]).Json;
        JsonElement after = Command.Run(["speed", .. asked, "--engine", engine]).Json;
        Assert.True(Width(after, "interTokenLatencyMs") < Width(before, "interTokenLatencyMs"));
        Assert.True(Width(after, "timeToFirstTokenMs") < Width(before, "timeToFirstTokenMs"));
        Assert.Contains("3 of your own measurements", after.GetProperty("warnings").ToString());
        Assert.Equal("weights as the model's name says: q4_k_m", after.GetProperty("assumed")[0].GetString());
        Assert.Equal(0, Command.Run("memory", "llama-3.1-8b", "--weights", "q4_k_m", "--gpu", "4090", "--engine", engine).Exit);
        Assert.Equal(0, Command.Run("formats", "--engine", engine).Exit);
        Assert.Equal(0, Command.Run("tradeoff", "llama-3.1-8b", "--gpu", "4090", "--weights", "q4_k_m", "--engine", engine).Exit);
        Command working = Command.Run(["speed", .. asked[..^1], "--engine", engine, "--explain"]);
        Assert.Contains("between tokens, by your rows", working.Output);
        Assert.Contains("of 2 rows", working.Output);
        // More rows are added to those that it has.
        Assert.Equal(0, Command.Run("calibrate", "--from", bench, "--engine", engine, "--out", engine).Exit);
        Assert.Contains("6 of your own", Command.Run(["speed", .. asked, "--engine", engine]).Output);
    }

    [Fact]
    public void ServersAndTablesAreReadByTheirFields()
    {
        MeasuredFile vllm = MeasuredReader.Read("v.json", Vllm), table = MeasuredReader.Read("t.csv", Table);
        MeasuredFile sglang = MeasuredReader.Read("s.jsonl", s_sglang);

        Assert.Equal([MeasuredTime.FirstToken, MeasuredTime.BetweenTokens], vllm.Rows.Select(row => row.Time));
        Assert.Equal([0.150, 0.0095], vllm.Rows.Select(row => row.Seconds));
        Assert.All(vllm.Rows.Concat(sglang.Rows), row => Assert.Equal((1024, 128, 16), (row.Prompt, row.Output, row.Requests)));
        Assert.Equal(("vllm", "sglang"), (vllm.Rows[0].Engine, sglang.Rows[0].Engine));
        Assert.Equal(1, sglang.Rows[0].Tensor);
        Assert.Equal([1 / 118.0, 512 / 11000.0], table.Rows.Select(row => row.Seconds));
        Assert.Equal("t.csv, row 2", table.Rows[1].Row);

        using var folder = new Folder();
        Command served = Command.Run("calibrate", "--from", folder.Write("v.json", Vllm), "--gpu", "h100-sxm-80gb", "--json",
            "--weights", "bf16");
        Assert.Equal(("vllm", 2), (served.Json.GetProperty("engine").GetString(), served.Json.GetProperty("rows").GetInt32()));
        Assert.Contains("2 rows of llama.cpp", Command.Run("calibrate", "--from", folder.Write("t.csv", Table)).Output);
    }

    [Fact]
    public void AProcessorsPromptsMayBeFasterThanItsFloatsAllow()
    {
        // 600 tokens a second of 3.2 billion parameters are 3.9 × 10¹² operations a second, as 8-bit integers: FP32 makes 2.3.
        using var folder = new Folder();
        string table = folder.Write("own.csv", """
            time,model,gpu,weights,prompt,output,ms,engine
            prompt,llama-3.2-3b,ryzen-9-7950x,q4_k_m,512,,853,llama.cpp
            tpot,llama-3.2-3b,ryzen-9-7950x,q4_k_m,512,128,36,llama.cpp
            """);
        Command learned = Command.Run("calibrate", "--from", table, "--json");
        Assert.Equal(0, learned.Exit);
        Assert.Equal("between tokens", learned.Json.GetProperty("learned")[1].GetProperty("time").GetString());
    }

    [Theory]
    [InlineData("llama 8B Q4_K - Medium", "q4_k_m")]
    [InlineData("gemma3 4B Q4_0", "q4_0")]
    [InlineData("qwen3moe 30B.A3B IQ4_XS - 4.25 bpw", "iq4_xs")]
    [InlineData("llama 8B IQ3_S mix - 3.66 bpw", "iq3_m")]
    [InlineData("gpt-oss 20B MXFP4 MoE", "mxfp4_moe")]
    [InlineData("llama 1B BF16", "gguf-bf16")]
    [InlineData("qwen2 7B Q6_K", "q6_k")]
    [InlineData("llama 70B Q5_K - Small", "q5_k_s")]
    [InlineData("something else", null)]
    public void AFilesTypeTellsItsFormat(string type, string? format)
    {
        Assert.Equal(format, LlamaBench.FormatOf(type));
        Assert.True(format is null || WeightFormat.TryFind(format, out _));
    }

    [Theory]
    [InlineData("{\"loss\": 1}", "row 1: neither llama-bench")]
    [InlineData("[1]", "row 1: is no JSON object")]
    [InlineData("{\"avg_ts\": ", "row 1: is no JSON")]
    [InlineData("time,ms,speed\nprompt,1,2", "\"speed\" is no column")]
    [InlineData("time,ms\nprompt,1,2", "row 1: has 3 cells")]
    [InlineData("time,ms,prompt\nlater,1,2", "row 1: time must be prompt, first_token, TTFT, between_tokens, ITL, TPOT; it is \"later\"")]
    [InlineData("time,ms,prompt\nprompt,-1,2", "row 1: ms must be a number above 0")]
    [InlineData("time,ms,prompt\nprompt,1,2", "row 1: it does not say which model was measured: give --model")]
    [InlineData("time,ms,prompt,model\nprompt,1,2,llama-9-8b", "row 1: \"llama-9-8b\" is neither")]
    [InlineData("time,ms,prompt,model,gpu,weights\nprompt,90,512,llama-3.1-8b,4090,bf16",
        "which engine was measured: give --engine")]
    [InlineData("time,ms,prompt,model,gpu,weights,engine\nprompt,0.1,512,llama-3.1-8b,4090,bf16,vllm",
        "row 1: 0.1 ms are below the")]
    [InlineData("time,ms,prompt,model,gpu,weights,engine\nprompt,90,512,llama-3.1-8b,4099,bf16,vllm",
        "row 1: \"4099\" is no GPU")]
    [InlineData("", "has no row")]
    public void WhatCannotBeReadIsOneLineThatNamesTheRow(string text, string said)
    {
        using var folder = new Folder();
        Command run = Command.Run("calibrate", "--from", folder.Write("own.csv", text));
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains(said, run.Error);
        Assert.Contains("own.csv", run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void AFileOfAnotherModelOrEngineIsRefused()
    {
        using var folder = new Folder();
        string bench = folder.Write("bench.jsonl", Llama(0, 128, 118));
        Assert.Contains("row 1: model_n_params 8,030,261,312 is of another model than qwen3-30b-a3b",
            Command.Run("calibrate", "--from", bench, "--model", "qwen3-30b-a3b").Error);
        Assert.Contains("row 1: it is of llama.cpp, and --engine says vllm",
            Command.Run("calibrate", "--from", bench, "--engine", "vllm").Error);
        Assert.Contains("no-such.jsonl", Command.Run("calibrate", "--from", "no-such.jsonl").Error);
    }

    [Fact]
    public void RowsThatSayNoSingleTimeAreLeftOutAndNamed()
    {
        using var folder = new Folder();
        string bench = folder.Write("bench.jsonl", Llama(512, 128, 500) + "\n" + Llama(0, 128, 118));
        JsonElement learned = Command.Run("calibrate", "--from", bench, "--json").Json;
        Assert.Equal(1, learned.GetProperty("rows").GetInt32());
        Assert.Contains("row 1: n_prompt and n_gen are both above 0", learned.GetProperty("leftOut")[0].GetString());
        Assert.Contains("how many ran at once is not told", MeasuredReader.Read("v.json", Vllm.Replace("\"inf\"", "4.0")
            .Replace("\"max_concurrency\": 16", "\"max_concurrency\": null")).LeftOut[0]);
    }

    [Fact]
    public void DamagedFilesAreReadOrAreOneError()
    {
        var random = new Random(20261130);
        foreach (string good in new[] { Llama(512, 0, 11000) + "\n" + Llama(0, 128, 118), Vllm, s_sglang, Table })
        {
            for (int round = 0; round < 150; round++)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(good);
                for (int i = random.Next(1, 8); i > 0; i--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                try
                {
                    MeasuredFile file = MeasuredReader.Read(
                        "own", Encoding.UTF8.GetString(bytes[..random.Next(1, bytes.Length + 1)]));
                    Assert.All(file.Rows, row => Assert.True(row.Seconds > 0 && row.Requests > 0 && row.Prompt >= 0));
                    foreach (MeasuredRow row in file.Rows)
                    {
                        new MeasuredQuestion { Gpu = "rtx-4090", Weights = "q4_k_m" }.Of(row);
                    }
                }
                catch (CliException problem)
                {
                    Assert.Contains("own", problem.Message);
                }
            }
        }
    }

    private static string OneLine(string text) => string.Concat(text.Split('\n').Select(line => line.Trim()));

    private static double Width(JsonElement answer, string figure) => Math.Log(
        answer.GetProperty(figure).GetProperty("high").GetDouble() / answer.GetProperty(figure).GetProperty("low").GetDouble());
}
