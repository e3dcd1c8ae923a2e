using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>A condition on one of a run's instants, as Studio sends it. People pick whole seconds, so a second is what it compares.</summary>
internal sealed record TimestampFilter(string? Column, string? Operator, DateTimeOffset? Timestamp)
{
    private static readonly string[] Columns = ["CreatedAt", "UpdatedAt", "FinishedAt"];
    private static readonly string[] Operators = ["Is", "IsNot", "LessThan", "GreaterThan", "LessThanOrEqual", "GreaterThanOrEqual"];

    /// <summary>What all conditions on a column ask for together.</summary>
    /// <exception cref="DefinitionRefusedException">A condition names an unknown column or operator, or has no instant.</exception>
    public static InstantFilter Of(IReadOnlyList<TimestampFilter> filters, string column)
    {
        foreach (var filter in filters)
            filter.Check();
        return filters.Where(f => f.Column == column).Aggregate(new InstantFilter(), (all, filter) => filter.And(all));
    }

    private InstantFilter And(InstantFilter all)
    {
        var second = new DateTimeOffset(Timestamp!.Value.UtcTicks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
        var next = second.AddSeconds(1);
        return Operator switch
        {
            "Is" => Later(Earlier(all, next), second),
            "IsNot" => all with { Except = [.. all.Except ?? [], second] },
            "LessThan" => Earlier(all, second),
            "LessThanOrEqual" => Earlier(all, next),
            "GreaterThan" => Later(all, next),
            _ => Later(all, second),
        };
    }

    private static InstantFilter Earlier(InstantFilter all, DateTimeOffset before) => all with { Before = all.Before is { } b && b < before ? b : before };

    private static InstantFilter Later(InstantFilter all, DateTimeOffset from) => all with { From = all.From is { } f && f > from ? f : from };

    private void Check()
    {
        if (Column is null || !Columns.Contains(Column))
            throw new DefinitionRefusedException("timestampFilters", $"'{Column}' cannot be filtered by; allowed: {string.Join(", ", Columns)}.");
        if (Operator is null || !Operators.Contains(Operator))
            throw new DefinitionRefusedException("timestampFilters", $"'{Operator}' is no comparison; allowed: {string.Join(", ", Operators)}.");
        if (Timestamp is null)
            throw new DefinitionRefusedException("timestampFilters", $"The condition on {Column} has no timestamp.");
    }
}
