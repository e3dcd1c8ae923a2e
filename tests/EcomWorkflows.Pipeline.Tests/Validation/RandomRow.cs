namespace EcomWorkflows.Pipeline.Tests.Validation;

/// <summary>A row of a random table: two numbers and two texts, any of them missing.</summary>
internal sealed record RandomRow(int? A, int? B, string? S, string? T)
{
    public string Sql(int index) =>
        $"({Number(A)}, {Number(B)}, {Text(S)}, {Text(T)}, 'f{index % 2}.csv', {(index / 2) + 2})";

    private static string Number(int? value) => value?.ToString() ?? "null";

    private static string Text(string? value) => value is null ? "null" : $"'{value}'";
}
