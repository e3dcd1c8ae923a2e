using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Sends HTTP requests for tasks; the credentials of a connection go to its own host only, and no redirect leads away from it.</summary>
public sealed class HttpCaller(ConnectionStore connections) : IDisposable
{
    private const int MaxTextLength = 64 * 1024;

    private readonly HttpClient client = new(new SameServerRedirects(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseCookies = false }))
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <returns>What was answered, by which address, and where a redirect that is not followed leads to.</returns>
    /// <exception cref="TaskFailedException">The request is not possible, was not answered, or not in time.</exception>
    public async Task<(HttpOutputs Outputs, Uri Address, Uri? LeadsTo)> SendAsync(IHttpCall call, CancellationToken cancellationToken)
    {
        var connection = string.IsNullOrWhiteSpace(call.Connection) ? null : await connections.ReadAsync(call.Connection, cancellationToken);
        var address = Address(call.Url, connection);
        using var request = Request(call, address, connection);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(call.RequestTimeoutSeconds));
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return (await ReadAsync(response, limit.Token), address, SameServerRedirects.TargetOf(response));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TaskFailedException($"{call.Method} {address} was not answered within {call.RequestTimeoutSeconds} seconds.", FailureCause.Timeout);
        }
        catch (HttpRequestException failure)
        {
            throw new TaskFailedException($"{call.Method} {address} failed: {failure.Message}", innerException: failure);
        }
    }

    public static bool IsExpected(IHttpCall call, int status) => call.ExpectedStatus.Count == 0 ? status is >= 200 and <= 299 : call.ExpectedStatus.Contains(status);

    public static string Expectation(IHttpCall call) => call.ExpectedStatus.Count == 0 ? "200 to 299" : string.Join(", ", call.ExpectedStatus);

    /// <summary>The beginning of what was answered, for a message.</summary>
    public static string Excerpt(HttpOutputs outputs)
    {
        var text = outputs.Json?.ToReadableText() ?? outputs.Text ?? "";
        return text.Length switch
        {
            0 => "nothing",
            <= 300 => text,
            _ => $"{text[..300]}…",
        };
    }

    public void Dispose() => client.Dispose();

    private static Uri Address(string url, Connection? connection)
    {
        if (connection is null)
        {
            return Uri.TryCreate(url, UriKind.Absolute, out var absolute) && absolute.Scheme is "http" or "https"
                ? new Uri(url)
                : throw new TaskFailedException($"'{url}' is no http or https address. Without a connection the whole address is needed.", retryable: false);
        }
        if (connection.Info.Host is not { Length: > 0 } host)
            throw new TaskFailedException($"Connection '{connection.Name}' has no host.", retryable: false);
        var start = host.Contains("://", StringComparison.Ordinal) ? host : $"{connection.Extra("scheme") ?? "https"}://{host}";
        var home = new UriBuilder(start);
        if (connection.Info.Port is { } port)
            home.Port = port;
        if (!home.Path.EndsWith('/'))
            home.Path += "/";
        var address = new Uri(home.Uri, url.Contains("://", StringComparison.Ordinal) ? url : url.TrimStart('/'));
        return SameServerRedirects.IsSameServer(address, home.Uri)
            ? address
            : throw new TaskFailedException(
                $"'{url}' is not on the host of connection '{connection.Name}' ({home.Uri.GetLeftPart(UriPartial.Authority)}); its credentials are not sent elsewhere.", retryable: false);
    }

    private static HttpRequestMessage Request(IHttpCall call, Uri address, Connection? connection)
    {
        var request = new HttpRequestMessage(new HttpMethod(call.Method), address);
        if (call.Body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(call.Body));
            if (!MediaTypeHeaderValue.TryParse(call.ContentType, out var type))
                throw new TaskFailedException($"'{call.ContentType}' is no content type such as application/json.", retryable: false);
            request.Content.Headers.ContentType = type;
        }
        if (connection?.Extra("token") is { } token)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        else if (connection?.Info.Login is { } login)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login}:{connection.Password}")));
        foreach (var (name, value) in call.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value) && request.Content?.Headers.TryAddWithoutValidation(name, value) != true)
                throw new TaskFailedException($"'{name}' cannot be a header of this request.", retryable: false);
        }
        return request;
    }

    private static async Task<HttpOutputs> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var content = new MemoryStream();
        var buffer = new byte[81_920];
        int read;
        while (content.Length < TaskOutputs.MaxBytes && (read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            content.Write(buffer, 0, read);
        var status = (int)response.StatusCode;
        var text = Encoding.UTF8.GetString(content.GetBuffer(), 0, (int)content.Length);
        if (response.Content.Headers.ContentType?.MediaType is { } media && (media == "application/json" || media.EndsWith("+json", StringComparison.Ordinal)) && text.Length > 0)
        {
            try
            {
                return new HttpOutputs(status, JsonNode.Parse(text), null);
            }
            catch (JsonException)
            {
                // Said to be JSON and is not, or is too long: kept as text.
            }
        }
        return new HttpOutputs(status, null, text.Length <= MaxTextLength ? text : text[..MaxTextLength]);
    }
}
