using EcomWorkflows.Orchestration.Planning;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Planning;

public sealed class AssetExpressionTests
{
    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "b", false)]
    [InlineData("a & b", "a", false)]
    [InlineData("a & b", "a b", true)]
    [InlineData("a | b", "b", true)]
    [InlineData("a | b", "", false)]
    [InlineData("a | (b & c)", "b", false)]
    [InlineData("a | (b & c)", "b c", true)]
    [InlineData("a | b & c", "b", false)]
    [InlineData("a|b&c", "a", true)]
    [InlineData("(a | b) & c", "a", false)]
    [InlineData("(a | b) & c", "b c", true)]
    [InlineData("silver.shop.orders & s3://lake/customers", "silver.shop.orders s3://lake/customers", true)]
    public void An_expression_is_met_by_the_assets_it_asks_for(string expression, string updated, bool met) =>
        AssetExpression.Parse(expression).IsMet(updated.Split(' ').ToHashSet()).ShouldBe(met);

    [Theory]
    [InlineData("", "at character 1 (the end): expected an asset's name or '('")]
    [InlineData("a &", "at character 4 (the end): expected an asset's name or '('")]
    [InlineData("a b", "at character 3 ('b'): expected '&', '|' or the end")]
    [InlineData("(a | b", "at character 7 (the end): expected ')'")]
    [InlineData("a & b)", "at character 6 (')'): expected '&', '|' or the end")]
    [InlineData("a && b", "at character 4 ('&'): expected an asset's name or '('")]
    [InlineData("a & ü", "at character 5 ('ü'): expected an asset's name (1 to 500 letters")]
    public void What_cannot_be_read_is_refused_with_the_place_and_what_was_expected(string expression, string message) =>
        Should.Throw<FormatException>(() => AssetExpression.Parse(expression)).Message.ShouldContain(message);

    [Fact]
    public void Its_assets_are_named_once_each() => AssetExpression.Parse("a | (b & a) | c").Assets.ShouldBe(["a", "b", "c"]);
}
