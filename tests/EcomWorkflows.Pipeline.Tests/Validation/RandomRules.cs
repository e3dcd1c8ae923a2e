using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;

namespace EcomWorkflows.Pipeline.Tests.Validation;

/// <summary>Random rules of every type that looks at rows.</summary>
internal static class RandomRules
{
    private static readonly string?[] Texts = [null, "", " ", "  ", "a", "ab", "b", "ba", "aab", "é"];

    private static readonly (string?, Func<RandomRow, bool>)[] Scopes =
    [
        (null, _ => true),
        ("a > 0", row => row.A > 0),
        ("s is not null -- those only", row => row.S is not null),
        ("t = 'a' or b < 0", row => row.T == "a" || row.B < 0),
        ("false", _ => false),
    ];

    private static readonly Gen<int?> Number = Gen.Choose(-4, 4).Select(n => n == -4 ? null : (int?)n);

    private static readonly Gen<string?> Text = Gen.Elements(Texts);

    public static Gen<RandomRow> Row { get; } =
        from a in Number
        from b in Number
        from s in Text
        from t in Text
        select new RandomRow(a, b, s, t);

    public static Gen<IReadOnlyList<int?>> OtherTable { get; } = Gen.ListOf(Number).Select(list => (IReadOnlyList<int?>)[.. list.Take(3)]);

    public static Gen<RandomRule> Rule { get; } =
        from rule in Gen.OneOf(NotNull, Null, Between, InSet, Regex, Length, Unique, Compound, Pair, Sum, Reference)
        from scope in Gen.Elements(Scopes)
        select Scoped(rule, scope);

    private static RandomRule Scoped(RandomRule rule, (string? Sql, Func<RandomRow, bool> Holds) scope)
    {
        var kwargs = (JsonObject)rule.Kwargs.DeepClone();
        if (scope.Sql is not null)
            kwargs["row_condition"] = scope.Sql;
        return rule with { Kwargs = kwargs, Scope = scope };
    }

    private static Gen<RandomRule> NotNull => Gen.Elements(true, false).Select(blank => new RandomRule(
        "expect_column_values_to_not_be_null", new JsonObject { ["column"] = "s", ["blank_is_null"] = blank },
        _ => false, (row, _, _) => blank ? !string.IsNullOrWhiteSpace(row.S) : row.S is not null));

    private static Gen<RandomRule> Null => Gen.Constant(new RandomRule(
        "expect_column_values_to_be_null", new JsonObject { ["column"] = "b" }, _ => false, (row, _, _) => row.B is null));

    private static Gen<RandomRule> Between =>
        from min in Gen.Choose(-3, 3)
        from width in Gen.Choose(0, 3)
        from strictMin in Gen.Elements(true, false)
        from strictMax in Gen.Elements(true, false)
        select new RandomRule(
            "expect_column_values_to_be_between",
            new JsonObject { ["column"] = "a", ["min_value"] = min, ["max_value"] = min + width, ["strict_min"] = strictMin, ["strict_max"] = strictMax },
            row => row.A is null,
            (row, _, _) => (strictMin ? row.A > min : row.A >= min) && (strictMax ? row.A < min + width : row.A <= min + width));

    private static Gen<RandomRule> InSet =>
        from set in Gen.SubListOf("a", "ab", "", " ")
        from negated in Gen.Elements(true, false)
        select new RandomRule(
            negated ? "expect_column_values_to_not_be_in_set" : "expect_column_values_to_be_in_set",
            new JsonObject { ["column"] = "s", ["value_set"] = new JsonArray([.. set.Select(value => JsonValue.Create(value))]) },
            row => row.S is null, (row, _, _) => set.Contains(row.S!) != negated);

    private static Gen<RandomRule> Regex =>
        from pattern in Gen.Elements("^a", "b$", "a+b", ".", "^[ab]*$")
        from negated in Gen.Elements(true, false)
        select new RandomRule(
            negated ? "expect_column_values_to_not_match_regex" : "expect_column_values_to_match_regex",
            new JsonObject { ["column"] = "t", ["regex"] = pattern },
            row => row.T is null, (row, _, _) => System.Text.RegularExpressions.Regex.IsMatch(row.T!, pattern, RegexOptions.CultureInvariant) != negated);

    private static Gen<RandomRule> Length => Gen.Choose(0, 3).Select(max => new RandomRule(
        "expect_column_value_lengths_to_be_between", new JsonObject { ["column"] = "s", ["max_value"] = max },
        row => row.S is null, (row, _, _) => row.S!.Length <= max));

    private static Gen<RandomRule> Unique => Gen.Elements("first", "last", "none").Select(keep => new RandomRule(
        "expect_column_values_to_be_unique", new JsonObject { ["column"] = "a", ["keep"] = keep },
        row => row.A is null, (row, rows, _) => IsKept(row, [.. rows.Where(other => other.A == row.A)], keep)));

    private static Gen<RandomRule> Compound =>
        from keep in Gen.Elements("first", "last", "none")
        from ignore in Gen.Elements("all_values_are_missing", "any_value_is_missing", "never")
        select new RandomRule(
            "expect_compound_columns_to_be_unique",
            new JsonObject { ["column_list"] = new JsonArray("a", "s"), ["keep"] = keep, ["ignore_row_if"] = ignore },
            row => Ignored(ignore, row.A is null, row.S is null),
            (row, rows, _) => IsKept(row, [.. rows.Where(other => other.A == row.A && other.S == row.S)], keep));

    private static Gen<RandomRule> Pair =>
        from orEqual in Gen.Elements(true, false)
        from ignore in Gen.Elements("both_values_are_missing", "either_value_is_missing", "neither")
        select new RandomRule(
            "expect_column_pair_values_a_to_be_greater_than_b",
            new JsonObject { ["column_A"] = "a", ["column_B"] = "b", ["or_equal"] = orEqual, ["ignore_row_if"] = ignore },
            row => Ignored(ignore, row.A is null, row.B is null), (row, _, _) => orEqual ? row.A >= row.B : row.A > row.B);

    private static Gen<RandomRule> Sum => Gen.Choose(-2, 2).Select(total => new RandomRule(
        "expect_multicolumn_sum_to_equal", new JsonObject { ["column_list"] = new JsonArray("a", "b"), ["sum_total"] = total },
        row => row.A is null && row.B is null, (row, _, _) => row.A + row.B == total));

    private static Gen<RandomRule> Reference => Gen.Constant(new RandomRule(
        "expect_column_values_to_exist_in_table", new JsonObject { ["column"] = "a", ["table"] = "other", ["table_column"] = "key" },
        row => row.A is null, (row, _, other) => other.Contains(row.A)));

    private static bool Ignored(string rule, bool first, bool second) => rule switch
    {
        "all_values_are_missing" or "both_values_are_missing" => first && second,
        "any_value_is_missing" or "either_value_is_missing" => first || second,
        _ => false,
    };

    private static bool IsKept(RandomRow row, IReadOnlyList<RandomRow> same, string keep) => keep switch
    {
        "first" => ReferenceEquals(same[0], row),
        "last" => ReferenceEquals(same[^1], row),
        _ => same.Count == 1,
    };
}
