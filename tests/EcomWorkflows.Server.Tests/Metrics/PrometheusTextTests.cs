using EcomWorkflows.Server.Metrics;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Metrics;

public class PrometheusTextTests
{
    [Fact]
    public void Metrics_have_help_type_and_escaped_labels() => PrometheusText.Write(
        [
            new Metric("ecom_rows", "gauge", "Rows of\na \\ table.", [Sample.Of(3, ("table", "a\"b\\c\nd"), ("kind", "read")), Sample.Of(0.25)]),
            new Metric("ecom_none", "counter", "Nothing yet.", []),
            new Metric("ecom_limits", "gauge", "Limits.", [Sample.Of(double.PositiveInfinity), Sample.Of(double.NaN), Sample.Of(1e-7)]),
        ]).ShouldBe(
        """
        # HELP ecom_rows Rows of\na \\ table.
        # TYPE ecom_rows gauge
        ecom_rows{table="a\"b\\c\nd",kind="read"} 3
        ecom_rows 0.25
        # HELP ecom_none Nothing yet.
        # TYPE ecom_none counter
        # HELP ecom_limits Limits.
        # TYPE ecom_limits gauge
        ecom_limits +Inf
        ecom_limits NaN
        ecom_limits 1E-07

        """);
}
