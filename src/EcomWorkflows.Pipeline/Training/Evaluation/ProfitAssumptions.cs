using System.Globalization;
using System.Text.Json;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Training.Evaluation;

/// <summary>What a retention offer costs and brings, per customer and in the shop's currency: inputs of every task that reckons with an offer.</summary>
/// <remarks>The Neslin form: profit of contacting = p·g·(V − d) − (1 − p)·s·d − c.</remarks>
public sealed record ProfitAssumptions
{
    /// <summary>V: value of a customer who is kept.</summary>
    [TaskInput("Value of a customer who is kept, in the shop's currency.")]
    public double CustomerValue { get; init; } = 100;

    /// <summary>d: cost of the offer, paid when it is taken.</summary>
    [TaskInput("Cost of a retention offer, paid when it is taken.")]
    public double OfferCost { get; init; } = 10;

    /// <summary>c: cost of contacting, paid for everyone contacted.</summary>
    [TaskInput("Cost of contacting one customer.")]
    public double ContactCost { get; init; } = 1;

    /// <summary>g: share of churners an offer keeps, 0 to 1.</summary>
    [TaskInput("Share of churners an offer keeps, 0 to 1.")]
    public double SaveRate { get; init; } = 0.3;

    /// <summary>s: share of customers who would have stayed anyway and take the offer, 0 to 1.</summary>
    [TaskInput("Share of customers who would stay anyway and take the offer, 0 to 1.")]
    public double StayerTakeRate { get; init; } = 0.5;

    /// <summary>Expected profit of contacting a customer who would leave with this probability.</summary>
    public double Expected(double churnProbability, double? customerValue = null) =>
        (churnProbability * SaveRate * ((customerValue ?? CustomerValue) - OfferCost)) - ((1 - churnProbability) * StayerTakeRate * OfferCost) - ContactCost;

    /// <summary>Expected cost of contacting such a customer: c + d · (p·g + (1 − p)·s).</summary>
    public double ExpectedCost(double churnProbability) =>
        ContactCost + (OfferCost * ((churnProbability * SaveRate) + ((1 - churnProbability) * StayerTakeRate)));

    /// <summary>The least probability at which contacting a customer of <see cref="CustomerValue"/> pays; above 1 where it never does.</summary>
    public double BreakEven
    {
        get
        {
            double gained = (SaveRate * (CustomerValue - OfferCost)) + (StayerTakeRate * OfferCost);
            return gained > 0 ? ((StayerTakeRate * OfferCost) + ContactCost) / gained : double.PositiveInfinity;
        }
    }

    /// <summary>What is wrong with the figures, in words; null where they can be used.</summary>
    public string? Problem() => this switch
    {
        { SaveRate: not (>= 0 and <= 1) } => $"saveRate is {SaveRate}; allowed: 0 to 1",
        { StayerTakeRate: not (>= 0 and <= 1) } => $"stayerTakeRate is {StayerTakeRate}; allowed: 0 to 1",
        { CustomerValue: not (>= 0 and < double.PositiveInfinity) } => $"customerValue is {CustomerValue}; allowed: 0 or more",
        { OfferCost: not (>= 0 and < double.PositiveInfinity) } => $"offerCost is {OfferCost}; allowed: 0 or more",
        { ContactCost: not (>= 0 and < double.PositiveInfinity) } => $"contactCost is {ContactCost}; allowed: 0 or more",
        _ => null,
    };

    /// <summary>The figures in which this offer differs from another, in words: <c>customerValue 120 instead of 100</c>; empty where it is the same.</summary>
    internal IReadOnlyList<string> DifferencesFrom(ProfitAssumptions other) =>
    [
        .. new (string Name, double Here, double There)[]
        {
            (nameof(CustomerValue), CustomerValue, other.CustomerValue), (nameof(OfferCost), OfferCost, other.OfferCost), (nameof(ContactCost), ContactCost, other.ContactCost),
            (nameof(SaveRate), SaveRate, other.SaveRate), (nameof(StayerTakeRate), StayerTakeRate, other.StayerTakeRate),
        }
        .Where(figure => figure.Here != figure.There)
        .Select(figure => string.Create(CultureInfo.InvariantCulture, $"{JsonNamingPolicy.CamelCase.ConvertName(figure.Name)} {figure.Here} instead of {figure.There}")),
    ];
}
