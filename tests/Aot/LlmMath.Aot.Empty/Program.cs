// What a program costs that does nothing: the ground that LlmMath.Aot.Count is measured against.
Console.Out.Write("");
