namespace EcomWorkflows.Pipeline.Features.Expressions;

/// <summary>An operator or function, twice: as a function of numbers and as SQL; a test holds them against each other.</summary>
/// <param name="Evaluate">Takes NaN for what is not known and returns it likewise.</param>
internal sealed record ExpressionFunction(string Name, int Least, int Most, ExpressionFunction.Function Evaluate, Func<string[], string> Sql)
{
    public const int MostArguments = 8;

    public delegate double Function(ReadOnlySpan<double> arguments);

    /// <summary>Functions by name.</summary>
    public static IReadOnlyDictionary<string, ExpressionFunction> Named { get; } = new ExpressionFunction[]
    {
        new("if", 3, 3, a => a[0] is not 0 and not double.NaN ? a[1] : a[2], s => $"(case when ({s[0]}) <> 0 then {s[1]} else {s[2]} end)"),
        new("coalesce", 1, MostArguments, Coalesce, s => $"coalesce({string.Join(", ", s)})"),
        new("is_null", 1, 1, a => double.IsNaN(a[0]) ? 1 : 0, s => $"(({s[0]}) is null)::double"),
        new("least", 1, MostArguments, a => Known(a) ? Smallest(a) : double.NaN, s => Strict(s, $"least({string.Join(", ", s)})")),
        new("greatest", 1, MostArguments, a => Known(a) ? Largest(a) : double.NaN, s => Strict(s, $"greatest({string.Join(", ", s)})")),
        new("abs", 1, 1, a => Math.Abs(a[0]), s => $"abs({s[0]})"),
        new("floor", 1, 1, a => Math.Floor(a[0]), s => $"floor({s[0]})"),
        new("ceil", 1, 1, a => Math.Ceiling(a[0]), s => $"ceil({s[0]})"),
        new("exp", 1, 1, a => Math.Exp(a[0]), s => $"exp({s[0]})"),
        new("ln", 1, 1, a => a[0] > 0 ? Math.Log(a[0]) : double.NaN, s => $"(case when ({s[0]}) > 0 then ln({s[0]}) end)"),
        new("sqrt", 1, 1, a => a[0] >= 0 ? Math.Sqrt(a[0]) : double.NaN, s => $"(case when ({s[0]}) >= 0 then sqrt({s[0]}) end)"),
    }.ToDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>Operators of two sides by sign.</summary>
    public static IReadOnlyDictionary<string, ExpressionFunction> Binary { get; } = new ExpressionFunction[]
    {
        new("+", 2, 2, a => a[0] + a[1], s => $"({s[0]} + {s[1]})"),
        new("-", 2, 2, a => a[0] - a[1], s => $"({s[0]} - {s[1]})"),
        new("*", 2, 2, a => a[0] * a[1], s => $"({s[0]} * {s[1]})"),
        new("/", 2, 2, a => a[1] == 0 ? double.NaN : a[0] / a[1], s => $"({s[0]} / nullif({s[1]}, 0))"),
        Compare("<", a => a[0] < a[1]),
        Compare("<=", a => a[0] <= a[1]),
        Compare(">", a => a[0] > a[1]),
        Compare(">=", a => a[0] >= a[1]),
        Compare("=", a => a[0] == a[1]),
        Compare("<>", a => a[0] != a[1]),
        new("and", 2, 2, a => a[0] == 0 || a[1] == 0 ? 0 : Known(a) ? 1 : double.NaN, s => $"(({s[0]}) <> 0 and ({s[1]}) <> 0)::double"),
        new("or", 2, 2, a => a[0] is not 0 and not double.NaN || a[1] is not 0 and not double.NaN ? 1 : Known(a) ? 0 : double.NaN, s => $"(({s[0]}) <> 0 or ({s[1]}) <> 0)::double"),
    }.ToDictionary(f => f.Name, StringComparer.Ordinal);

    public static ExpressionFunction Negate { get; } = new("-", 1, 1, a => -a[0], s => $"(-({s[0]}))");

    public static ExpressionFunction Not { get; } = new("not", 1, 1, a => double.IsNaN(a[0]) ? double.NaN : a[0] == 0 ? 1 : 0, s => $"(not (({s[0]}) <> 0))::double");

    private delegate bool Comparison(ReadOnlySpan<double> arguments);

    private static ExpressionFunction Compare(string sign, Comparison compare) =>
        new(sign, 2, 2, a => !Known(a) ? double.NaN : compare(a) ? 1 : 0, s => $"(({s[0]}) {sign} ({s[1]}))::double");

    private static bool Known(ReadOnlySpan<double> arguments)
    {
        foreach (var argument in arguments)
        {
            if (double.IsNaN(argument))
                return false;
        }
        return true;
    }

    private static double Coalesce(ReadOnlySpan<double> arguments)
    {
        foreach (var argument in arguments)
        {
            if (!double.IsNaN(argument))
                return argument;
        }
        return double.NaN;
    }

    private static double Smallest(ReadOnlySpan<double> arguments)
    {
        var least = arguments[0];
        foreach (var argument in arguments)
            least = Math.Min(least, argument);
        return least;
    }

    private static double Largest(ReadOnlySpan<double> arguments)
    {
        var greatest = arguments[0];
        foreach (var argument in arguments)
            greatest = Math.Max(greatest, argument);
        return greatest;
    }

    /// <summary>SQL's least and greatest skip what is not known; ours do not.</summary>
    private static string Strict(string[] arguments, string sql) => $"(case when {string.Join(" and ", arguments.Select(a => $"({a}) is not null"))} then {sql} end)";
}
