using System.Text.Json.Nodes;
using EcomWorkflows.Pipeline.Validation.Results;
using EcomWorkflows.Pipeline.Validation.RowRules;
using EcomWorkflows.Pipeline.Validation.RowRules.Shop;
using EcomWorkflows.Pipeline.Validation.Suites;
using FluentValidation;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Validation;

public sealed class When_rows_are_validated_by_code : IDisposable
{
    private static readonly RowValidatorDescriptor Customers = RowValidatorDescriptor.Of("shop/customer", new CustomerRowValidator());

    private readonly TableUnderTest table = TableUnderTest.Of(
        """
        select * from (values
          ('Ann', 'ann@example.com', date '1990-01-01', timestamp '2020-01-01', 'DE', 'c.csv', 2),
          ('Bob', 'bob..b@example.com', date '1990-01-01', timestamp '2020-01-01', 'DE', 'c.csv', 3),
          (chr(7) || 'Cy', 'cy@-example.com', date '2015-01-01', timestamp '2020-01-01', 'FR', 'c.csv', 4),
          (null, null, null, null, 'FR', 'c.csv', 5)
        ) as t (name, email, birth_date, signup_at, country, _file, _line)
        """).Knowing(Customers, RowValidatorDescriptor.Of("broken", new BrokenValidator()));

    [Fact]
    public void Failing_rows_are_counted_and_quarantined_like_those_of_set_based_rules()
    {
        var suite = Suite(
            """
            { "type": "expect_rows_to_pass_validator", "kwargs": { "validator": "shop/customer" }, "severity": "warning", "meta": { "on_fail": "quarantine", "code": "bad_customer" } },
            { "type": "expect_column_values_to_not_be_null", "kwargs": { "column": "email" }, "severity": "warning", "meta": { "on_fail": "quarantine", "code": "no_email" } }
            """);

        var result = table.Run(suite);

        result.Reasons.ShouldBe([new QuarantineCount("bad_customer", 2), new QuarantineCount("no_email", 1)]);
        result.RowsQuarantined.ShouldBe(3);
        result.Expectations[^2].ShouldSatisfyAllConditions(
            e => (e.ElementCount, e.UnexpectedCount).ShouldBe((4, 2)),
            e => e.Examples[1].Message.ShouldBe("email is cy@-example.com, whose domain has a part that is empty, too long, or begins or ends with a hyphen; name holds a control character"),
            e => e.Details!.ToJsonString().ShouldBe("""{"by_rule":{"malformed_email":2,"control_character_in_name":1},"noted":{"too_young_at_signup":1}}"""));
        table.Quarantine(result)[0].ShouldStartWith("c.csv:3 bad_customer | email is bob..b@example.com, whose dots");
    }

    [Theory]
    [InlineData("""{ "validator": "shop/customer", "error_codes": ["control_character_in_name"] }""", 4, 1)]
    [InlineData("""{ "validator": "shop/customer", "row_condition": "country = 'DE'" }""", 2, 1)]
    [InlineData("""{ "validator": "shop/customer", "error_codes": ["too_young_at_signup"] }""", 4, 0)]
    public void Rules_and_rows_can_be_chosen(string kwargs, long elements, long failing)
    {
        var result = table.Expect("expect_rows_to_pass_validator", (JsonObject)JsonNode.Parse(kwargs)!);

        (result.ElementCount, result.UnexpectedCount).ShouldBe((elements, failing));
    }

    [Theory]
    [InlineData("""{ "validator": "shop/custmer" }""", "no row validator 'shop/custmer'; registered are broken, shop/customer")]
    [InlineData("""{ "validator": "shop/customer", "error_codes": ["spelling"] }""", "has no error code spelling; it has control_character_in_name, malformed_email, too_young_at_signup")]
    [InlineData("""{ "validator": "broken" }""", "the validator 'broken' failed on c.csv line")]
    public void A_validator_that_cannot_judge_counts_as_critical(string kwargs, string message)
    {
        var result = table.Expect("expect_rows_to_pass_validator", (JsonObject)JsonNode.Parse(kwargs)!);

        result.Exception.ShouldNotBeNull().ShouldContain(message);
        result.StopsTheRun.ShouldBeTrue();
    }

    [Fact]
    public void A_column_it_reads_must_be_there()
    {
        using var other = TableUnderTest.Of("select 'x' as name, 'f' as _file, 1 as _line").Knowing(Customers);

        other.Expect("expect_rows_to_pass_validator", new JsonObject { ["validator"] = "shop/customer" }).Exception.ShouldNotBeNull().ShouldContain("has no column email, birth_date, signup_at");
    }

    [Fact]
    public void Many_rows_in_several_batches_are_all_judged()
    {
        using var many = TableUnderTest.Of(
            """
            select 'n' as name, case when i % 10 = 0 then 'x' else 'a@b.de' end as email, null::date as birth_date, null::timestamp as signup_at, 'f' as _file, i as _line
            from range(30000) as r(i)
            """).Knowing(Customers);

        var result = many.Expect("expect_rows_to_pass_validator", new JsonObject { ["validator"] = "shop/customer", ["mostly"] = 0.9 });

        (result.UnexpectedCount, result.Success).ShouldBe((3_000, true));
        many.Duck.Scalar<long>("select count(distinct line) from failing_row").ShouldBe(3_000);
    }

    [Theory]
    [InlineData("ann@example.com", null)]
    [InlineData("o'neil+shop@mail.example.co.uk", null)]
    [InlineData("jörg@müller.de", null)]
    [InlineData("annexample.com", "no @")]
    [InlineData("ann@", "nothing after")]
    [InlineData("ann@@example.com", "more than one @")]
    [InlineData("ann @example.com", "may not stand")]
    [InlineData("@example.com", "nothing before")]
    [InlineData(".ann@example.com", "dots")]
    [InlineData("ann@example", "no dot")]
    [InlineData("ann@example.1", "top-level")]
    [InlineData("ann@exa_mple.com", "may not stand")]
    public void An_address_is_judged_as_mail_servers_do(string text, string? fault)
    {
        EmailAddress.IsDeliverable(text).ShouldBe(fault is null);
        if (fault is not null)
            EmailAddress.Fault(text).ShouldNotBeNull().ShouldContain(fault);
    }

    public void Dispose() => table.Dispose();

    private static ExpectationSuite Suite(string expectations) => SuiteParser.Parse($$"""{ "name": "t", "expectations": [ {{expectations}} ] }""", "t.json").Suite!;

    private sealed class BrokenValidator : AbstractValidator<CustomerRow>
    {
        public BrokenValidator() => RuleFor(customer => customer.Name).Must(name => name!.Length < 3);
    }
}
