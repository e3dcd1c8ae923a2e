namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>A live registry that dropdowns take their options from; register implementations as this service.</summary>
public interface IOptionsSource
{
    /// <summary>The name that <see cref="TaskInputAttribute.OptionsFrom"/> refers to, for example <c>pools</c>.</summary>
    string Name { get; }

    /// <summary>What there is to choose from now; cheap enough to be asked whenever Studio opens an editor.</summary>
    ValueTask<IReadOnlyList<Option>> ListAsync(CancellationToken cancellationToken);
}
