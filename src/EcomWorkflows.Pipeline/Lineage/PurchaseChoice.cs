using EcomWorkflows.Orchestration;

namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>Which prediction of a pair of visitor and item is meant.</summary>
/// <param name="AsOf">The moment it is for; null for the newest.</param>
/// <param name="Variant"><c>honest</c> or <c>classic</c>.</param>
/// <param name="Kind"><c>latest</c>: pairs of the newest day; <c>holdout</c>: pairs of the test cutoff, whose outcome is known; null: <c>latest</c> where there is one.</param>
public sealed record PurchaseChoice(DateTimeOffset? AsOf = null, string Variant = PurchaseChoice.Honest, string? Kind = null)
{
    public const string Honest = "honest";

    private static readonly string[] Variants = [Honest, "classic"];

    private static readonly string[] Kinds = ["latest", "holdout"];

    /// <exception cref="NotFoundException">The variant or the kind is none of those there are.</exception>
    internal void Check()
    {
        if (!Variants.Contains(Variant))
            throw new NotFoundException($"There is no variant '{Variant}' of purchase predictions; there are {string.Join(" and ", Variants)}.");
        if (Kind is not null && !Kinds.Contains(Kind))
            throw new NotFoundException($"There is no kind '{Kind}' of purchase predictions; there are {string.Join(" and ", Kinds)}.");
    }
}
