// Models and GPUs of one's own, compiled into the catalog from JSON files of this project and checked while one types.
using LlmMath;

ModelDefinition[] own = [ModelCatalog.TinyLlama, ModelCatalog.HouseMoe];
foreach (ModelDefinition model in own)
{
    Console.WriteLine($"{model.Name}: {model.ParameterCount():N0} parameters, {model.ActiveParameterCount():N0} used by a token");
}

Gpu card = GpuCatalog.Workstation;
ByteSize weights = own[1].UniformWeightMemory(WeightFormat.Bf16);
Console.WriteLine($"{own[1].Name} in bf16: {weights}; the {card.DisplayName} has {card.Memory}");
