using LlmMath.Placement;
using LlmMath.Speed;
using LlmMath.Speed.Pass;
using LlmMath.Speed.Serving;

namespace LlmMath.Tests.Speed.Serving;

/// <summary>The waits before a first token are those of loops gone through step by step.</summary>
public class FirstTokenLoopTests
{
    /// <summary>Requests of equal lengths that come back one after the other, each just after a pass has begun, whose first token
    /// is seen a pass late, as where an engine schedules ahead: two passes wait beside the own, and each reads another's
    /// prompt.</summary>
    [Theory]
    [InlineData("llama-3.1-8b", "tensorrt-llm", 1, 2048, 256, 8)]
    [InlineData("qwen3-32b", "tensorrt-llm", 2, 4096, 128, 16)]
    [InlineData("qwen3-32b", "vllm", 4, 1024, 512, 32)]
    public void InStepPassesThatAreMissedReadOthersPrompts(
        string model, string engine, int tensor, int prompt, int output, int requests)
    {
        var deployment = new Deployment(
            ModelCatalog.Find(model), GpuCatalog.H100Sxm80Gb, EngineCatalog.Find(engine), WeightFormat.Fp8)
        {
            Placement = new() { Tensor = tensor },
        };
        PlacedModel placed = deployment.Placed;
        var known = DeployedSpeed.Of(placed);
        ServingLoad load = ServingLoad.Of(placed, new(prompt, output, requests) { Arrival = Arrival.InStep }) with
        {
            PassTokens = prompt + requests,
        };
        double[] values = [.. known.Constants.Values.Select((value, i) => EngineConstant.All[i].Name switch
        {
            "steps_waited" => 2,
            "first_token_us" or "first_mixture_layer_us" or "request_us" or "prompt_token_us" => 0,
            _ => value,
        })];
        var constants = new EngineConstants([.. values]);
        var closed = ServingTime.Of(known.On, constants, load);
        double loop = InStepLoop(known.On, constants, load, requests);
        // The queue is that of prompts that come at any time.
        double queue = ServingPasses.Of(known.On, constants, load, requests).Queue;
        Assert.InRange((closed.FirstToken - queue) / loop, 0.95, 1.05);
    }

    /// <summary>Prompts that come to replicas of data-parallel attention, read when each has one.</summary>
    [Theory]
    [InlineData(8, 16, 1024, 60)]
    [InlineData(8, 32, 1024, 60)]
    [InlineData(8, 32, 8192, 60)]
    [InlineData(4, 64, 1024, 60)]
    [InlineData(4, 8, 1024, 50)]
    [InlineData(2, 32, 1024, 50)]
    [InlineData(2, 64, 8192, 50)]
    public void PromptsWaitUntilEachReplicaHasOne(int replicas, int requests, int output, int most)
    {
        double loop = BalancedLoop(replicas, requests, output, most);
        Assert.InRange(ServingTime.Balanced(most, requests / (0.9 * output), replicas) / loop, 0.95, 1.05);
    }

    private static double InStepLoop(in DeployedModel on, EngineConstants c, in ServingLoad load, int requests)
    {
        var waiting = new Queue<(double At, int Pass)>(Enumerable.Repeat((0.0, -1), requests));
        var writing = new List<int>();
        var back = new Queue<int>();
        double clock = 0, sum = 0, late = -1;
        int count = 0;
        for (int pass = 0; count < 4 * requests; pass++)
        {
            // Who comes back does so when the pass before is seen, after this one has begun.
            bool reads = waiting.TryPeek(out (double At, int Pass) first) && first.Pass < pass;
            if (reads)
            {
                waiting.Dequeue();
            }

            clock += ForwardPass.Of(on, c, new PassLoad
            {
                Sequences = writing.Count, TokensEach = 1, Context = load.Prompt + (load.Output / 2), Prompt = load.Prompt,
                PromptTokens = reads ? load.Prompt : 0,
            }).Total;
            if (late >= 0)
            {
                (sum, count) = (sum + clock - late, count + 1);
            }

            // Not of the first round, which came all at once.
            late = reads && first.Pass >= 0 ? first.At : -1;
            while (back.TryDequeue(out _))
            {
                waiting.Enqueue((clock, pass + 1));
            }

            for (int i = writing.Count - 1; i >= 0; i--)
            {
                if (--writing[i] == 0)
                {
                    writing.RemoveAt(i);
                    back.Enqueue(pass);
                }
            }

            if (reads)
            {
                writing.Add((int)load.Output - 1);
            }
        }

        return sum / count;
    }

    // Answers of 0.8 to 1 of a length; who is answered is followed by the next request at the same replica.
    private static double BalancedLoop(int replicas, int requests, int output, int most)
    {
        var random = new Random(3);
        var ends = new PriorityQueue<int, int>();
        for (int i = 0; i < replicas * requests; i++)
        {
            ends.Enqueue(i % replicas, random.Next(output));
        }

        List<int>[] waiting = [.. Enumerable.Range(0, replicas).Select(_ => new List<int>())];
        long waited = 0, prompts = 0;
        for (int step = 0, since = 0; step < 400 * output; step++)
        {
            while (ends.TryPeek(out int replica, out int end) && end <= step)
            {
                ends.Dequeue();
                waiting[replica].Add(step);
            }

            if (!waiting.All(prompt => prompt.Count > 0) && ++since < most)
            {
                continue;
            }

            since = 0;
            for (int replica = 0; replica < replicas; replica++)
            {
                foreach (int came in waiting[replica])
                {
                    (waited, prompts) = (waited + step - came, prompts + 1);
                    ends.Enqueue(replica, step + 1 + (int)(output * (0.8 + (0.2 * random.NextDouble()))));
                }

                waiting[replica].Clear();
            }
        }

        return (double)waited / prompts;
    }
}
