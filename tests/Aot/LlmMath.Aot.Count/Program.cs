// The smallest useful program: one count from the catalog.
Console.Out.WriteLine(LlmMath.ModelCatalog.Opt350m.ParameterCount());
