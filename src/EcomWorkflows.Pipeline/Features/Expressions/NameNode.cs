namespace EcomWorkflows.Pipeline.Features.Expressions;

internal sealed record NameNode(int Position) : ExpressionNode
{
    public override double Evaluate(ReadOnlySpan<double> values) => values[Position];

    public override string ToSql(IReadOnlyList<string> columns) => columns[Position];
}
