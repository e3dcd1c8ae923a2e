using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Inputs of <see cref="HttpTask"/>.</summary>
public sealed record HttpInputs : IHttpCall
{
    [TaskInput("Address; with a connection, a path below that connection's host.")]
    public required string Url { get; init; }

    [TaskInput("HTTP method.", Options = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"], UiHint = "dropdown")]
    public string Method { get; init; } = "GET";

    [TaskInput("Connection of type http: its host, and login and password (Basic) or extra.token (Bearer) for sign-in.", OptionsFrom = "connections")]
    public string? Connection { get; init; }

    [TaskInput("Further headers, as a JSON object.")]
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    [TaskInput("Body of the request.", UiHint = "multiline")]
    public string? Body { get; init; }

    [TaskInput("Type of the body.")]
    public string ContentType { get; init; } = "application/json";

    [TaskInput("Status codes that count as success; empty is 200 to 299.")]
    public IReadOnlyList<int> ExpectedStatus { get; init; } = [];

    [TaskInput("Limit of the whole exchange in seconds.", Min = 0.1, Max = 86_400)]
    public double RequestTimeoutSeconds { get; init; } = 60;
}
