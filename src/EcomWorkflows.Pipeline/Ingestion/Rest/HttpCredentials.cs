using System.Net.Http.Headers;
using System.Text;
using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Ingestion.Rest;

/// <summary>How requests to one host are signed in.</summary>
/// <param name="Header">Name of the header.</param>
/// <param name="Value">Its value; a secret.</param>
internal sealed record HttpCredentials(string Header, string Value)
{
    /// <summary>Type of the connections that hold credentials for HTTP.</summary>
    public const string ConnectionType = "http";

    private const string Authorization = "Authorization";

    /// <summary>
    /// Of a stored connection: <c>extra.token</c> as a bearer token, or under the header that <c>extra.header</c> names; otherwise login and password (Basic). Null where it has none.
    /// </summary>
    public static HttpCredentials? From(Connection connection)
    {
        if (connection.Extra("token") is { Length: > 0 } token)
            return connection.Extra("header") is { Length: > 0 } header ? new HttpCredentials(header, token) : new HttpCredentials(Authorization, $"Bearer {token}");
        return connection.Info.Login is { } login
            ? new HttpCredentials(Authorization, $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login}:{connection.Password}"))}")
            : null;
    }

    /// <summary>A bearer token of the environment.</summary>
    /// <exception cref="TaskFailedException">The variable is not set.</exception>
    public static HttpCredentials FromVariable(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } token
        ? new HttpCredentials(Authorization, $"Bearer {token}")
        : throw new TaskFailedException($"The environment variable {variable}, which the source mapping names as \"token_variable\", is not set.", retryable: false);

    public void Apply(HttpRequestHeaders headers) => headers.TryAddWithoutValidation(Header, Value);
}
