using EcomWorkflows.Pipeline.Versioning;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Versioning;

public class DatasetNameTests
{
    [Theory]
    [InlineData("shop-silver/v3", "shop/silver", 3)]
    [InlineData("online-retail-raw/v12", "online-retail/raw", 12)]
    [InlineData("shop-churn_training_set/v1", "shop/churn_training_set", 1)]
    [InlineData("shop/silver@v3", "shop/silver", 3)]
    [InlineData("shop/silver@3", "shop/silver", 3)]
    [InlineData("shop/silver/v3", "shop/silver", 3)]
    [InlineData("shop/silver", "shop/silver", null)]
    public void A_version_is_named_by_its_tag_by_dataset_and_number_or_by_the_dataset(string word, string dataset, int? version) =>
        DatasetName.Parse(word).ShouldBe((dataset, version));

    [Theory]
    [InlineData("")]
    [InlineData("silver")]
    [InlineData("shop/silver@v0")]
    [InlineData("shop/silver@latest")]
    [InlineData("shop/silver@v99999999999")]
    [InlineData("shop/v3")]
    [InlineData("../../etc/passwd")]
    [InlineData("--all")]
    public void Anything_else_is_refused_with_what_may_be_written(string word) =>
        Should.Throw<DatasetException>(() => DatasetName.Parse(word)).Message.ShouldContain("shop-silver/v3");

    [Theory]
    [InlineData("labels")]
    [InlineData("Research/labels")]
    [InlineData("research/my-labels")]
    [InlineData("research/labels/more")]
    [InlineData("research/../labels")]
    public void A_name_that_could_be_mistaken_or_lead_elsewhere_is_refused(string name) =>
        Should.Throw<DatasetException>(() => DatasetName.Check(name)).Message.ShouldContain("SOURCE/NAME");

    [Theory]
    [InlineData("shop/silver")]
    [InlineData("online-retail/churn_training_set")]
    public void A_name_and_its_tag_lead_back_to_each_other(string dataset)
    {
        DatasetName.Check(dataset);
        DatasetName.OfTag(DatasetVersion.TagOf(dataset, 7)).ShouldBe((dataset, 7));
    }
}
