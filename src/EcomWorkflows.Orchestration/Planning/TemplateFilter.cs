using System.Text.Json.Nodes;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>A filter of the template language.</summary>
/// <param name="Arguments">The type of each argument, optional ones last.</param>
/// <param name="Required">How many of them must be given.</param>
/// <param name="Example">A template that shows it.</param>
/// <param name="Result">What the example gives.</param>
public sealed record TemplateFilter(
    string Name, IReadOnlyList<Type> Arguments, int Required, string Description, string Example, string Result,
    Func<JsonNode?, IReadOnlyList<object>, JsonNode?> Apply)
{
    /// <summary>The largest number, with either sign, an argument may be; null where any may.</summary>
    public decimal? Largest { get; init; }

    /// <summary>What is wrong with a call of this filter; null where nothing is.</summary>
    public string? Problem(IReadOnlyList<object> given)
    {
        if (given.Count < Required || given.Count > Arguments.Count)
        {
            var wanted = Required == Arguments.Count ? $"{Required}" : $"{Required} to {Arguments.Count}";
            return $"filter '{Name}' takes {wanted} argument{(wanted == "1" ? "" : "s")}, got {given.Count}; example: {Example}";
        }
        for (var i = 0; i < given.Count; i++)
        {
            if (Arguments[i] != typeof(object) && given[i].GetType() != Arguments[i])
                return $"argument {i + 1} of filter '{Name}' must be {(Arguments[i] == typeof(string) ? "text in single quotes" : "a number")}; example: {Example}";
            if (given[i] is decimal number && Math.Abs(number) > Largest)
                return FormattableString.Invariant($"argument {i + 1} of filter '{Name}' is {number}; allowed are -{Largest} to {Largest}; example: {Example}");
        }
        return null;
    }
}
