using Xunit;

namespace EcomWorkflows.Testing;

/// <summary>A fact that needs shared datasets; skipped, with the reason, where they are not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute(params string[] files) => Skip = SharedData.WhyMissing(files);
}
