namespace EcomWorkflows.Pipeline.Features.Expressions;

/// <summary>A part of an expression. Numbers are doubles, NaN stands for what is not known.</summary>
internal abstract record ExpressionNode
{
    public abstract double Evaluate(ReadOnlySpan<double> values);

    public abstract string ToSql(IReadOnlyList<string> columns);
}
