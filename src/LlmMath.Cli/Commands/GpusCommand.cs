using System.CommandLine;
using System.Text.Json;
using LlmMath.Cli.Output;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Commands;

/// <summary><c>llmmath gpus</c>: the accelerators of the catalog.</summary>
internal static class GpusCommand
{
    private const double Giga = 1e9, Tera = 1e12;

    public static Command Create(TextWriter output)
    {
        var vendor = new Option<string?>("--vendor") { Description = "Only accelerators of this vendor.", HelpName = "V" };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("gpus",
            "List the accelerators of the catalog. Rates are dense; a figure that nobody sourced is left out.") { vendor, json };
        command.SetAction(parsed => Run(parsed.GetValue(vendor), parsed.GetValue(json), output));
        return command;
    }

    private static int Run(string? vendor, bool json, TextWriter output)
    {
        ValueList<Gpu> all = GpuCatalog.All;
        List<Gpu> gpus =
            [.. all.Where(g => vendor is null || string.Equals(g.Vendor, vendor, StringComparison.OrdinalIgnoreCase))];
        if (gpus.Count == 0)
        {
            string[] vendors = [.. all.Select(g => g.Vendor).Distinct().Order(StringComparer.Ordinal)];
            throw new CliException($"--vendor: no accelerator of the catalog is by \"{vendor}\"."
                + $"{Suggestion.For(vendor!, vendors)} Vendors: {string.Join(", ", vendors)}.");
        }

        if (json)
        {
            JsonOut.Write(output, writer => writer.Objects(null, gpus, gpu => WriteFields(writer, gpu)));
            return ExitStatus.Done;
        }

        Table table = Of(
            texts: ["gpu", "vendor"], numbers: ["GiB", "GB/s", "fp32", "bf16", "fp8", "int8", "fp4", "watts"]);
        foreach (Gpu g in gpus)
        {
            PeakRates r = g.PeakRates;
            table.Row(g.Name, g.Vendor, N(g.Memory?.Gibibytes, 1), N(g.BytesPerSecond, Giga), N(r.Fp32, Tera),
                N(r.Bf16 ?? r.Fp16, Tera), N(r.Fp8, Tera), N(r.Int8, Tera), N(r.Fp4, Tera), N(g.Watts, 1));
        }

        output.WriteTable(table);
        output.WriteLine("Rates in dense TFLOPS (int8: TOPS); bf16 or, where there is none, fp16.");
        return ExitStatus.Done;
    }

    private static void WriteFields(Utf8JsonWriter writer, Gpu gpu)
    {
        PeakRates r = gpu.PeakRates;
        writer.WriteString("name", gpu.Name);
        writer.WriteString("id", gpu.DisplayName);
        writer.WriteString("vendor", gpu.Vendor);
        writer.Array("aliases", gpu.Aliases, writer.WriteStringValue);
        writer.WriteString("architecture", gpu.Architecture);
        writer.WriteString("computeCapability", gpu.ComputeCapability);
        writer.NumberOrNull("memoryBytes", gpu.Memory?.Bytes);
        writer.NumberOrNull("usableMemoryBytes", gpu.UsableMemory?.Bytes);
        writer.NumberOrNull("bytesPerSecond", gpu.BytesPerSecond);
        writer.WriteStartObject("flops");
        foreach ((string name, double? rate) in new[]
        {
            ("fp32", r.Fp32), ("tf32", r.Tf32), ("bf16", r.Bf16), ("fp16", r.Fp16),
            ("fp8", r.Fp8), ("int8", r.Int8), ("fp4", r.Fp4), ("int4", r.Int4),
        })
        {
            writer.NumberOrNull(name, rate);
        }

        writer.WriteEndObject();
        writer.NumberOrNull("watts", gpu.Watts);
        writer.Array("sources", gpu.Sources, writer.WriteStringValue);
    }
}
