namespace EcomWorkflows.Testing.Web;

/// <summary>The inputs the stages of <c>churn-daily</c> have between them.</summary>
public sealed record StepInputs
{
    public required string Source { get; init; }

    public string? Entity { get; init; }

    public string? File { get; init; }

    public bool FailOnDrift { get; init; }

    public double CustomerValue { get; init; }

    public double OfferCost { get; init; }

    public double ContactCost { get; init; }

    public double SaveRate { get; init; }

    public double StayerTakeRate { get; init; }
}
