using EcomWorkflows.Server.Api.Quality;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Api;

public sealed class QualityIssuesTests
{
    [Fact]
    public void Issues_are_a_CSV_with_their_resolution() => QualityIssues.Csv(
        [
            new QualityIssue("bronze.shop.events", "missing_user", "critical", 3, "quarantined", "user_id is given"),
            new QualityIssue("silver.shop.events", "exact_duplicate", "info", 2, "dropped", "prepare dropped rows: exact_duplicate"),
            new QualityIssue("bronze.shop.orders", "columns", "critical", null, "run stopped", "has the columns a, b"),
        ]).ShouldBe(
        """
        table,issue,severity,rows,resolution,statement
        bronze.shop.events,missing_user,critical,3,quarantined,user_id is given
        silver.shop.events,exact_duplicate,info,2,dropped,prepare dropped rows: exact_duplicate
        bronze.shop.orders,columns,critical,,run stopped,"has the columns a, b"

        """);
}
