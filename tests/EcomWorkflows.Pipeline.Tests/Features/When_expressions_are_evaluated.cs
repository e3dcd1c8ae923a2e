using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.Expressions;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Features;

public class When_expressions_are_evaluated
{
    private static readonly string[] Names = ["a", "b", "c"];

    [Theory]
    [InlineData("1 + 2 * 3", 7.0)]
    [InlineData("(1 + 2) * -3", -9.0)]
    [InlineData("7 - 2 - 1", 4.0)]
    [InlineData("1 / 0", null)]
    [InlineData("coalesce(1 / 0, 5)", 5.0)]
    [InlineData("if(2 > 1 and not 3 < 2, 10, 20)", 10.0)]
    [InlineData("if(1 / 0 > 1, 10, 20)", 20.0)]
    [InlineData("ln(0 - 1)", null)]
    [InlineData("least(3, 1, 2) + greatest(3, 1, 2)", 4.0)]
    [InlineData("1 <= 1 or 1 / 0 = 1", 1.0)]
    [InlineData("1.5e2 / 3", 50.0)]
    public void The_usual_rules_hold(string text, double? expected) =>
        FeatureExpression.Parse(text).Evaluate([]).ShouldBe(expected ?? double.NaN);

    [Theory]
    [InlineData("a +", "expected a number, a name or ( at position 4, found the end")]
    [InlineData("a b", "expected the end, or an operator at position 3, found 'b'")]
    [InlineData("sum(a)", "there is no function 'sum'; allowed are if, coalesce")]
    [InlineData("if(a)", "if takes 3 arguments, not 1")]
    [InlineData("a ; drop", "';' at position 3 does not belong into an expression")]
    public void What_is_no_expression_is_refused_with_its_position(string text, string message) =>
        Should.Throw<ExpressionException>(() => FeatureExpression.Parse(text)).Message.ShouldContain(message);

    /// <summary>Online computes with the function, offline with the SQL: they must agree on everything, unknown values included.</summary>
    [Fact]
    public void The_function_and_the_SQL_give_the_same_for_random_expressions()
    {
        var random = new Random(4711);
        using var duck = DuckDbConnection.Open(new DuckDbOptions { Threads = 1 });
        for (var i = 0; i < 400; i++)
        {
            var type = i % 3 == 0 ? FeatureType.Bool : FeatureType.Double;
            var expression = FeatureExpression.Parse(Make(random, 4), type);
            double?[] values = [.. expression.Names.Select(_ => Value(random))];

            var expected = expression.Evaluate([.. values.Select(v => v ?? double.NaN)]);
            var sql = expression.ToSql([.. values.Select(v => v is { } number ? $"({number:R}::double)" : "null::double")]);
            var actual = type == FeatureType.Bool
                ? duck.Scalar<bool?>($"select {sql}") switch { true => 1, false => 0, null => double.NaN }
                : duck.Scalar<double?>($"select {sql}") ?? double.NaN;

            if (double.IsNaN(expected) || double.IsNaN(actual))
                actual.ShouldBe(expected, $"{expression.Text} with {string.Join(", ", values)}");
            else
                actual.ShouldBe(expected, 1e-300 + (Math.Abs(expected) * 1e-12), $"{expression.Text} with {string.Join(", ", values)}");
        }
    }

    private static double? Value(Random random) => random.Next(4) switch
    {
        0 => null,
        1 => 0,
        2 => random.Next(-3, 4),
        _ => Math.Round((random.NextDouble() * 20) - 10, 3),
    };

    private static string Make(Random random, int depth)
    {
        if (depth == 0 || random.Next(5) == 0)
            return random.Next(3) == 0 ? $"{random.Next(0, 10)}" : Names[random.Next(Names.Length)];
        string Next() => Make(random, depth - 1);
        return random.Next(13) switch
        {
            0 => $"({Next()} + {Next()})",
            1 => $"({Next()} - {Next()})",
            2 => $"({Next()} * {Next()})",
            3 => $"({Next()} / {Next()})",
            4 => $"({Next()} {new[] { "<", "<=", ">", ">=", "=", "<>" }[random.Next(6)]} {Next()})",
            5 => $"({Next()} and {Next()})",
            6 => $"({Next()} or {Next()})",
            7 => $"(not {Next()})",
            8 => $"if({Next()}, {Next()}, {Next()})",
            9 => $"coalesce({Next()}, {Next()})",
            10 => $"least({Next()}, {Next()})",
            11 => $"{new[] { "abs", "floor", "ceil", "ln", "sqrt", "is_null" }[random.Next(6)]}({Next()})",
            _ => $"-{Next()}",
        };
    }
}
