using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation;
using EcomWorkflows.Pipeline.Validation.Proposal;
using EcomWorkflows.Pipeline.Validation.Suites;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Validation;

public sealed class When_a_suite_is_proposed
{
    private const string Telco = "telco-customer-churn.csv.gz";
    private const string Shoppers = "online-shoppers-intention.csv.gz";

    private const string TelcoColumns =
        """
        select * replace (
          try_cast(nullif(trim(TotalCharges), '') as double) as TotalCharges, SeniorCitizen::bigint as SeniorCitizen, tenure::bigint as tenure, MonthlyCharges::double as MonthlyCharges,
          Partner = 'Yes' as Partner, Dependents = 'Yes' as Dependents, PhoneService = 'Yes' as PhoneService, PaperlessBilling = 'Yes' as PaperlessBilling, Churn = 'Yes' as Churn)
        """;

    private const string ShopperColumns =
        """
        select columns('Administrative$|Informational$|ProductRelated$|OperatingSystems|Browser|Region|TrafficType')::bigint,
          columns('_Duration|Rates|PageValues|SpecialDay')::double, Month, VisitorType, Weekend::boolean as Weekend, Revenue::boolean as Revenue
        """;

    /// <summary>Five hundred orders: a key, a fixed form, a few countries, an amount, a remark that is often missing.</summary>
    private static string Orders(int seed, int rows = 500, string amount = "10 + 90 * u") =>
        $"""
        (select
          seed * 100000 + i as order_id, 'O-' || lpad(i::varchar, 5, '0') as code, ['DE', 'FR', 'IT'][1 + (hash(i, seed) % 3)::integer] as country, {amount} as amount,
          case when hash(i, seed, 'r') % 4 = 0 then 'as agreed' end as remark
        from (select i, {seed} as seed, (hash(i, {seed}, 'u') % 1000) / 1000.0::double as u from range({rows}) as r(i)))
        """;

    [Fact]
    public void Each_column_gets_the_rules_its_values_speak_for()
    {
        var proposal = SuiteProfiler.Propose("shop/orders", [Orders(1)], trials: 10, seed: 1, PipelineOptions.DefaultProfilingMemoryLimit, CancellationToken.None);

        var kept = proposal.Expectations.Where(one => one.Kept).Select(one => one.Code).ToList();
        kept.ShouldBe(
            [
                "columns", "row_count", "type_order_id", "missing_order_id", "repeated_order_id", "type_code", "missing_code", "repeated_code", "format_code",
                "type_country", "missing_country", "unknown_country", "distribution_country", "type_amount", "missing_amount", "out_of_range_amount", "mean_amount",
                "distribution_amount", "type_remark", "missing_remark", "unknown_remark",
            ],
            ignoreOrder: true);
        proposal.Expectations.Single(one => one.Code == "format_code").Statement.ShouldContain("^[A-Z]-[0-9]{5}$");
        proposal.SuiteFalseAlarms.ShouldBe(0);
    }

    [Theory]
    [InlineData("256MB", "244.1 MiB")]
    [InlineData(PipelineOptions.DefaultProfilingMemoryLimit, "953.6 MiB")]
    public void DuckDB_takes_no_more_memory_than_it_is_allowed(string memory, string limit)
    {
        var proposal = SuiteProfiler.Propose("shop/memory", ["(select current_setting('memory_limit') as memory from range(100))"], trials: 1, seed: 1, memory, CancellationToken.None);

        proposal.Expectations.Single(one => one.Code == "unknown_memory").Statement.ShouldContain(limit);
    }

    [Fact]
    public void Columns_of_any_name_have_codes_of_their_own()
    {
        var prefix = new string('x', 120);
        var rows = $"""(select i % 7 as "名前", i as "住所", i % 3 as "größe", i % 4 as "gr-e", i % 5 as "{prefix}a", i % 6 as "{prefix}b", 'v' as "column_2" from range(300) as r(i))""";

        var proposal = SuiteProfiler.Propose("shop/any", [rows], trials: 3, seed: 1, PipelineOptions.DefaultProfilingMemoryLimit, CancellationToken.None);

        var codes = proposal.Expectations.Select(one => one.Code).ToList();
        codes.ShouldBeUnique();
        codes.Where(code => code.StartsWith("missing_", StringComparison.Ordinal)).ShouldBe(
            ["missing_column_1", "missing_column_2", "missing_gr_e", "missing_gr_e_2", $"missing_{prefix[..60]}", $"missing_{prefix[..60]}_2", "missing_column_2_2"]);
        SuiteParser.Parse(proposal.Suite.ToJsonString(), "shop/any").Problems.ShouldBeEmpty();
    }

    [Fact]
    public void A_rule_that_cried_wolf_is_left_out_and_said_so()
    {
        // Prices rise from batch to batch, so none has the mean of the one before.
        var batches = Enumerable.Range(1, 8).Select(batch => Orders(batch, amount: "seed * 50 + u")).ToList();

        var proposal = SuiteProfiler.Propose("shop/orders", batches, trials: 10, seed: 1, PipelineOptions.DefaultProfilingMemoryLimit, CancellationToken.None);

        proposal.Method.ShouldBe("fitted on each of the last 8 batches and checked on the next");
        var mean = proposal.Expectations.Single(one => one.Code == "mean_amount");
        (mean.Kept, mean.FalseAlarms, mean.Trials, mean.FalseAlarmRate).ShouldBe((false, 7, 7, 1));
        proposal.Suite["expectations"]!.AsArray().Select(one => one!["meta"]!["code"]!.GetValue<string>()).ShouldNotContain("mean_amount");
        proposal.Suite["meta"]!["notes"]!.GetValue<string>().ShouldBe($"Proposed from 500 rows; {proposal.Method}: {proposal.SuiteFalseAlarms} of 7 trials had a false alarm.");
    }

    [Theory]
    [InlineData(1, "1 row says")]
    [InlineData(2, "2 rows say")]
    [InlineData(29, "29 rows say")]
    public void Too_few_rows_say_only_what_the_columns_are(int rows, string said)
    {
        var proposal = SuiteProfiler.Propose("shop/orders", [Orders(1, rows)], trials: 10, seed: 1, PipelineOptions.DefaultProfilingMemoryLimit, CancellationToken.None);

        // Whether one of them has a remark is chance.
        proposal.Expectations.Select(one => one.Code).Where(code => code != "type_remark").ShouldBe(["columns", "type_order_id", "type_code", "type_country", "type_amount"]);
        (proposal.Trials, proposal.Rows).ShouldBe((0, rows));
        proposal.Limit.ShouldBe(
            $"{said} too little for rules about the number of rows, missing values, categories, ranges, lengths and means (from 30 rows on); keys and forms (from 100 rows on); "
            + "distributions (from 200 rows on): only the columns and their types are proposed.");
        proposal.Suite["meta"]!["notes"]!.GetValue<string>().ShouldBe($"Proposed from {proposal.Basis}. {proposal.Limit}");
        proposal.Basis.ShouldBe($"{said.Split(" say")[0]}; too few to try the rules on a part of them");
    }

    [Theory]
    [InlineData(30, "missing_amount", "repeated_order_id", "30 rows say too little for rules about keys and forms (from 100 rows on); distributions (from 200 rows on): none are proposed.")]
    [InlineData(150, "repeated_order_id", "distribution_amount", "150 rows say too little for rules about distributions (from 200 rows on): none are proposed.")]
    [InlineData(500, "distribution_amount", "", null)]
    public void With_more_rows_there_are_more_kinds_of_rules_and_they_are_tried(int rows, string proposed, string notProposed, string? limit)
    {
        var proposal = SuiteProfiler.Propose("shop/orders", [Orders(1, rows)], trials: 10, seed: 1, PipelineOptions.DefaultProfilingMemoryLimit, CancellationToken.None);

        var codes = proposal.Expectations.Select(one => one.Code).ToList();
        codes.ShouldContain(proposed);
        codes.ShouldNotContain(notProposed);
        proposal.Expectations.Single(one => one.Code == "missing_amount").Trials.ShouldBe(10);
        proposal.Limit.ShouldBe(limit);
    }

    [Fact]
    public void The_same_seed_proposes_the_same()
    {
        string Once() => SuiteProfiler.Propose("shop/orders", [Orders(1)], trials: 3, seed: 7, PipelineOptions.DefaultProfilingMemoryLimit, CancellationToken.None).Suite.ToJsonString();

        Once().ShouldBe(Once());
    }

    [SharedDataFact(Telco)]
    public void Telco_gets_a_suite_that_passes() => ProposedAndShippedPass($"({TelcoColumns} from {Read(Telco)})", "telco/customers");

    [SharedDataFact(Shoppers)]
    public void Online_Shoppers_gets_a_suite_that_passes() => ProposedAndShippedPass($"({ShopperColumns} from {Read(Shoppers)})", "online-shoppers/sessions", sameOrder: false);

    private static string Read(string file) => $"read_csv({DuckDbSql.Literal(SharedData.Path(file))}, all_varchar = true)";

    private static void ProposedAndShippedPass(string rows, string name, bool sameOrder = true)
    {
        var shipped = new SuiteCatalog(new PipelineOptions { Home = "", DataVersionsFolder = "", WorkflowsFolder = Path.Combine(RepositoryRoot.Path, "workflows") }).Get(name);
        var proposal = SuiteProfiler.Propose(name, [rows], trials: 8, seed: 3, PipelineOptions.DefaultProfilingMemoryLimit, CancellationToken.None);
        using var table = TableUnderTest.Of($"select *, 'f' as _file, row_number() over () as _line from {rows}");

        proposal.SuiteFalseAlarms.ShouldBeLessThanOrEqualTo(1);
        Passes(table, SuiteParser.Parse(proposal.Suite.ToJsonString(), name).Suite!);
        Passes(table, sameOrder ? shipped : shipped with { Expectations = [.. shipped.Expectations.Where(one => one.Code != "columns")] });
    }

    private static void Passes(TableUnderTest table, ExpectationSuite suite)
    {
        table.Duck.Execute("drop table if exists failing_row");
        var result = table.Run(suite);
        result.Expectations.Where(found => !found.Success).Select(found => $"{found.Expectation.Code}: {found.Exception}").ShouldBeEmpty();
        result.Outcome.ShouldBe(ValidationOutcome.Passed);
    }
}
