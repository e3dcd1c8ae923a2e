using System.Text;
using EcomWorkflows.Pipeline.Versioning;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Versioning;

public class DvcPointerTests
{
    [Fact]
    public void A_folder_list_is_byte_for_byte_what_python_writes_for_any_file_name()
    {
        // python3: json.dumps(sorted([...], key=itemgetter("relpath")), sort_keys=True) and its md5.
        const string List =
            """
            [{"md5": "6d7fce9fee471194aa8b5b6e47267f03", "relpath": "Gr\u00f6\u00dfe \"1\".csv"}, {"md5": "b026324c6904b2a9cb4b88d6d61c81d1", "relpath": "a.csv"}, {"md5": "26ab0db90d72e28ad0ba1e22ee510510", "relpath": "a/b.csv"}, {"md5": "1dcca23355272056f04fe8bf20edfce0", "relpath": "\uffee.csv"}, {"md5": "48a24b70a0b376535542b996af517398", "relpath": "\ud83d\ude00\u007f&<.csv"}]
            """;

        var (pointer, list) = DvcPointer.ForFolder(
            [
                File("a/b.csv", "26ab0db90d72e28ad0ba1e22ee510510"),
                File("\U0001F600\u007f&<.csv", "48a24b70a0b376535542b996af517398"),
                File("a.csv", "b026324c6904b2a9cb4b88d6d61c81d1"),
                File("\uffee.csv", "1dcca23355272056f04fe8bf20edfce0"),
                File("Größe \"1\".csv", "6d7fce9fee471194aa8b5b6e47267f03"),
            ],
            "raw");

        Encoding.UTF8.GetString(list).ShouldBe(List);
        pointer.ShouldBe(new DvcPointer("34d3ac8556e50fe6a4babba10d5837c9.dir", 10, 5, "raw"));
        DvcPointer.ParseList(list).Select(e => e.RelativePath).ShouldBe(["Größe \"1\".csv", "a.csv", "a/b.csv", "\uffee.csv", "\U0001F600\u007f&<.csv"]);
    }

    [Fact]
    public void A_pointer_file_is_read_back_and_so_is_one_that_DVC_wrote_with_more_in_it()
    {
        var pointer = new DvcPointer("a304afb96060aad90176268345e10355", 14445097, null, "orders.csv");

        DvcPointer.Parse(pointer.ToYaml()).ShouldBe([pointer]);
        DvcPointer.Parse(
            """
            md5: 0123
            frozen: true
            outs:
            - md5: a304afb96060aad90176268345e10355
              size: 14445097
              hash: md5
              path: orders.csv
              desc: all orders
              labels: [raw]
            meta: {team: crm}
            """).ShouldBe([pointer]);
    }

    [Theory]
    [InlineData("outs: []")]
    [InlineData("outs:\n- path: a")]
    [InlineData("nothing: here")]
    [InlineData("- [")]
    public void What_is_no_pointer_file_is_said_to_be_none(string yaml) => Should.Throw<FormatException>(() => DvcPointer.Parse(yaml));

    [Theory]
    [InlineData("{}")]
    [InlineData("[{\"md5\": \"1\"}]")]
    [InlineData("no json")]
    public void What_is_no_folder_list_is_said_to_be_none(string list) => Should.Throw<FormatException>(() => DvcPointer.ParseList(Encoding.UTF8.GetBytes(list)));

    private static CachedFile File(string path, string md5) => new(path, md5, "", 2, null);
}
