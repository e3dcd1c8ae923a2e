using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Scoring.Purchase.Reports;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Pipeline.Training.Purchase;
using EcomWorkflows.Pipeline.Validation.Reports;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcomWorkflows.Pipeline.Scoring.Purchase;

/// <summary>Writes the six purchase reports from the published predictions.</summary>
[TaskType("Ecom.ReportPurchases", DisplayName = "Report purchases", Category = "Scoring", Description =
    "Writes six linked reports, each as a page and as CSV: overall conversion and prediction, top 20 products, by engagement score, by funnel depth, by interaction score, top 50 visitors.")]
public sealed class ReportPurchasesTask(SourceCatalog sources, NpgsqlDataSource database, PipelineOptions options) : ITask<ReportPurchasesInputs, ReportPurchasesOutputs>
{
    public async Task<TaskResult<ReportPurchasesOutputs>> RunAsync(ReportPurchasesInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        SourceMapping mapping = sources.Get(inputs.Source);
        PurchaseReportSet set = await ReadAsync(mapping, inputs, context, cancellationToken);
        string folder = inputs.Variant == PurchaseVariant.Classic ? "purchases-classic" : "purchases";
        AttemptIdentity attempt = context.Attempt;
        using var report = new StagedReport(options, mapping.Source, attempt.RunId, folder, attempt.AttemptId, "purchase");
        PurchaseReportPages.Write(report.Folder, set);
        await context.PublishAsync(
            (_, _) =>
            {
                report.MoveToPlace();
                return Task.CompletedTask;
            },
            cancellationToken);
        report.Keep();

        PurchaseReportRow? holdout = set.Scorings.FirstOrDefault(scoring => scoring.Kind == PurchaseScoring.Holdout) is { } scoring ? set.Overall(scoring) : null;
        context.Logger.LogInformation("Wrote {Reports} reports to {Folder}", PurchaseReportDefinition.All.Count, report.Path);
        return new ReportPurchasesOutputs(
            mapping.Source, set.Latest.Variant, $"{report.Path}/{PurchaseReportPages.IndexFile}", [.. PurchaseReportDefinition.All.Select(one => $"{report.Path}/{one.Name}.html")],
            holdout?.Conversion, holdout?.MeanProbability, set.Overall(set.Latest).Expected);
    }

    private async Task<PurchaseReportSet> ReadAsync(SourceMapping mapping, ReportPurchasesInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        string model = PurchaseTables.Model(mapping.Source, inputs.Variant);
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        var reader = new PurchaseReportReader(connection);
        IReadOnlyList<ReportedScoring> scorings = await reader.ScoringsAsync(model, context.Attempt.RunId, cancellationToken);
        if (scorings.Count == 0)
        {
            throw new TaskFailedException(
                $"There are no predictions of model '{model}' to report. Run Ecom.ScorePurchases for source '{inputs.Source}' first.", FailureCause.Dependency, retryable: false);
        }

        var tables = new List<PurchaseReportTable>();
        foreach (PurchaseReportDefinition definition in PurchaseReportDefinition.All)
        {
            context.ReportProgress((double)tables.Count / (PurchaseReportDefinition.All.Count * scorings.Count), definition.Title);
            foreach (ReportedScoring scoring in scorings)
                tables.Add(await reader.TableAsync(definition, scoring, cancellationToken));
        }

        return new PurchaseReportSet(mapping.Source, mapping.Description, context.Attempt.DagId, context.Attempt.RunKey, context.Time.GetUtcNow(), scorings, tables);
    }
}
