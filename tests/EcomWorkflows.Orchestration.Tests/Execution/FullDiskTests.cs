using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Testing;
using Shouldly;

namespace EcomWorkflows.Orchestration.Tests.Execution;

public sealed class FullDiskTests
{
    [SmallDiskFact]
    public async Task A_full_disk_is_known_however_a_file_is_written()
    {
        using var disk = new SmallDisk(1);
        disk.Fill();
        var (path, text) = (Path.Combine(disk.Folder, "report.html"), new string('x', 100_000));
        Func<Task>[] ways =
        [
            () => File.WriteAllTextAsync(path, text),
            () => File.WriteAllBytesAsync(path, new byte[100_000]),
            () => File.AppendAllTextAsync(path, text),
            () => Task.Run(() => File.WriteAllText(path, text)),
            () => Task.Run(() => File.WriteAllBytes(path, new byte[100_000])),
            () => Task.Run(() => File.Copy(typeof(FullDiskTests).Assembly.Location, path, overwrite: true)),
            async () =>
            {
                await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, PreallocationSize = 100_000 });
            },
        ];

        foreach (var way in ways)
        {
            var failure = await Should.ThrowAsync<Exception>(way);

            FullDisk.IsReason(failure).ShouldBeTrue(failure.ToString());
        }
    }
}
