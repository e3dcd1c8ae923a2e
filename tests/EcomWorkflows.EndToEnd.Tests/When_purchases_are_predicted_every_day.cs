using System.Globalization;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace EcomWorkflows.EndToEnd.Tests;

/// <summary>The DAG purchase-prediction-daily in the real program, on a small log of RetailRocket's shape.</summary>
public sealed class When_purchases_are_predicted_every_day
{
    private const string Ended = "select run_id, state from orchestration.dag_run where state in ('success', 'failed') order by run_id desc limit 1";

    [Fact]
    public async Task A_log_becomes_predictions_reports_and_a_dataset_version_and_a_second_run_replaces_them()
    {
        using var program = new EcomProgram();
        string log = Path.Combine(program.Home, "events.csv");
        await File.WriteAllLinesAsync(log, Lines());
        using var server = program.Start("serve", "--demo");
        try
        {
            var output = Task.WhenAll(server.StandardOutput.ReadToEndAsync(), server.StandardError.ReadToEndAsync());
            await program.WaitForServerAsync();
            await RunAsync(program, log, run: 1);
            JsonNode first = await FiguresAsync(program);
            first["pairs"]!.GetValue<long>().ShouldBeGreaterThan(100);
            first["rows"]!.GetValue<long>().ShouldBe(first["pairs"]!.GetValue<long>());
            first["bought"]!.GetValue<long>().ShouldBeGreaterThanOrEqualTo(10);
            first["tag"]!.GetValue<string>().ShouldStartWith("retailrocket-purchase_training_set/v");

            await RunAsync(program, log, run: 2);
            JsonNode second = await FiguresAsync(program);
            (second["rows"]!.GetValue<long>(), second["bought"]!.GetValue<long>()).ShouldBe((first["rows"]!.GetValue<long>(), first["bought"]!.GetValue<long>()));
            second["run"]!.GetValue<long>().ShouldBe(2);

            using var client = new HttpClient { BaseAddress = new Uri(program.Address) };
            string index = await client.GetStringAsync("/reports/purchase/retailrocket/run-2/purchases/");
            foreach (string report in (string[])["overall", "top-products", "engagement-score", "funnel-depth", "interaction-score", "top-visitors"])
            {
                index.ShouldContain($"{report}.html");
                (await client.GetStringAsync($"/reports/purchase/retailrocket/run-2/purchases/{report}.csv")).ShouldContain("\nholdout,");
            }

            await WalkBackAsync(program, client, await File.ReadAllLinesAsync(log));

            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
            await output;
        }
        finally
        {
            if (!server.HasExited)
                server.Kill(entireProcessTree: true);
        }
    }

    /// <summary>A prediction leads to the very lines of the log it was computed from: by the command, and on the page.</summary>
    private static async Task WalkBackAsync(EcomProgram program, HttpClient client, string[] log)
    {
        JsonNode pair = (await program.QueryAsync(
            "select visitorid, itemid from gold.ecommerce_predictions where model_name = 'retailrocket_purchase' order by predicted_prob desc, visitorid, itemid limit 1"))
            .ShouldHaveSingleItem()!;
        (string visitor, string item) = ((string)pair["visitorid"]!, (string)pair["itemid"]!);
        var walk = await program.RunAsync("lineage", "purchase", "retailrocket", visitor, item, "--output", "json");
        walk.ExitCode.ShouldBe(0, walk.Errors);
        JsonNode graph = JsonNode.Parse(walk.Output)!;
        JsonNode[] nodes = [.. graph["nodes"]!.AsArray().Select(node => node!)];
        foreach (string kind in (string[])["prediction", "feature_row", "row", "raw_line", "model", "dataset", "table", "raw_file"])
            nodes.ShouldContain(node => (string)node["kind"]! == kind, kind);
        JsonNode features = nodes.Single(node => ((string)node["id"]!).StartsWith("feature-row:", StringComparison.Ordinal));
        string own = (string)graph["edges"]!.AsArray().First(edge => (string)edge!["from"]! == (string)features["id"]! && (string)edge["how"]! == "computed from")!["to"]!;
        string line = (string)graph["edges"]!.AsArray().First(edge => (string)edge!["from"]! == own && (string)edge["how"]! == "read from")!["to"]!;

        string[] place = line.Split(':');
        var read = await program.RunAsync("lineage", "line", place[1], place[2], "--around", "0");
        read.ExitCode.ShouldBe(0, read.Errors);
        string delivered = log[int.Parse(place[2], CultureInfo.InvariantCulture) - 1];
        read.Output.ShouldContain(delivered);
        (delivered.Split(',')[1], delivered.Split(',')[3]).ShouldBe((visitor, item));

        string start = await client.GetStringAsync("/lineage");
        start.ShouldContain($"/lineage/purchases/retailrocket/{visitor}/{item}");
        string page = await client.GetStringAsync($"/lineage/purchases/retailrocket/{visitor}/{item}");
        page.ShouldContain($"/lineage/raw-files/{place[1]}?line={place[2]}");
        page.ShouldContain("what it says of the item, from");
        System.Net.WebUtility.HtmlDecode(await client.GetStringAsync($"/lineage/raw-files/{place[1]}?line={place[2]}")).ShouldContain(delivered);
    }

    private static async Task RunAsync(EcomProgram program, string log, long run)
    {
        var triggered = await program.RunAsync("dags", "trigger", "purchase-prediction-daily", "--param", "source=retailrocket", "--param", $"file={log}");
        triggered.ExitCode.ShouldBe(0, triggered.Errors + triggered.Output);
        await program.WaitForRowAsync($"select * from ({Ended}) r where run_id = {run}");
        JsonNode ended = (await program.QueryAsync(Ended)).ShouldHaveSingleItem()!;
        ended["state"]!.GetValue<string>().ShouldBe(
            "success", (await program.RunAsync("runs", "show", $"{run}")).Output);
    }

    private static async Task<JsonNode> FiguresAsync(EcomProgram program) => (await program.QueryAsync(
        """
        select count(*) as rows, count(distinct (kind, as_of, visitorid, itemid)) as pairs, sum(actual_label) as bought, max(run_id) as run, max(training_dataset_tag) as tag
        from gold.purchase_predictions
        where model_name = 'retailrocket_purchase'
        """)).ShouldHaveSingleItem()!;

    /// <summary>A third of a year of visitors who view items, cart one in four, and some days later buy half of the carted and some of the others: not so plain that the leak sentinels would doubt it.</summary>
    private static IEnumerable<string> Lines()
    {
        yield return "timestamp,visitorid,event,itemid,transactionid";
        var start = new DateTimeOffset(2015, 5, 3, 0, 0, 0, TimeSpan.Zero);
        for (int visitor = 0; visitor < 300; visitor++)
        {
            for (int visit = 0; visit < 10; visit++)
            {
                DateTimeOffset seen = start.AddDays(((visitor * 7) + (visit * 13)) % 120).AddMinutes(visitor * 37 % 1400);
                int item = ((visitor * 13) + (visit * 5)) % 40;
                yield return Line(seen, visitor, "view", item, "");
                if ((visitor + visit) % 4 == 0)
                    yield return Line(seen.AddMinutes(20), visitor, "addtocart", item, "");
                if ((visitor + visit) % 8 == 0 || ((visitor * 3) + (visit * 5)) % 11 == 0)
                    yield return Line(seen.AddDays(3 + (visitor % 9)), visitor, "transaction", item, $"{(visitor * 10) + visit}");
            }
        }
    }

    private static string Line(DateTimeOffset time, int visitor, string type, int item, string transaction) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.ToUnixTimeMilliseconds()},{visitor},{type},{item},{transaction}");
}
