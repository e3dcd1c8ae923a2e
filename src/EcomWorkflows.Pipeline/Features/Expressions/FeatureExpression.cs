namespace EcomWorkflows.Pipeline.Features.Expressions;

/// <summary>How an on-demand feature is computed: the same expression as a function (online) and as SQL (offline).</summary>
/// <remarks>
/// Numbers only; a truth value is 1 or 0. A value that is not known makes everything computed from it unknown, except in <c>coalesce</c>, <c>if</c>, <c>and</c>, <c>or</c>;
/// so do a division by zero, the logarithm of what is not positive and the root of what is negative.
/// </remarks>
internal sealed class FeatureExpression
{
    private readonly ExpressionNode root;
    /// <summary>Whether the result is true (1) or false (0).</summary>
    public bool IsBool { get; }

    private FeatureExpression(string text, ExpressionNode root, IReadOnlyList<string> names, bool isBool) => (Text, this.root, Names, IsBool) = (text, root, names, isBool);

    public string Text { get; }

    /// <summary>What it reads, in order of appearance; <see cref="Evaluate"/> takes their values in this order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <exception cref="ExpressionException">The text is no expression.</exception>
    public static FeatureExpression Parse(string text, FeatureType type = FeatureType.Double)
    {
        var parser = new ExpressionParser(text);
        return new FeatureExpression(text, parser.Parse(), parser.Names, type == FeatureType.Bool);
    }

    /// <param name="values">In the order of <see cref="Names"/>; NaN where a value is not known.</param>
    /// <returns>NaN where the result is not known.</returns>
    public double Evaluate(ReadOnlySpan<double> values)
    {
        var result = root.Evaluate(values);
        if (!double.IsFinite(result))
            return double.NaN;
        return IsBool ? result != 0 ? 1 : 0 : result;
    }

    /// <param name="columns">SQL of each name, in the order of <see cref="Names"/>.</param>
    public string ToSql(IReadOnlyList<string> columns)
    {
        var sql = root.ToSql(columns);
        return IsBool ? $"(({sql}) <> 0)" : $"(select case when isfinite(x) then x end from (select ({sql}) as x))";
    }
}
