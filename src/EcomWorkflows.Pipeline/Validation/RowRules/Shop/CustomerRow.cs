namespace EcomWorkflows.Pipeline.Validation.RowRules.Shop;

/// <summary>What <see cref="CustomerRowValidator"/> reads of a customer.</summary>
public sealed class CustomerRow
{
    public string? Name { get; set; }

    public string? Email { get; set; }

    public DateOnly? BirthDate { get; set; }

    public DateTime? SignupAt { get; set; }
}
