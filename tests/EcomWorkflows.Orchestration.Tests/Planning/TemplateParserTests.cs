using EcomWorkflows.Orchestration.Planning;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Planning;

public sealed class TemplateParserTests
{
    private static readonly Gen<char> Symbols = Gen.Elements("{}|:,.'ab1 _-\n\\\"é".ToCharArray());

    private static readonly Gen<string> Wild = Gen.Select(Gen.ArrayOf(Symbols), chars => new string(chars));

    private static readonly Gen<string> Word = Gen.Select(Gen.NonEmptyListOf(Gen.Elements("abcxyz_019".ToCharArray())), chars => "n" + new string([.. chars]));

    private static readonly Gen<object> Argument = Gen.OneOf(
        Gen.Select(Wild, text => (object)text), Gen.Select(Gen.Choose(-100_000, 100_000), n => (object)(n / 100m)), Gen.Select(Gen.Elements(true, false), b => (object)b));

    private static readonly Gen<TemplateFilterCall> Filter =
        from name in Word
        from arguments in Gen.ListOf(Argument, 3)
        from count in Gen.Choose(0, 3)
        select new TemplateFilterCall(name, [.. arguments.Take(count)]);

    private static readonly Gen<TemplatePart.Expression> Expression =
        from head in Gen.OneOf(
            Gen.Select(Wild, text => (TemplateHead)new TemplateHead.Literal(text)),
            Gen.Select(Gen.NonEmptyListOf(Word), words => (TemplateHead)new TemplateHead.Name(string.Join('.', words))))
        from filters in Gen.ListOf(Filter, 2)
        from count in Gen.Choose(0, 2)
        select new TemplatePart.Expression(head, [.. filters.Take(count)], "");

    [Fact]
    public void Every_expression_is_read_back_as_it_was_printed() =>
        Prop.ForAll(Arb.From(Gen.ListOf(Expression, 3)), expressions =>
        {
            var text = string.Join(" and ", expressions.Select(TemplateParser.Print));
            var parts = TemplateParser.Parse(text, out var problem);
            problem.ShouldBeNull();
            parts.OfType<TemplatePart.Expression>().Select(TemplateParser.Print).ShouldBe(expressions.Select(TemplateParser.Print));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Any_text_is_read_or_refused_with_a_reason_and_what_is_read_keeps_every_character() =>
        Prop.ForAll(Arb.From(Wild), text =>
        {
            var parts = TemplateParser.Parse(text, out var problem);
            if (problem is not null)
                parts.ShouldBeEmpty();
            else
                string.Concat(parts.Select(p => p is TemplatePart.Text plain ? plain.Value : ((TemplatePart.Expression)p).Source)).ShouldBe(text);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Text_without_double_braces_is_one_part_that_stays_as_it_is() =>
        Prop.ForAll(Arb.From(Gen.Where(Wild, w => w.Length > 0 && !w.Contains("{{") && !w.Contains("}}"))), text =>
        {
            TemplateParser.Parse(text, out var problem).ShouldBe([new TemplatePart.Text(text)]);
            problem.ShouldBeNull();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Theory]
    [InlineData("{{ ds", "is not closed with '}}'")]
    [InlineData("{{ }}", "expected a name")]
    [InlineData("{{ ds | }}", "a filter's name must follow '|'")]
    [InlineData("{{ ds | date: yyyy }}", "'yyyy' is no argument")]
    [InlineData("{{ ds | date: 'yyyy }}", "a text in single quotes is not closed")]
    [InlineData("{{ ds ds }}", "expected '|' or '}}', found 'd'")]
    [InlineData("a }} b", "closes a template with '}}' that was not opened")]
    public void A_malformed_template_says_what_is_wrong(string text, string problem)
    {
        TemplateParser.Parse(text, out var found).ShouldBeEmpty();
        found.ShouldNotBeNull().ShouldContain(problem);
    }

    [Fact]
    public void Braces_inside_quotes_belong_to_the_text()
    {
        var parts = TemplateParser.Parse("{{ '}} | it''s {{' }}", out var problem);
        problem.ShouldBeNull();
        ((TemplatePart.Expression)parts.ShouldHaveSingleItem()).Head.ShouldBe(new TemplateHead.Literal("}} | it's {{"));
    }
}
