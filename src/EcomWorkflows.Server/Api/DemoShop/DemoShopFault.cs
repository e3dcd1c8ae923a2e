namespace EcomWorkflows.Server.Api.DemoShop;

/// <summary>An answer that is not the page asked for.</summary>
/// <param name="RetryAfter">Whole seconds for the Retry-After header; null leaves it out.</param>
public sealed record DemoShopFault(int StatusCode, TimeSpan? RetryAfter = null);
