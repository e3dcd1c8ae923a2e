using System.Text.Json.Nodes;
using EcomWorkflows.Server.Cli.Demo;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Cli.Demo;

public class StageRowsTests
{
    [Fact]
    public void Counts_are_read_by_the_names_the_stages_use() =>
        StageRows.Read("validate_events", JsonNode.Parse("""{"rowsChecked":10,"rowsQuarantined":3,"rowsKept":7}""")!.AsObject())
            .ShouldBe(new StageRows("validate_events", 10, 3, 7));

    [Fact]
    public void A_task_that_counts_no_rows_has_none() =>
        StageRows.Read("train_churn", JsonNode.Parse("""{"modelVersion":1}""")!.AsObject()).ShouldBeNull();
}
