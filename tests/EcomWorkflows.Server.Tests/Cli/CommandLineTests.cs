using System.CommandLine;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Cli;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Cli;

public class CommandLineTests
{
    [Theory]
    [InlineData("demo --exit")]
    [InlineData("demo --source online-retail --file x.csv.gz")]
    [InlineData("demo --scale medium --seed 7")]
    [InlineData("serve --demo")]
    [InlineData("doctor --output json")]
    [InlineData("dags list -o json")]
    [InlineData("dags show churn-daily")]
    [InlineData("dags trigger churn-daily -p source=shop -p file=")]
    [InlineData("dags next churn-daily -n 3")]
    [InlineData("dags pause churn-daily")]
    [InlineData("dags unpause churn-daily")]
    [InlineData("runs list --state failed")]
    [InlineData("runs show latest")]
    [InlineData("runs rerun 5 --failed")]
    [InlineData("runs rerun 5 --task train_churn --downstream --dry-run")]
    [InlineData("runs cancel 5")]
    [InlineData("runs clear 5 --dry-run")]
    [InlineData("runs clear latest --task train_churn --task score[3] --upstream --downstream --past --future --latest-version")]
    [InlineData("runs clear --dag churn-daily --from 2026-03-01 --to 2026-03-07 --all")]
    [InlineData("runs mark 5 --task train_churn --as success --note checked")]
    [InlineData("runs note 5 \"looked at\" --task train_churn")]
    [InlineData("runs why 5")]
    [InlineData("runs why latest train_churn --output json")]
    [InlineData("pools list")]
    [InlineData("pools set gpu 2 --description cards")]
    [InlineData("pools delete gpu")]
    [InlineData("runs logs 5 train_churn --try 2 --follow")]
    [InlineData("backfill create churn-daily --from 2026-11-01 --to 2026-11-07 --reprocess failed --reverse --max-active-runs 2 -p source=shop --dry-run")]
    [InlineData("backfill list --dag churn-daily")]
    [InlineData("backfill show 1")]
    [InlineData("backfill pause 1")]
    [InlineData("backfill resume 1")]
    [InlineData("backfill cancel 1")]
    [InlineData("assets list --name silver")]
    [InlineData("assets events --asset silver.shop.events -n 5")]
    [InlineData("assets graph -o json")]
    [InlineData("datasets list")]
    [InlineData("datasets log shop/silver -n 5")]
    [InlineData("datasets show shop-silver/v3 -o json")]
    [InlineData("datasets diff shop-silver/v1 shop-silver/v3 --table silver.shop.events --key file,line,event_type --examples 3 --no-distributions")]
    [InlineData("datasets diff shop/silver@v1")]
    [InlineData("datasets checkout shop-silver/v3 --to out --force")]
    [InlineData("datasets add research/labels labels.csv -m corrected")]
    [InlineData("datasets verify")]
    [InlineData("datasets verify shop/raw shop-silver/v3")]
    [InlineData("datasets gc --older-than 48 --delete")]
    [InlineData("datasets remote s3://bucket/prefix --connection store")]
    [InlineData("datasets push --remote backup")]
    [InlineData("datasets pull shop/silver@v2 --all")]
    [InlineData("quality results --run latest --source shop --entity events -n 5")]
    [InlineData("quality show latest --all")]
    [InlineData("quality show 7 --output json")]
    [InlineData("quality issues latest --csv")]
    [InlineData("quality history shop events --code missing_user")]
    [InlineData("quality quarantine shop events --code missing_user -n 20 --offset 40")]
    [InlineData("quality replay shop events")]
    [InlineData("quality replay shop events --dry-run")]
    [InlineData("sources list -o json")]
    [InlineData("sources show shop")]
    [InlineData("sources infer events.csv --entity events --name new --save")]
    [InlineData("sources reset shop events")]
    [InlineData("lake tables")]
    [InlineData("lake snapshots bronze.shop.events -n 5")]
    [InlineData("lake gc --older-than-hours 48 --expire-days 90 --keep 10 --delete")]
    [InlineData("lake expire-raw --also-needed --delete")]
    [InlineData("quality profile bronze.shop.events --trials 50 --seed 7 --name shop/proposed --write")]
    [InlineData("lineage prediction shop C0010799 --as-of 2026-11-21 --rows 5")]
    [InlineData("lineage purchase shop V1 P1 --as-of 2026-11-21 --variant classic --kind holdout --rows 5")]
    [InlineData("lineage model shop_churn 3 -o json")]
    [InlineData("lineage dataset shop/silver@v2")]
    [InlineData("lineage line 12 345 --around 5")]
    [InlineData("tasks list")]
    [InlineData("sql \"select 1\"")]
    [InlineData("with-database -- psql -c \"select 1\"")]
    public void A_command_of_the_documentation_is_understood(string line) =>
        CommandLine.Create().Parse(line).Errors.ShouldBeEmpty();

    [Theory]
    [InlineData("demos")]
    [InlineData("demo --scale enormous")]
    [InlineData("demo --seed x")]
    [InlineData("backfill create churn-daily --from yesterday --to 2026-11-07")]
    [InlineData("backfill create churn-daily --from 2026-11-01")]
    [InlineData("backfill create churn-daily --from 2026-11-01 --to 2026-11-07 --reprocess all")]
    [InlineData("runs rerun 5")]
    [InlineData("runs list --state done")]
    [InlineData("runs show")]
    [InlineData("runs clear")]
    [InlineData("runs clear --dag churn-daily")]
    [InlineData("runs clear --dag churn-daily --from yesterday")]
    [InlineData("runs mark 5 --as success")]
    [InlineData("runs mark 5 --task a --as running")]
    [InlineData("pools set gpu many")]
    [InlineData("datasets gc --older-than -1")]
    [InlineData("datasets checkout")]
    [InlineData("sql")]
    [InlineData("sources show")]
    [InlineData("sources show nowhere")]
    [InlineData("sources infer")]
    [InlineData("sources infer /nowhere.csv")]
    [InlineData("sources reset shop nothing")]
    [InlineData("lake snapshots")]
    [InlineData("lake gc --keep many")]
    [InlineData("lake gc --keep 0")]
    [InlineData("lake gc --older-than-hours -1")]
    [InlineData("lake gc --expire-days -1")]
    [InlineData("quality replay shop")]
    [InlineData("quality profile")]
    [InlineData("quality history shop")]
    [InlineData("quality quarantine shop")]
    [InlineData("dags list --output xml")]
    public async Task Wrong_usage_ends_with_code_2(string line) =>
        (await CommandLine.RunAsync(line.Split(' '))).ShouldBe(ExitCode.Usage);

    [Theory]
    [InlineData("dags list --output xml", "--output is 'xml'; allowed: table, json.")]
    [InlineData("demo --scale enormous", "--scale is 'enormous'; allowed: small, medium, full.")]
    [InlineData("backfill create churn-daily --from 2026-11-01 --to 2026-11-07 --reprocess all", "--reprocess is 'all'; allowed: none, failed, completed.")]
    [InlineData("lake gc --keep many", "--keep is 'many'; a whole number is needed.")]
    [InlineData("lake gc --older-than-hours long", "--older-than-hours is 'long'; a number is needed.")]
    [InlineData("dags next churn-daily --after noon", "--after is 'noon'; a date or time such as 2026-01-31 or 2026-01-31T06:00Z is needed.")]
    public void A_value_that_is_not_allowed_is_named_with_what_is(string line, string message) =>
        CommandLine.Create().Parse(line).Errors.Select(UsageErrors.Words).ShouldBe([message]);

    [Fact]
    public void A_date_alone_is_a_whole_day_and_a_time_is_itself()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

        LogicalDateOption.Read("2026-03-07", berlin, isEnd: false).ShouldBe(DateTimeOffset.Parse("2026-03-06T23:00Z"));
        LogicalDateOption.Read("2026-03-07", berlin, isEnd: true).ShouldBe(DateTimeOffset.Parse("2026-03-07T22:59:59.999Z"));
        LogicalDateOption.Read("2026-03-07T03:00Z", berlin, isEnd: true).ShouldBe(DateTimeOffset.Parse("2026-03-07T03:00Z"));
        LogicalDateOption.Read(null, berlin, isEnd: true).ShouldBeNull();
    }

    [Fact]
    public void Logs_name_the_instances_of_a_mapped_task_and_come_in_their_order()
    {
        AttemptInfo[] attempts =
        [
            Attempt(1, "list", -1, 1), Attempt(3, "m", 2, 1), Attempt(2, "m", 1, 1), Attempt(4, "end", -1, 1), Attempt(2, "m", 1, 2),
        ];

        Shown(RunsLogsCommand.Chosen(attempts, null, null)).ShouldBe(["list#1", "m[1]#2", "m[2]#1", "end#1"]);
        Shown(RunsLogsCommand.Chosen(attempts, null, 1)).ShouldBe(["list#1", "m[1]#1", "m[2]#1", "end#1"]);
        Shown(RunsLogsCommand.Chosen(attempts, InstanceName.Parse("m[2]"), null)).ShouldBe(["m[2]#1"]);
        InstanceName.Parse("m").ShouldBeNull();

        static AttemptInfo Attempt(long instance, string task, int index, int number) => new() { TaskInstanceId = instance, TaskId = task, MapIndex = index, TryNumber = number };
        static IEnumerable<string> Shown(IEnumerable<AttemptInfo> chosen) => chosen.Select(a => $"{InstanceName.Of(a.TaskId, a.MapIndex)}#{a.TryNumber}");
    }

    [Fact]
    public void Every_command_and_option_is_described()
    {
        foreach (var command in All(CommandLine.Create()).Where(command => !command.Hidden))
        {
            command.Description.ShouldNotBeNullOrWhiteSpace(command.Name);
            foreach (var option in command.Options)
                option.Description.ShouldNotBeNullOrWhiteSpace($"{command.Name} {option.Name}");
        }
    }

    [Fact]
    public void A_parameter_that_is_json_counts_as_json_and_anything_else_as_text() =>
        DagsTriggerCommand.Params(["n=3", "flag=true", "list=[1]", "name=shop", "empty=", "with=a=b"])!.ToJsonString()
            .ShouldBe("""{"n":3,"flag":true,"list":[1],"name":"shop","empty":"","with":"a=b"}""");

    [Fact]
    public void A_parameter_without_a_name_is_refused() =>
        Should.Throw<CliException>(() => DagsTriggerCommand.Params(["shop"])).ExitCode.ShouldBe(ExitCode.Usage);

    private static IEnumerable<Command> All(Command command) => [command, .. command.Subcommands.SelectMany(All)];
}
