using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LlmMath.Generators.Tests;

/// <summary>What a large definition costs: bytes allocated, in one thread.</summary>
public class CostTests
{
    private const string Config = "{ \"model_type\": \"opt\"";

    public static TheoryData<string> Shapes => ["numbers", "fields", "objects"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ReadingAndCompilingCostInProportionToTheValues(string shape)
    {
        Cost(shape, 100);
        double few = Cost(shape, 2_500), many = Cost(shape, 10_000);

        Assert.InRange(many / few, 3.5, 4.5);
        // Two kilobytes a number of a list, six a field: it was 9 to 15, growing, while the compiler followed nulls through it.
        Assert.InRange(many, 0, 10_000 * 8_000);
    }

    [Theory]
    [InlineData("numbers", 900_000, "LLM008", "characters; at most 1,048,576 are read")]
    [InlineData("fields", 200_000, "LLM008", "characters; at most 1,048,576 are read")]
    [InlineData("numbers", 500_000, "LLM008", "values; at most 20,000 are read")]
    [InlineData("objects", 50_000, "LLM008", "values; at most 20,000 are read")]
    public void WhatIsTooLargeIsRefusedBeforeItCosts(string shape, int values, string id, string message)
    {
        var definition = new Definition("/models/big.json", Text(shape, values));
        Cost(shape, 100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Diagnostic diagnostic = Assert.Single(Host.Run(definition).Diagnostics);
        long cost = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(id, diagnostic.Id);
        Assert.Contains(message, diagnostic.GetMessage());
        Assert.InRange(cost, 0, (8 * definition.Text.Length) + 8_000_000);
    }

    [Fact]
    public void TheMostThatIsReadIsMade() => Host.Compile(
        new Definition("/models/most.json", Text("numbers", Interchange.Json.ModelJson.MaxValues - 2)),
        new Definition("/models/long.json", $"{Config}, \"_text\": \"{new string('x', EntryReader.MaxLength - 40)}\" }}"));

    private static long Cost(string shape, int values)
    {
        var definition = new Definition("/models/big.json", Text(shape, values));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Host.Driver(definition).RunGeneratorsAndUpdateCompilation(
            Host.Application, out Compilation compiled, out ImmutableArray<Diagnostic> refused);
        Microsoft.CodeAnalysis.Emit.EmitResult emitted = compiled.Emit(Stream.Null);
        long cost = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Empty(refused);
        Assert.True(emitted.Success);
        return cost;
    }

    private static string Text(string shape, int values)
    {
        IEnumerable<string> numbers = Enumerable.Range(0, values).Select(i => (i % 10).ToString(CultureInfo.InvariantCulture));
        return shape switch
        {
            "numbers" => $"{Config}, \"_list\": [{string.Join(',', numbers)}] }}",
            "fields" => $"{Config}, {string.Join(", ", numbers.Select((number, i) => $"\"_field_{i}\": {number}"))} }}",
            _ => $"{Config}, \"_l\": [{string.Join(',', numbers.Select(number => $"{{\"a\":{number}}}").Take(values / 2))}] }}",
        };
    }
}
