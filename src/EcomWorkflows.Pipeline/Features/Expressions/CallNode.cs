namespace EcomWorkflows.Pipeline.Features.Expressions;

internal sealed record CallNode(ExpressionFunction Function, IReadOnlyList<ExpressionNode> Arguments) : ExpressionNode
{
    public override double Evaluate(ReadOnlySpan<double> values)
    {
        Span<double> arguments = stackalloc double[ExpressionFunction.MostArguments];
        for (var i = 0; i < Arguments.Count; i++)
            arguments[i] = Arguments[i].Evaluate(values);
        return Function.Evaluate(arguments[..Arguments.Count]);
    }

    public override string ToSql(IReadOnlyList<string> columns) => Function.Sql([.. Arguments.Select(a => a.ToSql(columns))]);
}
