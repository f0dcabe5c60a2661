using LlmMath.Planning;
using LlmMath.Testing;
using LlmMath.Training;

namespace LlmMath.Tests.Planning;

public class StrategyTests
{
    private static readonly StrategyTask s_task = new()
    {
        Gpu = GpuCatalog.H100Sxm80Gb, Examples = 5000, TokensPerExample = 800, RequestsPerMonth = 6e6, PromptTokens = 600,
        OutputTokens = 150, Months = 12, Prices = PriceList.Of(GpuCatalog.H100Sxm80Gb, 2.5), Engines = [EngineCatalog.Vllm],
    };

    private static readonly ModelDefinition[] s_models = [ModelCatalog.Llama3_1_8b, ModelCatalog.Find("qwen3-4b")];

    /// <summary>The worked example of docs/planning.md: every line of its working stands there.</summary>
    [Fact]
    public void TheExampleInTheDocsIsRecomputed()
    {
        StrategyTable table = Strategy.Compare(ModelCatalog.Llama3_1_8b, s_task);
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "planning.md"));
        foreach (StrategyRow row in table.Rows.Where(row => row.Name is "prompting" or "lora"))
        {
            foreach (MoneyLine line in row.Explain())
            {
                Assert.True(page.Contains($"    {row.Name}, {line}\n"), $"docs/planning.md: now it is\n    {row.Name}, {line}");
            }
        }

        // 12,000,000 tokens ÷ (16 × 2,048) a step, rounded up.
        TrainingEstimate lora = table.Rows.Single(row => row.Name == "lora").Training!;
        Assert.Equal(367, Math.Ceiling(lora.Run.Tokens / (16.0 * lora.Run.SequenceLength)));
        string even = table.BreakEven.Single(one => one is { Untrained: "prompting", Trained: "lora" }).ToString();
        Assert.True(page.Contains($"    {even}\n"), $"docs/planning.md: now it is\n    {even}");
    }

    /// <summary>What is paid is what the parts say: hours × machines × price, and the planner's own plan for a month.</summary>
    [Fact]
    public void TheSumsAreThoseOfTrainingAndOfThePlanner()
    {
        StrategyTable table = Strategy.Compare(ModelCatalog.Llama3_1_8b, s_task);
        Assert.Equal(["prompting", "prompting-cached", "retrieval", "lora", "qlora", "full", "dpo", "grpo"],
            table.Rows.Select(row => row.Name));
        // What is trained is merged, and serves as its base.
        Assert.Single(table.Rows.Where(row => row.Training is not null).Select(row => row.Monthly).Distinct());
        foreach (StrategyRow row in table.Rows)
        {
            Assert.True(row.Fits, row.Missing);
            Assert.Equal(row.Serving!.Usd, row.Monthly!.Value.Expected, 9);
            Assert.Equal(row.Total!.Value.Expected, row.OneOff!.Value.Expected + (12 * row.Monthly.Value.Expected), 6);
            Assert.Equal(row.Explain()[^1].Usd, row.Total.Value.Expected);
            if (row.Training is { } training)
            {
                Assert.Equal(2.5 * training.Deployment.Placement.Gpus * row.TrainingTime!.Value.Expected.TotalHours,
                    row.OneOff.Value.Expected, 6);
                // Pairs are twice as long; eight answers of 750 tokens with their prompts, three times.
                Assert.Equal(row.Name switch { "dpo" => 24_000_000, "grpo" => 90_000_000, _ => 12_000_000 },
                    training.Run.Tokens);
            }
        }
    }

    /// <summary>Where two lines cross, both strategies cost the same; on whole machines it is a step before which training does
    /// not pay.</summary>
    [Fact]
    public void BeforeTheBreakEvenTrainingDoesNotPay()
    {
        StrategyBreakEven even = Strategy.Compare(ModelCatalog.Llama3_1_8b, s_task).BreakEven
            .Single(one => one is { Untrained: "prompting", Trained: "lora" });
        Assert.True(Saved(even.RequestsPerMonth!.Value * 0.999) < 0);
        Assert.True(Saved(even.RequestsPerMonth!.Value * 1.001) > 0);
        Assert.True(even.SharedRequestsPerMonth < even.RequestsPerMonth);

        static double Saved(double requests)
        {
            ValueList<StrategyRow> rows = Strategy.Compare(ModelCatalog.Llama3_1_8b, s_task with { RequestsPerMonth = requests })
                .Rows;
            return rows[0].Total!.Value.Expected - rows[3].Total!.Value.Expected;
        }
    }

    /// <summary>More requests are never cheaper, more examples never train in less time, a higher price is never cheaper, a kept
    /// beginning never costs more.</summary>
    [Fact]
    public void MoreIsNeverLess()
    {
        var random = new Random(1);
        int fits = 0;
        for (int index = 0; index < 12; index++)
        {
            StrategyTask task = s_task with
            {
                Gpu = GpuCatalog.Find(index % 2 == 0 ? "h100-sxm-80gb" : "a100-sxm-80gb"),
                Examples = (long)Math.Pow(10, 1 + (5 * random.NextDouble())), TokensPerExample = random.Next(20, 2000),
                RequestsPerMonth = Math.Pow(10, 3 + (5 * random.NextDouble())), PromptTokens = random.Next(50, 2000),
            };
            ModelDefinition model = s_models[index % s_models.Length];
            StrategyTable now = Of(task, 2), dearer = Of(task, 2.4);
            StrategyTable asked = Of(task with { RequestsPerMonth = task.RequestsPerMonth * 1.7 }, 2);
            StrategyTable taught = Of(task with { Examples = task.Examples * 2 }, 2);
            foreach ((StrategyRow row, int at) in now.Rows.Select((row, at) => (row, at)).Where(one => one.row.Fits))
            {
                fits++;
                double usd = row.Total!.Value.Expected;
                Assert.True(dearer.Rows[at].Total?.Expected > usd, $"{row.Name}: price");
                Assert.True(asked.Rows[at].Total?.Expected >= usd, $"{row.Name}: requests");
                Assert.True(row.TrainingTime is not { } time || taught.Rows[at].TrainingTime?.Expected >= time.Expected,
                    $"{row.Name}: examples");
                Assert.True(row.Total.Value.Low <= usd && usd <= row.Total.Value.High, $"{row.Name}: range");
            }

            Assert.True(!now.Rows[0].Fits || now.Rows[1].Total!.Value.Expected <= now.Rows[0].Total!.Value.Expected);

            StrategyTable Of(StrategyTask one, double price) =>
                Strategy.Compare(model, one with { Prices = PriceList.Of(one.Gpu, price) });
        }

        Assert.True(fits > 40, $"{fits} fit");
    }

    [Fact]
    public void WhatCannotBeIsNamed()
    {
        foreach ((StrategyTask task, string field) in new (StrategyTask, string)[]
        {
            (s_task with { Examples = 0 }, "Examples"), (s_task with { TokensPerExample = 200_000 }, "TokensPerExample"),
            (s_task with { RequestsPerMonth = double.NaN }, "RequestsPerMonth"), (s_task with { Months = -1 }, "Months"),
            (s_task with { Epochs = 0 }, "Epochs"), (s_task with { Rank = 0 }, "Rank"),
            (s_task with { PromptTokens = 0 }, "PromptTokens"),
        })
        {
            Assert.Equal(field, Assert.Throws<EstimateException>(() => Strategy.Compare(ModelCatalog.Llama3_1_8b, task)).Field);
        }

        Assert.Equal("usdPerHour", Assert.Throws<EstimateException>(() => PriceList.Of(s_task.Gpu, -1)).Field);
    }

    /// <summary>What does not fit says why, and has no money.</summary>
    [Fact]
    public void WhatDoesNotFitSaysWhy()
    {
        StrategyTable table = Strategy.Compare(ModelCatalog.Llama3_1_8b, s_task with
        {
            Gpu = GpuCatalog.Find("t4"), Prices = PriceList.Of(GpuCatalog.Find("t4"), 0.5), Weights = WeightFormat.Fp8,
        });
        StrategyRow row = table.Rows[0];
        Assert.False(row.Fits);
        Assert.NotNull(row.Missing);
        Assert.Null(row.Total);
        Assert.Empty(row.Explain());
    }
}
