using EcomWorkflows.Orchestration.Secrets;

namespace EcomWorkflows.Pipeline.Lake.Objects;

/// <summary>How to reach an S3-compatible service.</summary>
/// <param name="Endpoint">Address of a service that is not Amazon's, for example <c>http://minio:9000</c>; null for Amazon's own.</param>
/// <param name="Region">For example <c>eu-central-1</c>; other services mostly take any.</param>
/// <param name="AccessKey">Null where the AWS SDK finds credentials by itself (profile, container, instance).</param>
public sealed record S3Settings(string? Endpoint, string Region, string? AccessKey, string? SecretKey, string? SessionToken)
{
    /// <summary>Type of the connections that hold these settings.</summary>
    public const string ConnectionType = "s3";

    private const string DefaultRegion = "us-east-1";

    /// <summary>Host = endpoint (with its scheme), login = access key, password = secret key, <c>extra.region</c>, <c>extra.session_token</c>.</summary>
    public static S3Settings From(Connection connection) => new(
        EndpointOf(connection),
        connection.Extra("region") ?? DefaultRegion,
        connection.Info.Login,
        connection.Password,
        connection.Extra("session_token"));

    /// <summary>The variables the AWS tools read.</summary>
    public static S3Settings From(Func<string, string?> environment)
    {
        return new S3Settings(
            Given("AWS_ENDPOINT_URL_S3") ?? Given("AWS_ENDPOINT_URL"),
            Given("AWS_REGION") ?? Given("AWS_DEFAULT_REGION") ?? DefaultRegion,
            Given("AWS_ACCESS_KEY_ID"),
            Given("AWS_SECRET_ACCESS_KEY"),
            Given("AWS_SESSION_TOKEN"));

        string? Given(string name) => environment(name) is { Length: > 0 } value ? value : null;
    }

    private static string? EndpointOf(Connection connection)
    {
        if (connection.Info.Host is not { Length: > 0 } host)
            return null;
        var address = new UriBuilder(host.Contains("://", StringComparison.Ordinal) ? host : $"https://{host}");
        if (connection.Info.Port is { } port)
            address.Port = port;
        return address.Uri.AbsoluteUri;
    }
}
