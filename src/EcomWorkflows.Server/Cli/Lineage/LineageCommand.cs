using System.CommandLine;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Pipeline.Lineage;

namespace EcomWorkflows.Server.Cli.Lineage;

/// <summary><c>ecom lineage</c>: where a prediction, a model or a dataset came from.</summary>
internal static class LineageCommand
{
    public static Command Create() => new("lineage", "Where a prediction, a model or a dataset version came from, back to the line of the raw file and the run that read it.")
    {
        PredictionCommand(),
        PurchaseCommand(),
        ModelCommand(),
        DatasetCommand(),
        LineCommand(),
    };

    private static Command PredictionCommand()
    {
        var source = new Argument<string>("source") { Description = "Source of the customer, for example shop." };
        var customer = new Argument<string>("customer") { Description = "The customer's id." };
        var asOf = new Option<DateTimeOffset?>("--as-of") { Description = "The moment the prediction is for, UTC; the newest where none is given." };
        var rows = new Option<int>("--rows") { Description = "Silver rows followed to their raw lines, the newest first.", DefaultValueFactory = _ => LineageReader.DefaultRows };
        var command = new Command("prediction", "From one prediction to model, training set, features, silver rows and raw lines.") { source, customer, asOf, rows };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed, (reader, ct) => reader.PredictionAsync(parsed.GetRequiredValue(source), parsed.GetRequiredValue(customer), parsed.GetValue(asOf), parsed.GetValue(rows), ct), cancellationToken));
        return command;
    }

    private static Command PurchaseCommand()
    {
        var source = new Argument<string>("source") { Description = "Source of the visitor, for example shop." };
        var visitor = new Argument<string>("visitor") { Description = "The visitor's id." };
        var item = new Argument<string>("item") { Description = "The item's id." };
        var asOf = new Option<DateTimeOffset?>("--as-of") { Description = "The moment the prediction is for, UTC; the newest where none is given." };
        var variant = new Option<string>("--variant") { Description = "honest or classic.", DefaultValueFactory = _ => PurchaseChoice.Honest };
        var kind = new Option<string?>("--kind") { Description = "latest: pairs of the newest day; holdout: pairs of the test cutoff. Without it latest where there is one." };
        var rows = new Option<int>("--rows")
        {
            Description = "Silver rows followed to their raw lines: those of the pair, then the visitor's and the item's in turns, the newest of each first.",
            DefaultValueFactory = _ => LineageReader.DefaultRows,
        };
        var command = new Command("purchase", "From the prediction that a visitor buys an item to model, training set, features, silver rows and raw lines.")
        {
            source, visitor, item, asOf, variant, kind, rows,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed,
            (reader, ct) => reader.PurchaseAsync(
                parsed.GetRequiredValue(source), parsed.GetRequiredValue(visitor), parsed.GetRequiredValue(item),
                new PurchaseChoice(parsed.GetValue(asOf), parsed.GetValue(variant)!, parsed.GetValue(kind)), parsed.GetValue(rows), ct),
            cancellationToken));
        return command;
    }

    private static Command ModelCommand()
    {
        var name = new Argument<string>("name") { Description = "Name of the model, for example shop_churn." };
        var version = new Argument<int?>("version") { Description = "Its version; the champion where none is named.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("model", "From a model version to training set, features and raw files; and the scorings it made.") { name, version };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed, (reader, ct) => reader.ModelAsync(parsed.GetRequiredValue(name), parsed.GetValue(version), ct), cancellationToken));
        return command;
    }

    private static Command DatasetCommand()
    {
        var word = Datasets.DatasetsCommand.Version();
        var command = new Command("dataset", "From a dataset version to lake snapshots and raw files; and the models trained on it.") { word };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, (reader, ct) => reader.DatasetAsync(parsed.GetRequiredValue(word), ct), cancellationToken));
        return command;
    }

    private static Command LineCommand()
    {
        var file = new Argument<long>("raw-file") { Description = "Number of the raw file, as in raw-file:NUMBER of a lineage." };
        var line = new Argument<long>("line") { Description = "Number of the line, from 1." };
        var around = new Option<int>("--around") { Description = "Lines shown before and after it.", DefaultValueFactory = _ => 2 };
        var command = new Command("line", "A line of a raw file as the source delivered it, and whether the file still has the hash it was ingested with.") { file, line, around };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var lines = await session.Get<LineageReader>().RawLinesAsync(parsed.GetValue(file), parsed.GetValue(line), parsed.GetValue(around), cancellationToken);
            CommandOutput.WriteOne(parsed, lines, () => Write(lines));
            return lines.Problem is null ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Func<LineageReader, CancellationToken, Task<LineageGraph>> read, CancellationToken cancellationToken)
    {
        await using var session = await Datasets.DatasetsCommand.OpenAsync(cancellationToken);
        var graph = await read(session.Get<LineageReader>(), cancellationToken);
        var attempts = await session.Get<AttemptPlaces>().FindAsync(graph.Nodes.Select(n => n.AttemptId).OfType<long>(), cancellationToken);
        CommandOutput.WriteOne(parsed, new { graph.Start, graph.Nodes, graph.Edges, Attempts = attempts.Values }, () => LineageText.Write(graph, attempts));
        return ExitCode.Done;
    }

    private static void Write(RawLines lines)
    {
        Console.WriteLine($"{lines.Path} (delivered as {lines.Original}), sha256 {lines.Sha256}{(lines.HashHolds ? ", as ingested" : "")}");
        if (lines.Lines.Count > 0 && !lines.HashHolds)
            Console.WriteLine("The file no longer has the hash it was ingested with.");
        foreach (var line in lines.Lines)
            Console.WriteLine($"{(line.Number == lines.Line ? "▸" : " ")} {line.Number,10}  {line.Text}");
        if (lines.Problem is { } problem)
            Console.WriteLine(problem);
    }
}
