using LlmMath.Cli;

return LlmMathCommand.Run(args, Console.Out, Console.Error);
