using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using LlmMath.Cli.Output;
using LlmMath.Planning;

namespace LlmMath.Cli.Commands;

/// <summary><c>llmmath cost</c>: what the best plan costs by how busy it is, and where renting, buying and an API break
/// even.</summary>
internal static class CostCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var options = new PlanOptions();
        var explain = new Option<bool>("--explain") { Description = "Show the working of owning, line by line." };
        var command = new Command("cost",
            "What serving costs by how busy the machines are; rent, buy or API, and where they cross.");
        var tornado = new Option<string?>("--plot-tornado")
        {
            Description = "Draw what each assumption of owning does to its month into an SVG.", HelpName = "FILE.svg",
        };
        options.AddTo(command);
        command.Add(explain);
        command.Add(tornado);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(options.BatchRequests) is not null)
            {
                throw new CliException("--batch-requests: llmmath plan says what a batch costs; cost is of a month.");
            }

            var asked = PlanQuestion.Of(parsed, options);
            try
            {
                PlanResult result = Planner.Plan(asked.Requirements);
                if (result.Best is not { } best)
                {
                    error.WriteLine("llmmath: nothing meets the requirements: llmmath plan says why.");
                    return ExitStatus.No;
                }

                if (parsed.GetValue(options.Json))
                {
                    JsonOut.Write(output, writer => Json(writer, best, asked));
                }
                else
                {
                    Text(best, asked, parsed.GetValue(explain), output);
                }

                PlotFile.Write(parsed.GetValue(options.Plot), () => Plots.Plot.Cost(CostCurve.Of(best, asked.Requirements),
                    RentOrBuy.Of(best, asked.Requirements)));
                PlotFile.Write(parsed.GetValue(tornado), () => Plots.Plot.Tornado(Swings(best, asked.Requirements),
                    "US dollars a month of owning"));
                return ExitStatus.Done;
            }
            catch (Exception problem) when (problem is ArgumentException or DefinitionException)
            {
                throw new CliException(OptionWords.Plan.Line(problem), problem);
            }
        });
        return command;
    }

    private static void Json(Utf8JsonWriter writer, Plan plan, PlanQuestion asked)
    {
        ServiceRequirements r = asked.Requirements;
        ServiceCost cost = plan.Cost;
        var curve = CostCurve.Of(plan, r);
        writer.WriteStartObject();
        writer.WriteString("plan", plan.ToString());
        writer.WriteNumber("usdPerHour", cost.UsdPerHour);
        writer.WriteNumber("usdPerMonth", cost.UsdPerMonth);
        writer.WriteNumber("usdOverHorizon", cost.Over(r.Months));
        writer.WriteNumber("usdPerRequest", cost.UsdPerRequest);
        writer.NumberOrNull("usdPerMillionInput", cost.UsdPerMillionInput);
        writer.NumberOrNull("usdPerMillionOutput", cost.UsdPerMillionOutput);
        writer.WriteNumber("usdPerMillionTokens", cost.UsdPerMillion);
        writer.NumberOrNull("usdPerUserMonth", cost.UsdPerUserMonth);
        writer.WriteNumber("busyShare", cost.BusyShare);
        writer.WriteNumber("millionTokensPerMonth", curve.MillionTokensPerMonth);
        writer.Objects("byBusyShare", curve.Points, point =>
        {
            writer.WriteNumber("busyShare", point.BusyShare);
            writer.NumberOrNull("rentUsdPerMillion", point.Rent);
            writer.NumberOrNull("buyUsdPerMillion", point.Buy);
            writer.NumberOrNull("apiUsdPerMillion", point.Api);
        });
        writer.WritePropertyName("rentOrBuy");
        PlanJson.RentOrBuyOf(writer, RentOrBuy.Of(plan, r));
        OwningCost? owning = Owning(plan, r)?.Cost;
        writer.NumberOrNull("kilowattHoursPerMonth", owning?.KilowattHoursPerMonth);
        writer.NumberOrNull("kilogramsCo2PerMonth", owning?.KilogramsCo2PerMonth);
        writer.Objects("swings", Swings(plan, r), swing =>
        {
            writer.WriteString("name", swing.Name);
            writer.WriteNumber("low", swing.AtLow);
            writer.WriteNumber("high", swing.AtHigh);
            writer.WriteString("source", swing.Assumption.Source.Where);
        });
        writer.Array("warnings", plan.Warnings(PlanJson.Today), writer.WriteStringValue);
        writer.Array("assumed", asked.Assumed, writer.WriteStringValue);
        writer.WriteEndObject();
    }

    private static void Text(Plan plan, PlanQuestion asked, bool explain, TextWriter output)
    {
        ServiceRequirements r = asked.Requirements;
        ServiceCost cost = plan.Cost;
        output.WriteLine(PlanReport.Sentence(plan, r));
        output.WriteLine($"{Usd(cost.UsdPerHour)} an hour, {Usd(cost.UsdPerMonth)} a month, {Usd(cost.Over(r.Months))} over "
            + $"{Usd(r.Months)} months; {Usd(cost.UsdPerRequest)} a request; a million tokens: "
            + $"{Usd(cost.UsdPerMillionInput ?? 0)} read, {Usd(cost.UsdPerMillionOutput ?? 0)} written, "
            + $"{Usd(cost.UsdPerMillion)} of both"
            + (cost.UsdPerUserMonth is { } user ? $"; {Usd(user)} a user and month" : "")
            + $". US dollars, busy {Usd(100 * cost.BusyShare)} % of the time.");
        Table table = Tables.Of(["busy"], ["rent, USD a million", "buy", "API"]);
        foreach (CostPoint point in CostCurve.Of(plan, r).Points)
        {
            table.Row($"{Usd(100 * point.BusyShare)} %", Usd(point.Rent), Usd(point.Buy), Usd(point.Api));
        }

        output.WriteTable(table);
        PlanReport.WriteRentOrBuy(RentOrBuy.Of(plan, r), output);
        if (Owning(plan, r) is { } owning)
        {
            Table swings = Tables.Of(["owning: what moves its month most"], ["lowest", "highest"]);
            foreach (Swing swing in Swings(plan, r).Take(explain ? 20 : 4))
            {
                swings.Row(swing.Name, Usd(swing.AtLow), Usd(swing.AtHigh));
            }

            output.WriteTable(swings);
            output.WriteLine($"power: {Usd(owning.Cost.KilowattHoursPerMonth)} kWh a month"
                + (owning.Cost.KilogramsCo2PerMonth is { } co2 ? $", {Usd(co2)} kg of CO₂"
                    : "; --place names a grid for its CO₂"));
            foreach (MoneyLine line in explain ? owning.Cost.Lines : [])
            {
                output.WriteLine(line.ToString());
            }
        }

        output.WriteLine($"chosen: {string.Join("; ", asked.Assumed)}");
    }

    // Owning as many machines as the plan needs; null where nobody sourced a price.
    private static (OwningCost Cost, MachinePrice Machine, int Machines)? Owning(Plan plan, ServiceRequirements r)
    {
        if (RentOrBuy.Of(plan, r) is not { Buy.Bought: { } machine, BuyUsd: { } usd })
        {
            return null;
        }

        int machines = (int)Math.Round(usd / machine.Usd);
        return (OwningCost.Of(machine, machines, r.Ownership), machine, machines);
    }

    private static ValueList<Swing> Swings(Plan plan, ServiceRequirements r) => Owning(plan, r) is { } owning
        ? Swing.Of(r.Ownership, one => OwningCost.Of(owning.Machine, owning.Machines, one).UsdPerMonth) : [];

    private static string Usd(double? number) => number is not { } usd ? ""
        : usd.ToString(usd < 0.01 ? "0.######" : usd < 100 ? "0.##" : "#,0", CultureInfo.InvariantCulture);
}
