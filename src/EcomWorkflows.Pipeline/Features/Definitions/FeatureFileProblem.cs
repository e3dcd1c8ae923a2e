namespace EcomWorkflows.Pipeline.Features.Definitions;

/// <summary>What is wrong in a definition file.</summary>
/// <param name="Place">Where in the file, for example <c>views[0].features[2].type</c>.</param>
/// <param name="Message">What is wrong and what is allowed.</param>
public sealed record FeatureFileProblem(string File, int Line, string Place, string Message)
{
    public override string ToString() => $"{File} line {Line}: {(Place.Length == 0 ? "" : Place + ": ")}{Message}";
}
