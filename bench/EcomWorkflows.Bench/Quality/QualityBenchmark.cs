using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation;
using EcomWorkflows.Pipeline.Validation.Checks;
using EcomWorkflows.Pipeline.Validation.Profiling;
using EcomWorkflows.Pipeline.Validation.Reports;
using EcomWorkflows.Pipeline.Validation.Results;
using EcomWorkflows.Pipeline.Validation.RowRules;
using EcomWorkflows.Pipeline.Validation.RowRules.Shop;
using EcomWorkflows.Pipeline.Validation.Running;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Bench.Quality;

/// <summary>
/// A thousand expectations over three million rows of twenty columns, one per cent of them broken: checking, describing the columns, quarantine and report, as the validation task does
/// them; and how long a browser needs until the page is loaded and drawn. Beside it the same checks as one query each, which is how tools work that ask the database check by check.
/// </summary>
internal sealed class QualityBenchmark
{
    private const int Rows = 3_000_000;
    private const int Expectations = 1_000;
    private const int Columns = 20;

    /// <summary>Of the checks, how many are run as queries of their own for the reference; their time is multiplied up.</summary>
    private const int Sampled = 50;

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("ecom-bench-").FullName;
        try
        {
            var data = Path.Combine(folder, "rows.parquet");
            WriteRows(data, cancellationToken);
            var suite = Suite();
            using var duck = DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = "1GB", Threads = 2, TempDirectory = Path.Combine(folder, "spill") });
            duck.Execute($"create view {ValidatedTable.Batch} as select * from read_parquet({DuckDbSql.Literal(data)})", ct: cancellationToken);

            var (watch, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            var (result, checking) = Validate(duck, suite, folder, cancellationToken);
            var (whole, busy) = (watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
            var validators = Validators(duck, cancellationToken);
            var (single, singleBusy) = OneByOne(duck, data, suite, cancellationToken);
            var report = Path.Combine(folder, "report", "index.html");
            var (page, plain) = await PagesAsync(report, PlainPage(result, folder), Path.Combine(folder, "browser"), cancellationToken);
            var (size, packed) = (new FileInfo(report).Length / 1048576.0, Packed(report) / 1048576.0);
            return
            [
                new BenchResult($"{Expectations:N0} expectations, {Rows:N0} rows: checked and reported", whole, "s", "one query per check", single, whole / single, "at most 15 s", whole <= 15),
                new BenchResult("of this, checking and collecting failing rows", checking, "s", null, null, null, null, null),
                new BenchResult("of this, processor time of all threads", busy, "s", "one query per check", singleBusy, busy / singleBusy, null, null),
                new BenchResult("rows quarantined", result.RowsQuarantined, "rows", null, null, null, null, null),
                new BenchResult("row validator (FluentValidation), 2 threads", Rows / validators / 1e6, "M rows/s", null, null, null, null, null),
                new BenchResult("report loaded and drawn in a browser", page, "s", "the statements as a plain table", plain, page / plain, "at most 1 s", page <= 1),
                new BenchResult("report, size of the page", size, "MB", "as it is sent, packed", packed, size / packed, null, null),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (ValidationResult Result, double Checking) Validate(DuckDbConnection duck, ExpectationSuite suite, string folder, CancellationToken cancellationToken)
    {
        var columns = duck.QueryRows($"describe {ValidatedTable.Batch}", row => new TableColumn(row.Get<string>(0), row.Get<string>(1)), ct: cancellationToken)
            .Where(column => column.Name is not ("_file" or "_line")).ToList();
        var table = new ValidatedTable("bronze.bench.rows", columns, new Dictionary<string, string>());
        var watch = Stopwatch.StartNew();
        var reader = new FigureReader(duck);
        var sampled = reader.Sample(columns, cancellationToken);
        var figures = reader.Read(sampled, cancellationToken);
        var result = new SuiteRun(duck, table, rejects: null, threads: 2, Task.FromResult(sampled)).Run(suite, cancellationToken);
        var checking = watch.Elapsed.TotalSeconds;
        if (result.Expectations.FirstOrDefault(found => found.Exception is not null) is { } broken)
            throw new InvalidOperationException($"{broken.Statement}: {broken.Exception}");
        var history = History(result);
        var profiles = new TableProfiler(duck).Profile(figures, cancellationToken);
        result = result with { Columns = profiles, Anomalies = AnomalyDetection.Judge(result, profiles, history) };
        var quarantine = Path.Combine(folder, "quarantine.parquet");
        QuarantineFile.Write(duck, table, null, result, quarantine, cancellationToken);
        var at = DateTimeOffset.UnixEpoch;
        var identity = new ValidationIdentity("bench", "rows", "bench", "bench", 1, "validate", 1, 1, at, at, at, 1);
        ReportFolder.Write(duck, Path.Combine(folder, "report"), identity, result, history, quarantine, cancellationToken);
        return (result, checking);
    }

    /// <summary>Thirty earlier runs in which every expectation about rows had findings, so that the page has a chart for each.</summary>
    private static QualityHistory History(ValidationResult result) => new([.. Enumerable.Range(1, QualityHistory.ComparedRuns).Select(run => new PastRun(
        run, run, $"scheduled__{run}", DateTimeOffset.UnixEpoch.AddDays(-run), "warned", Rows, 0, 30_000 + run,
        result.Expectations.ToDictionary(
            found => found.Expectation.Key, found => new PastExpectation(found.Expectation.Code, run % 7 > 0, found.UnexpectedCount is null ? null : 1_000 + run, Rows, found.ObservedNumber), StringComparer.Ordinal),
        new Dictionary<string, PastColumn>()))]);

    /// <summary>Seconds to call a validator for every row.</summary>
    private static double Validators(DuckDbConnection duck, CancellationToken cancellationToken)
    {
        duck.Execute(
            $"""
            drop table {FailingRowTable.Name};
            create or replace view {ValidatedTable.Batch} as
            select 'n' || _line as name, case when _line % 100 = 0 then 'x' else 'a' || _line || '@example.com' end as email, null::date as birth_date, null::timestamp as signup_at, _file, _line
            from range({Rows}) as r(_line), (select 'f' as _file)
            """, ct: cancellationToken);
        var columns = duck.QueryRows($"describe {ValidatedTable.Batch}", row => new TableColumn(row.Get<string>(0), row.Get<string>(1)), ct: cancellationToken);
        var table = new ValidatedTable("bench", columns, new Dictionary<string, string>())
        {
            Validators = new RowValidatorCatalog([RowValidatorDescriptor.Of("shop/customer", new CustomerRowValidator())]),
        };
        var watch = Stopwatch.StartNew();
        new SuiteRun(duck, table, rejects: null, threads: 2).Run(
            Parse([Expectation("expect_rows_to_pass_validator", new JsonObject { ["validator"] = "shop/customer" }, "code")]), cancellationToken);
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>Seconds for all checks, from a sample run as one query each on the same file.</summary>
    private static (double Seconds, double Busy) OneByOne(DuckDbConnection duck, string data, ExpectationSuite suite, CancellationToken cancellationToken)
    {
        duck.Execute($"create or replace view {ValidatedTable.Batch} as select * from read_parquet({DuckDbSql.Literal(data)})", ct: cancellationToken);
        var columns = duck.QueryRows($"describe {ValidatedTable.Batch}", row => new TableColumn(row.Get<string>(0), row.Get<string>(1)), ct: cancellationToken);
        var table = new ValidatedTable("bench", columns, new Dictionary<string, string>());
        var sample = suite.Expectations.Where((_, index) => index % (Expectations / Sampled) == 0).ToList();
        var (watch, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        foreach (var (expectation, index) in sample.Select((expectation, index) => (expectation, index)))
        {
            var check = ExpectationCatalog.Find(expectation.Type)!.Compile(new CheckBuilder(expectation, table, index, duck, new Dictionary<string, string>()));
            if (CountingPass.Run(duck, new Dictionary<string, string>(), [new OrderedCheck(index, check)], cancellationToken).Single().Problem is { } problem)
                throw new InvalidOperationException(problem);
        }
        var scale = (double)suite.Expectations.Count / sample.Count;
        return (watch.Elapsed.TotalSeconds * scale, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds * scale);
    }

    /// <summary>Seconds a browser needs for both pages, opened in turn: the fastest of each.</summary>
    private static async Task<(double Report, double Plain)> PagesAsync(string report, string plain, string profile, CancellationToken cancellationToken)
    {
        await using var browser = await MeasuredBrowser.StartAsync(profile, cancellationToken);
        var fastest = (Report: double.MaxValue, Plain: double.MaxValue);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            fastest.Plain = Math.Min(fastest.Plain, await browser.OpenAsync(new Uri(plain), cancellationToken));
            fastest.Report = Math.Min(fastest.Report, await browser.OpenAsync(new Uri(report), cancellationToken));
        }
        return fastest;
    }

    /// <summary>What any page needs that says which expectations there are: a table without style, history, findings or charts.</summary>
    private static string PlainPage(ValidationResult result, string folder)
    {
        var rows = result.Expectations.Select(found => $"<tr><td>{found.Verdict}<td>{WebUtility.HtmlEncode(found.Statement)}<td>{found.UnexpectedCount}<td>{found.UnexpectedShare}");
        var page = Path.Combine(folder, "plain.html");
        File.WriteAllText(page, $"<!doctype html><meta charset=utf-8><title>plain</title><table>{string.Concat(rows)}</table>");
        return page;
    }

    private static long Packed(string page)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            stream.Write(File.ReadAllBytes(page));
        return packed.Length;
    }

    private static void WriteRows(string file, CancellationToken cancellationToken)
    {
        using var duck = DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = "1GB", Threads = 2 });
        // Whole numbers, fractions, short texts and moments in turn; one row in a hundred has something out of its bounds in one column.
        var columns = Enumerable.Range(0, Columns).Select(column =>
        {
            var random = $"hash(i, {column})";
            var broken = $"i % 100 = 0 and (i // 100) % {Columns} = {column}";
            return (column % 4) switch
            {
                0 => $"case when {broken} then -1 else ({random} % 1000)::integer end as c{column}",
                1 => $"case when {broken} then null else ({random} % 100000) / 100.0::double end as c{column}",
                2 => $"case when {broken} then '??' else chr(65 + ({random} % 26)::integer) || ({random} % 90 + 10) end as c{column}",
                _ => $"timestamp '2026-01-01' + interval 1 second * (case when {broken} then -86400 else ({random} % 10000000)::bigint end) as c{column}",
            };
        });
        duck.Execute($"copy (select {string.Join(",\n", columns)}, 'rows.csv' as _file, i + 2 as _line from range({Rows}) as r(i)) to {DuckDbSql.Literal(file)} (format parquet)", ct: cancellationToken);
    }

    private static ExpectationSuite Suite() => Parse([.. Enumerable.Range(0, Expectations).Select(index => One(index % Columns, index / Columns))]);

    /// <summary>Fifty expectations for each column: of nine kinds, with bounds that differ, so that no two are one computation.</summary>
    private static JsonObject One(int column, int variant)
    {
        var name = $"c{column}";
        var kwargs = new JsonObject { ["column"] = name };
        var code = $"{name}_{variant}";
        if (variant == 0)
            return Expectation("expect_column_values_to_not_be_null", kwargs, code, "quarantine");
        return (column % 4) switch
        {
            0 when variant % 5 == 1 => Expectation("expect_column_mean_to_be_between", With(kwargs, ("min_value", 400 - variant), ("max_value", 600 + variant)), code),
            0 => Expectation("expect_column_values_to_be_between", With(kwargs, ("min_value", variant == 2 ? 0 : -1 - variant), ("max_value", 1000 + variant)), code, "quarantine"),
            1 when variant % 5 == 1 => Expectation("expect_column_max_to_be_between", With(kwargs, ("min_value", 900 - variant), ("max_value", 1000 + variant)), code),
            1 => Expectation("expect_column_values_to_be_between", With(kwargs, ("min_value", 0 - variant), ("max_value", 1000 + variant)), code),
            2 when variant == 1 => Expectation("expect_column_values_to_match_regex", With(kwargs, ("regex", "^[A-Z][0-9]{2}$")), code, "quarantine"),
            2 when variant % 2 == 1 => Expectation("expect_column_value_lengths_to_be_between", With(kwargs, ("min_value", 1), ("max_value", 3 + variant)), code),
            2 => Expectation("expect_column_values_to_not_be_in_set", With(kwargs, ("value_set", new JsonArray($"a{variant}", $"b{variant}"))), code),
            _ when variant == 2 => Expectation("expect_column_values_to_be_between", With(kwargs, ("min_value", "2026-01-01")), code, "quarantine"),
            _ => Expectation("expect_column_values_to_be_between", With(kwargs, ("min_value", $"2025-{1 + (variant % 12):00}-{1 + (variant % 28):00}"), ("max_value", $"2027-01-{1 + (variant % 28):00}")), code),
        };
    }

    private static JsonObject With(JsonObject kwargs, params (string Name, JsonNode Value)[] values)
    {
        foreach (var (name, value) in values)
            kwargs[name] = value;
        return kwargs;
    }

    private static JsonObject Expectation(string type, JsonObject kwargs, string code, string onFail = "accept") => new()
    {
        ["type"] = type, ["kwargs"] = kwargs, ["severity"] = "warning", ["meta"] = new JsonObject { ["code"] = code, ["on_fail"] = onFail },
    };

    private static ExpectationSuite Parse(JsonArray expectations)
    {
        var (suite, problems) = SuiteParser.Parse(new JsonObject { ["name"] = "bench", ["expectations"] = expectations }.ToJsonString(), "bench");
        return suite ?? throw new InvalidOperationException(string.Join(Environment.NewLine, problems));
    }
}
