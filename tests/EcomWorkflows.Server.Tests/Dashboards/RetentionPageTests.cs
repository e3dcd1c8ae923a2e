using System.Net;
using EcomWorkflows.Pipeline.Training.Metrics;
using EcomWorkflows.Server.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Dashboards;

public sealed class RetentionPageTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_list_is_shown_with_reasons_group_and_uplift_and_given_as_csv()
    {
        await FillAsync();

        var page = WebUtility.HtmlDecode(await GetAsync("/retention"));
        page.ShouldContain("shop_churn v3");
        page.ShouldContain("recency = 81");
        page.ShouldContain("held out");
        page.ShouldContain("a kept customer is worth 100.00, an offer costs 10.00 when it is taken and contacting 1.00");
        page.ShouldContain("12.5 points (-3.0 to 28.0)");
        page.ShouldContain("href=\"/retention/pages/2026-03-01/targets.csv\"");
        (await GetAsync("/retention/pages/2026-03-01")).ShouldContain("All 2 as CSV");

        (await GetAsync("/retention/pages/2026-03-01/targets.csv")).ShouldBe(
            "source,as_of,rank,customer_id,group,churn_probability,customer_value,expected_profit,expected_cost,model,model_version,reasons\n"
            + "pages,2026-03-01,1,\"a,b\",contact,0.9,100,22.8,4.2,shop_churn,3,\"[{\"\"value\"\": 81, \"\"feature\"\": \"\"recency\"\", \"\"contribution\"\": 1.5}]\"\n"
            + "pages,2026-03-01,2,c,holdout,0.8,100,19.6,4.4,shop_churn,3,\n");
        foreach (var address in (string[])["/retention/pages/2026-03-02", "/retention/nope/2026-03-01/targets.csv", "/retention/pages/yesterday"])
            (await server.Web.Client.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_models_page_shows_the_drift_of_its_scores_and_what_became_of_those_it_scored()
    {
        var version = await RegisteredModel.AddAsync(server.Web.Services, $"judged_{Guid.NewGuid():n}", run: 1);
        var metrics = System.Text.Json.JsonSerializer.Serialize<ModelMetrics>(version.Metrics, Orchestration.Tasks.TaskJson.Options);
        await ExecuteAsync(
            $"""
            insert into gold.score_drift (source, as_of, reference, model_name, model_version, reference_as_of, reference_version, rows, reference_rows, mean, reference_mean, psi, psi_threshold, ks, ks_threshold,
              drifted, run_id, checked_at)
            values ('judged', '2026-03-01Z', 'previous', '{version.Name}', 1, '2026-02-28Z', 1, 600, 590, 0.61, 0.42, 0.31, 0.1, 0.2, 0.09, true, 1, now());

            insert into gold.churn_outcome (source, as_of, model_name, model_version, outcome_end, customers, churned, mean_probability, trained_rate, rate_threshold, metrics, roc_auc, trained_roc_auc,
              label_drift, decayed, run_id, evaluated_at)
            values ('judged', '2026-03-01Z', '{version.Name}', 1, '2026-03-11Z', 600, 150, 0.42, 0.4, 0.05, '{metrics}', 0.71, 0.83, true, true, 1, now())
            """);

        var page = WebUtility.HtmlDecode(await GetAsync($"/models/{version.Name}/1"));

        page.ShouldContain("scoring before, v1 of 2026-02-28");
        page.ShouldContain("✕ drifted");
        page.ShouldContain("0.3100");
        page.ShouldContain("25.0 %");
        page.ShouldContain("✕ labels drifted");
        page.ShouldContain("✕ ranks worse");
        page.ShouldContain("0.7100");
    }

    private Task FillAsync() => ExecuteAsync(
        """
        insert into gold.retention_list (source, as_of, model_name, model_version, customer_value, offer_cost, contact_cost, save_rate, stayer_take_rate, holdout_share, seed, rest_days, scored, resting,
          contacted, held_out, expected_profit, expected_cost, run_id, attempt_id, made_at)
        values ('pages', '2026-03-01Z', 'shop_churn', 3, 100, 10, 1, 0.3, 0.5, 0.1, 42, 28, 600, 0, 1, 1, 22.8, 4.2, 1, 1, now());

        insert into gold.retention_target (source, as_of, customer_id, rank, target_group, churn_probability, customer_value, expected_profit, expected_cost, reasons)
        values ('pages', '2026-03-01Z', 'a,b', 1, 'contact', 0.9, 100, 22.8, 4.2, '[{"feature": "recency", "value": 81, "contribution": 1.5}]'),
          ('pages', '2026-03-01Z', 'c', 2, 'holdout', 0.8, 100, 19.6, 4.4, null);

        insert into gold.retention_outcome (source, as_of, contacted, contacted_churned, held_out, held_out_churned, uplift, uplift_low, uplift_high, run_id, evaluated_at)
        values ('pages', '2026-03-01Z', 1, 0, 1, 1, 0.125, -0.03, 0.28, 1, now())
        """);

    private async Task ExecuteAsync(string sql)
    {
        await using var command = server.Web.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<string> GetAsync(string address)
    {
        using var response = await server.Web.Client.GetAsync(address);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await response.Content.ReadAsStringAsync();
    }
}
