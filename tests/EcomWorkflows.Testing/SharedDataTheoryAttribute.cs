using Xunit;

namespace EcomWorkflows.Testing;

/// <summary>A theory that needs shared datasets; skipped, with the reason, where they are not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    public SharedDataTheoryAttribute(params string[] files) => Skip = SharedData.WhyMissing(files);
}
