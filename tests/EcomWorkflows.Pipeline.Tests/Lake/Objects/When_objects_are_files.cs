using EcomWorkflows.Pipeline.Lake.Objects;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Lake.Objects;

public sealed class When_objects_are_files : ObjectStoreConformance
{
    private string Folder => Path.Combine(Scratch, "store");

    protected override IObjectStore Open() => new DirectoryObjectStore(Folder);

    [Fact]
    public async Task A_file_that_is_still_being_written_is_no_object()
    {
        using var store = Open();
        await PutAsync(store, "a.txt", "whole");
        await File.WriteAllTextAsync(Path.Combine(Folder, "b.txt.17.part"), "half");

        (await KeysAsync(store, "")).ShouldBe(["a.txt"]);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named_with_what_to_do()
    {
        await File.WriteAllTextAsync(Folder, "a file where the folder should be");
        using var store = Open();

        var failure = await Should.ThrowAsync<ObjectStoreException>(() => PutAsync(store, "a.txt", "x"));
        failure.Message.ShouldContain(Folder);
        failure.Message.ShouldContain("Check that the folder exists");
    }
}
