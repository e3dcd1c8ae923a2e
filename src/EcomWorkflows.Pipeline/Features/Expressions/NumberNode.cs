using System.Globalization;

namespace EcomWorkflows.Pipeline.Features.Expressions;

internal sealed record NumberNode(double Value) : ExpressionNode
{
    public override double Evaluate(ReadOnlySpan<double> values) => Value;

    public override string ToSql(IReadOnlyList<string> columns) => $"{Value.ToString("R", CultureInfo.InvariantCulture)}::double";
}
