using System.CommandLine;
using LlmMath.Cli.Output;
using LlmMath.Training;

namespace LlmMath.Cli.Commands;

/// <summary><c>llmmath train</c>: what it takes to train a model.</summary>
internal static class TrainCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var options = new TrainOptions();
        var command = new Command("train", "What training takes: memory at its fullest moment, operations, speed, hours.");
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var argument = ModelArgument.Resolve(parsed.GetValue(options.Model)!);
            double? price = parsed.GetValue(options.Price);
            if (price is { } given && !(given >= 0 && given <= double.MaxValue))
            {
                throw new CliException("--price: 0 or more is right.");
            }

            try
            {
                var asked = TrainQuestion.Of(parsed, options, argument.Required);
                TrainingEstimate estimate = asked.On.Training(asked.Run);
                bool explain = parsed.GetValue(options.Explain);
                if (parsed.GetValue(options.Json))
                {
                    JsonOut.Write(output, writer => TrainReport.Json(writer, argument.Name, asked, estimate, price, explain));
                }
                else
                {
                    TrainReport.Text(argument.Name, asked, estimate, price, explain, output, error);
                }

                return estimate.Memory.Fits == false ? ExitStatus.No : ExitStatus.Done;
            }
            catch (Exception problem) when (problem is ArgumentException or DefinitionException)
            {
                throw new CliException($"{argument.Name}: {problem.Message.Split(" (Parameter")[0]}", problem);
            }
        });
        return command;
    }
}
