namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>What one HTTP request is made of, for the task and the sensor alike.</summary>
public interface IHttpCall
{
    string Url { get; }

    string Method { get; }

    string? Connection { get; }

    IReadOnlyDictionary<string, string> Headers { get; }

    string? Body { get; }

    string ContentType { get; }

    IReadOnlyList<int> ExpectedStatus { get; }

    double RequestTimeoutSeconds { get; }
}
