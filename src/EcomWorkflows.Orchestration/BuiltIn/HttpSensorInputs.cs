using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Inputs of <see cref="HttpSensorTask"/>.</summary>
public sealed record HttpSensorInputs : SensorInputs, IHttpCall
{
    [TaskInput("Address; with a connection, a path below that connection's host.")]
    public required string Url { get; init; }

    [TaskInput("HTTP method.", Options = ["GET", "POST", "HEAD"], UiHint = "dropdown")]
    public string Method { get; init; } = "GET";

    [TaskInput("Connection of type http: its host, and login and password (Basic) or extra.token (Bearer) for sign-in.", OptionsFrom = "connections")]
    public string? Connection { get; init; }

    [TaskInput("Further headers, as a JSON object.")]
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    [TaskInput("Body of the request.", UiHint = "multiline")]
    public string? Body { get; init; }

    [TaskInput("Type of the body.")]
    public string ContentType { get; init; } = "application/json";

    [TaskInput("Status codes that mean it is there; empty is 200 to 299.")]
    public IReadOnlyList<int> ExpectedStatus { get; init; } = [];

    [TaskInput("Limit of one request in seconds.", Min = 0.1, Max = 86_400)]
    public double RequestTimeoutSeconds { get; init; } = 60;

    [TaskInput("Member of the answer's JSON that must have the expected value, for example status or job.state; empty looks at the status code alone.")]
    public string? Member { get; init; }

    [TaskInput("Value the member must have.")]
    public JsonNode? Value { get; init; }
}
