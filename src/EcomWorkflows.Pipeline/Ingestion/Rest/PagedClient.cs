using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using EcomWorkflows.Orchestration.Tasks;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace EcomWorkflows.Pipeline.Ingestion.Rest;

/// <summary>Reads all pages of a REST API; passing faults are retried with growing delays, as the server's Retry-After says where it does.</summary>
internal sealed class PagedClient(HttpClient http, RestFormat format, TimeProvider time)
{
    private const int MostPages = 1_000_000;

    private readonly ResiliencePipeline<HttpResponseMessage> resilience = Build(format, time);

    /// <summary>Writes every item of every page as one line of JSON and returns their number.</summary>
    /// <exception cref="TaskFailedException">The API cannot be reached, refuses, or answers with something else than declared; the message names the address.</exception>
    public async Task<long> WriteLinesAsync(Uri address, Stream lines, Action<int, long> progress, CancellationToken cancellationToken)
    {
        await using var writer = new Utf8JsonWriter(lines);
        var items = 0L;
        var number = 1;
        var next = PageAddress(address, number);
        for (var page = 1; next is not null; page++)
        {
            if (page > MostPages)
                throw new TaskFailedException($"{address}: more than {MostPages} pages; does \"{format.Next}\" ever end?", FailureCause.Dependency, retryable: false);
            using var document = await GetAsync(next, cancellationToken);
            var list = ItemsOf(document.RootElement, next);
            foreach (var item in list.EnumerateArray())
            {
                item.WriteTo(writer);
                await writer.FlushAsync(cancellationToken);
                writer.Reset();
                lines.WriteByte((byte)'\n');
                items++;
            }
            progress(page, items);
            next = NextPage(document.RootElement, list.GetArrayLength(), address, next, ref number);
        }
        return items;
    }

    private static ResiliencePipeline<HttpResponseMessage> Build(RestFormat format, TimeProvider time)
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        if (format.Retries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = format.Retries,
                Delay = format.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = new PredicateBuilder<HttpResponseMessage>()
                    .Handle<HttpRequestException>()
                    .Handle<TimeoutRejectedException>()
                    .HandleResult(response => IsPassing(response.StatusCode)),
                DelayGenerator = arguments => ValueTask.FromResult(RetryAfter(arguments.Outcome.Result, time)),
            });
        }
        return builder.AddTimeout(format.Timeout).Build();
    }

    private static bool IsPassing(HttpStatusCode status) => (int)status >= 500 || status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout;

    private static TimeSpan? RetryAfter(HttpResponseMessage? response, TimeProvider time) => response?.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > time.GetUtcNow() ? date - time.GetUtcNow() : TimeSpan.Zero,
        _ => null,
    };

    private async Task<JsonDocument> GetAsync(Uri page, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await resilience.ExecuteAsync(async token => await SendAsync(page, token), cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw Refused(page, response);
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
        }
        catch (Exception fault) when (fault is HttpRequestException or TimeoutRejectedException)
        {
            throw new TaskFailedException(
                $"{page} could not be read after {format.Retries + 1} tries: {fault.Message} Is the address right, and does the service run?", FailureCause.Dependency, innerException: fault);
        }
        catch (JsonException broken)
        {
            throw new TaskFailedException($"{page} answered with something that is no JSON: {broken.Message}", FailureCause.BadData, innerException: broken);
        }
    }

    private async ValueTask<HttpResponseMessage> SendAsync(Uri page, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, page);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (format.TokenVariable is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token(format.TokenVariable));
        // The body is read inside the retried call: a connection that breaks half-way is a passing fault, too.
        return await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    private static string Token(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } token
        ? token
        : throw new TaskFailedException($"The environment variable {variable}, which the source mapping names as \"token_variable\", is not set.", retryable: false);

    private TaskFailedException Refused(Uri page, HttpResponseMessage response)
    {
        var passing = IsPassing(response.StatusCode);
        var advice = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => " Set \"token_variable\" in the source mapping to an environment variable with a valid token.",
            HttpStatusCode.NotFound => " Check \"location\" in the source mapping.",
            _ => "",
        };
        var tries = passing ? $" after {format.Retries + 1} tries" : "";
        return new TaskFailedException($"{page} answered {(int)response.StatusCode} {response.ReasonPhrase}{tries}.{advice}", FailureCause.Dependency, retryable: passing);
    }

    private JsonElement ItemsOf(JsonElement root, Uri page)
    {
        var list = root;
        if (format.Items.Length > 0 && !(root.ValueKind == JsonValueKind.Object && root.TryGetProperty(format.Items, out list)))
            throw new TaskFailedException($"{page}: the answer has no member \"{format.Items}\" (format.items in the source mapping).", FailureCause.BadData, retryable: false);
        return list.ValueKind == JsonValueKind.Array
            ? list
            : throw new TaskFailedException($"{page}: the items are a {list.ValueKind}; a list is expected (format.items in the source mapping).", FailureCause.BadData, retryable: false);
    }

    private Uri? NextPage(JsonElement root, int items, Uri address, Uri current, ref int number)
    {
        if (format.Next is null)
            return items < format.PageSize ? null : PageAddress(address, ++number);
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(format.Next, out var next))
            return null;
        switch (next.ValueKind)
        {
            case JsonValueKind.Number when next.TryGetInt32(out var page) && page > number:
                number = page;
                return PageAddress(address, page);
            case JsonValueKind.True:
                return PageAddress(address, ++number);
            case JsonValueKind.String when next.GetString() is { Length: > 0 } link:
                var target = new Uri(current, link);
                // A token must not follow a link to somebody else.
                if (Uri.Compare(target, address, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0 && target != current)
                    return target;
                break;
            case JsonValueKind.Null or JsonValueKind.False or JsonValueKind.String:
                return null;
        }
        throw new TaskFailedException(
            $"{current}: \"{format.Next}\" is {next.GetRawText()}; allowed are a later page number, an address on the same server, true, false and null.", FailureCause.BadData, retryable: false);
    }

    private Uri PageAddress(Uri address, int number)
    {
        var builder = new UriBuilder(address);
        var own = $"{Uri.EscapeDataString(format.PageParameter)}={number}&{Uri.EscapeDataString(format.SizeParameter)}={format.PageSize}";
        builder.Query = builder.Query.Length > 1 ? $"{builder.Query[1..]}&{own}" : own;
        return builder.Uri;
    }
}
