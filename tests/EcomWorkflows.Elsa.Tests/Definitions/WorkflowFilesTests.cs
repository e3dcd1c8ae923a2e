using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Elsa.Tests.Definitions;

public class WorkflowFilesTests
{
    private static readonly (string Name, string Default)[] Offer = [("customerValue", "100"), ("offerCost", "10"), ("contactCost", "1"), ("saveRate", "0.3"), ("stayerTakeRate", "0.5")];

    [Fact]
    public async Task Every_file_of_the_repository_is_a_valid_dag_and_is_written_back_byte_for_byte()
    {
        var folder = Path.Combine(RepositoryRoot.Path, "workflows");
        foreach (var document in await DagFolder.ReadAsync(folder, FakeTasks.Registry, CancellationToken.None))
        {
            document.Problems.ShouldBeEmpty(document.FileName);
            var written = DagDocument.Create(document.Dag!, document.FileName, FakeTasks.Registry, document.Raw).ToJson();
            Assert.Equal(await File.ReadAllTextAsync(Path.Combine(folder, document.FileName)), written);
        }
    }

    [Fact]
    public async Task Every_example_of_the_documents_is_a_valid_dag()
    {
        var documents = await DagFolder.ReadAsync(Path.Combine(RepositoryRoot.Path, "docs", "examples"), FakeTasks.Registry, CancellationToken.None);

        documents.ShouldNotBeEmpty();
        documents.ShouldAllBe(document => document.Problems.Count == 0, string.Join("\n", documents.SelectMany(document => document.Problems)));
    }

    [Fact]
    public async Task Churn_daily_runs_the_whole_pipeline()
    {
        var dag = (await DagFolder.ReadFileAsync(Path.Combine(RepositoryRoot.Path, "workflows", "churn-daily.json"), FakeTasks.Registry, CancellationToken.None)).Dag.ShouldNotBeNull();

        dag.Tasks.Count.ShouldBe(19);
        dag.Settings.Schedule.ShouldBe(["0 3 * * *"]);
        dag.Params.Select(p => (p.Name, p.Default!.ToString())).ShouldBe([("source", "shop"), ("file", ""), .. Offer.Select(figure => (figure.Name, figure.Default))]);
        Upstreams("validate_order_items").ShouldBe(["ingest_order_items", "ingest_orders", "ingest_products"], ignoreOrder: true);
        Upstreams("prepare").Count().ShouldBe(5);
        Upstreams("score_churn").ShouldBe(["train_churn"]);
        Upstreams("select_retention_targets").ShouldBe(["score_churn"]);
        Upstreams("check_score_drift").ShouldBe(["score_churn"]);
        Upstreams("evaluate_outcomes").ShouldBe(["prepare"]);
        dag.Tasks.Single(t => t.TaskId == "train_churn").Settings.Isolation.ShouldBe(TaskIsolation.Process);

        foreach (var task in (string[])["train_churn", "select_retention_targets"])
        {
            foreach (var (name, _) in Offer)
                dag.Tasks.Single(t => t.TaskId == task).Inputs[name]!.GetValue<string>().ShouldBe($"{{{{ params.{name} }}}}", $"{task} reckons with the offer of the DAG");
        }

        IEnumerable<string> Upstreams(string task) => dag.Edges.Where(e => e.To == task).Select(e => e.From);
    }

    [Fact]
    public async Task Two_files_that_claim_one_dag_id_are_a_problem_of_the_second()
    {
        var folder = Directory.CreateTempSubdirectory("dags").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "a.json"), DocumentText.Valid().ToJsonString());
            await File.WriteAllTextAsync(Path.Combine(folder, "b.json"), DocumentText.Valid().ToJsonString());
            await File.WriteAllBytesAsync(Path.Combine(folder, "c.json"), [0x7b, 0xff, 0x7d]);

            var documents = await DagFolder.ReadAsync(folder, FakeTasks.Registry, CancellationToken.None);

            documents.Select(d => d.FileName).ShouldBe(["a.json", "b.json", "c.json"]);
            documents[0].Problems.ShouldBeEmpty();
            documents[1].Problems.ShouldHaveSingleItem().Message.ShouldContain("a.json already defines the DAG 'copying'");
            documents[2].Problems.ShouldHaveSingleItem().Message.ShouldContain("not UTF-8 (byte 2)");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
