using EcomWorkflows.Pipeline.Features.Activity;
using EcomWorkflows.Pipeline.Features.VisitorItem;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>A view whose rows a built-in task computes, one for each source.</summary>
/// <param name="Task">Type of the task.</param>
/// <param name="Table">Lake table of its history, one file per as-of time; with the source before it, the view's name.</param>
/// <param name="Model">With the source before it, the name of the model that learns from the view, and of its feature service.</param>
/// <param name="Purpose">What the view says, of a source.</param>
/// <param name="Entities">What a row is about, in the order of its keys.</param>
/// <param name="Features">All features the task can compute.</param>
/// <param name="Logic">Text that changes with what the program computes; settings of the mapping are part of it.</param>
internal sealed record ComputedView(
    string Task, string Table, string Model, Func<string, string> Purpose, IReadOnlyList<FeatureEntity> Entities, IReadOnlyList<FeatureDefinition> Features, Func<SourceMapping?, string> Logic)
{
    /// <summary>Type of the task that computes <see cref="VisitorItem"/>; the task itself belongs to training.</summary>
    public const string VisitorItemTask = "Ecom.BuildPurchaseFeatures";

    public static ComputedView CustomerActivity { get; } = new(
        BuildFeaturesTask.Type, "customer_activity", "churn", source => $"What a customer of '{source}' has done before an as-of time: orders, spending, returns, visits.",
        [FeatureViewDefinition.Customer], CustomerActivityFeatures.All, _ => CustomerActivitySql.EventsText + '\n' + CustomerActivitySql.RowsText + '\n' + EventLog.Logic);

    public static ComputedView VisitorItem { get; } = new(
        VisitorItemTask, "visitor_item", "purchase", source => $"What a visitor of '{source}' did with an item shortly before an as-of time, and what both did otherwise.",
        [FeatureViewDefinition.Customer, FeatureViewDefinition.Product], VisitorItemFeatures.All, mapping => PairSql.Logic((mapping?.Purchase ?? new PurchaseSettings()).CandidateDays))
    {
        // Pairs that nobody looks at any more would pile up: every day has others.
        ServesOnlyNewest = true,
    };

    public static IReadOnlyList<ComputedView> All { get; } = [CustomerActivity, VisitorItem];

    /// <summary>
    /// Whether only rows of the newest as-of time are served, and those pushed for a later time. Otherwise an entity that is not among them keeps the row it has, which its TTL ends.
    /// </summary>
    public bool ServesOnlyNewest { get; init; }

    public IReadOnlyList<string> JoinKeys => [.. Entities.Select(e => e.JoinKey)];

    /// <returns>Null where no built-in task of this type computes a view.</returns>
    public static ComputedView? Of(string? task) => All.FirstOrDefault(v => v.Task == task);

    /// <summary>Name of a source's view.</summary>
    public string NameOf(string source) => $"{source}_{Table}";

    /// <summary>Name of the feature service that a source's model uses.</summary>
    public string ServiceOf(string source) => $"{source}_{Model}";

    /// <summary>Lake table with the history of a source's view.</summary>
    public LakeTableName TableOf(string source) => new("features", source, Table);

    /// <summary>Lake table with rows of as-of times that another run has computed again since: what was known before.</summary>
    public LakeTableName SupersededTableOf(string source) => new("features", source, $"{Table}_superseded");
}
