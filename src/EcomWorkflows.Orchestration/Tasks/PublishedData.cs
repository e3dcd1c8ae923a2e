namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>Something an attempt has published; running its task again replaces it.</summary>
/// <param name="Kind">What it is, for example <c>lake table</c>.</param>
/// <param name="Name">For example <c>silver.shop.orders</c>.</param>
/// <param name="Rows">Null where it has none to count.</param>
public sealed record PublishedData(long RunId, long AttemptId, string Kind, string Name, long? Rows);
