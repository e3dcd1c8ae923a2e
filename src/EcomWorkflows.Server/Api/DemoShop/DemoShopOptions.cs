namespace EcomWorkflows.Server.Api.DemoShop;

/// <summary>What the simulated shop's API serves, and to whom.</summary>
public sealed record DemoShopOptions
{
    /// <summary>Name of the header that carries <see cref="ApiKey"/>.</summary>
    public const string KeyHeader = "X-Api-Key";

    /// <summary>The shop's <c>customers.json</c>, absolute.</summary>
    public required string CustomersFile { get; init; }

    /// <summary>The key a caller must send; null lets everybody in.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Answers given to the first requests, one each, before the API works: for trying out how a client takes them.</summary>
    public IReadOnlyList<DemoShopFault> Faults { get; init; } = [];
}
