using LlmMath.Engines;
using LlmMath.Speed.Pass;
using LlmMath.Speed.Serving;

namespace LlmMath.Tests.Speed.Serving;

/// <summary>A server step by step: so many requests at once, each answer followed by the next request; the time of each step is
/// the estimator's own.</summary>
internal sealed class ClosedLoop
{
    private readonly Random _random = new(7);
    private readonly List<Request> _writing = [];
    private readonly Queue<Request> _waiting = new();
    private readonly List<Request> _done = [];
    private int _written;

    private ClosedLoop(int requests, double prompt, double output)
    {
        for (int i = 0; i < requests; i++)
        {
            // They start at any place of their answers, so that the loop is steady from its first step.
            Request first = Next(prompt, output, 0);
            first.Left = Math.Max(1, (int)(first.Output * _random.NextDouble()));
            first.IsCut = true;
            _writing.Add(first);
        }
    }

    /// <summary>Seconds between tokens, and tokens written a second.</summary>
    public static (double InterToken, double TokensPerSecond) Run(
        in DeployedModel on, EngineConstants c, in ServingLoad load, int requests)
    {
        var loop = new ClosedLoop(requests, load.Prompt, load.Output);
        double clock = 0, written = 0, from = 0;
        while (loop._done.Count < 6 * requests)
        {
            clock += loop.Step(on, c, load, clock);
            if (loop._done.Count < requests)
            {
                (written, from) = (0, clock);
            }
            else
            {
                written += loop._written;
            }
        }

        return (loop._done.Where(request => !request.IsCut && request.Output > 1)
            .Average(request => (request.End - request.First) / (request.Output - 1)), written / (clock - from));
    }

    private double Step(in DeployedModel on, EngineConstants c, in ServingLoad load, double clock)
    {
        double read = 0, room = on.ReadsPromptsApart ? load.PassTokens : load.PassTokens - _writing.Count;
        var ready = new List<Request>();
        while (_waiting.Count > 0 && room >= 1)
        {
            Request first = _waiting.Peek();
            double part = Math.Min(first.PromptLeft, room);
            (first.PromptLeft, read, room) = (first.PromptLeft - part, read + part, room - part);
            if (first.PromptLeft > 0)
            {
                break;
            }

            ready.Add(_waiting.Dequeue());
        }

        bool writes = !on.ReadsPromptsApart || read == 0;
        var pass = new PassLoad
        {
            Sequences = writes ? _writing.Count : 0, TokensEach = 1, Prompt = load.Prompt, PromptTokens = read,
            Context = _writing.Count == 0 ? 0 : _writing.Average(request => request.Prompt + request.Output - request.Left),
        };
        _written = writes ? _writing.Count + ready.Count : ready.Count;
        double time = ForwardPass.Of(on, c, pass).Total, end = clock + time;
        foreach (Request request in writes ? _writing.ToArray() : [])
        {
            if (--request.Left == 0)
            {
                request.End = end;
                _done.Add(request);
                _writing.Remove(request);
                _waiting.Enqueue(Next(load.Prompt, load.Output, end));
            }
        }

        foreach (Request request in ready)
        {
            (request.First, request.Left) = (end, request.Output - 1);
            _writing.Add(request);
        }

        return time;
    }

    // Lengths within a fifth of the mean: requests that start together do not end together.
    private Request Next(double prompt, double output, double at)
    {
        double length = Math.Round(prompt * (0.8 + (0.4 * _random.NextDouble())));
        int answer = Math.Max(2, (int)Math.Round(output * (0.8 + (0.4 * _random.NextDouble()))));
        return new() { Prompt = length, PromptLeft = length, Output = answer, Left = answer, Arrived = at };
    }

    private sealed class Request
    {
        public required double Prompt { get; init; }

        public required int Output { get; init; }

        public required double Arrived { get; init; }

        public double PromptLeft { get; set; }

        public int Left { get; set; }

        public double First { get; set; }

        public double End { get; set; }

        public bool IsCut { get; set; }
    }
}
