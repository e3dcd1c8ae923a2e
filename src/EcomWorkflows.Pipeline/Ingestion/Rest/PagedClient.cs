using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using EcomWorkflows.Orchestration.BuiltIn;
using EcomWorkflows.Orchestration.Tasks;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace EcomWorkflows.Pipeline.Ingestion.Rest;

/// <summary>Reads all pages of a REST API; passing faults are retried with growing delays, as the server's Retry-After says where it does.</summary>
internal sealed class PagedClient(HttpClient http, RestFormat format, HttpCredentials? credentials, TimeProvider time)
{
    private const int MostPages = 1_000_000;
    private const int LongestWords = 300;
    private const string OtherShape =
        " Open the address to see what it answers and correct \"items\" in the mapping; where other pages have it, the API has changed meanwhile: run the task again, or ask its owner. Nothing was published.";

    private readonly ResiliencePipeline<HttpResponseMessage> resilience = Build(format, time);
    private long? lastRequest;

    /// <summary>Writes every item of every page as one line of JSON.</summary>
    /// <param name="known">What the last answer said of its version; null reads in any case.</param>
    /// <exception cref="TaskFailedException">The API cannot be reached, refuses, or answers with something else than declared; the message names the address.</exception>
    public async Task<PagedResult> WriteLinesAsync(Uri address, Stream lines, Action<int, long> progress, RestState? known, CancellationToken cancellationToken)
    {
        await using var writer = new Utf8JsonWriter(lines);
        var result = new PagedResult(HasChanged: true, 0, null, null);
        var number = 1;
        var fullPage = format.PageSize;
        var next = FirstPage(address);
        var asked = new HashSet<Uri>();
        var before = "";
        for (var page = 1; next is not null; page++)
        {
            if (!asked.Add(next))
                throw new TaskFailedException($"{next}: page {page} has been read before, so the pages would never end. Is \"next\" or the cursor the right member? Nothing was published.", FailureCause.Dependency, retryable: false);
            if (page > MostPages)
                throw new TaskFailedException($"{address}: more than {MostPages} pages; does \"{format.Next}\" ever end?", FailureCause.Dependency, retryable: false);
            using var response = await GetAsync(next, page == 1 ? known : null, cancellationToken);
            if (response.StatusCode == HttpStatusCode.NotModified)
                return result with { HasChanged = false };
            if (page == 1)
                result = result with { ETag = response.Headers.ETag?.ToString(), LastModified = response.Content.Headers.LastModified?.ToString("r") };
            using var document = await ParseAsync(next, response, cancellationToken);
            var list = ItemsOf(document.RootElement, next);
            before = NotAgain(list, before, next, page);
            foreach (var item in list.EnumerateArray())
            {
                item.WriteTo(writer);
                await writer.FlushAsync(cancellationToken);
                writer.Reset();
                lines.WriteByte((byte)'\n');
            }
            result = result with { Items = result.Items + list.GetArrayLength() };
            progress(page, result.Items);
            var current = next;
            next = NextPage(document.RootElement, response, list.GetArrayLength(), address, current, ref number);
            if (next is null && list.GetArrayLength() >= fullPage && format.Next is { } member && !TryFind(document.RootElement, member, out _))
                result = result with { EndedWithoutNext = current };
            // Some servers give fewer than they are asked for: what they gave before is then a full page.
            fullPage = page == 1 ? Math.Clamp(list.GetArrayLength(), 1, fullPage) : fullPage;
        }
        return result;
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
                    .HandleResult(response => IsPassing(response.StatusCode) && !(RetryAfter(response, time) > format.LongestRetryAfter)),
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

    private async Task<HttpResponseMessage> GetAsync(Uri page, RestState? known, CancellationToken cancellationToken)
    {
        try
        {
            var response = await resilience.ExecuteAsync(async token => await SendAsync(page, known, token), cancellationToken);
            if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotModified)
                return response;
            using (response)
                throw Refused(page, response);
        }
        catch (TimeoutRejectedException fault)
        {
            throw new TaskFailedException(
                $"{page} did not answer within {format.Timeout.TotalSeconds:0} s, {format.Retries + 1} times. Is the service overloaded? Otherwise give it more with \"timeout_seconds\", or ask for less with \"page_size\", in the source mapping.",
                FailureCause.Timeout, innerException: fault);
        }
        catch (HttpRequestException fault)
        {
            throw new TaskFailedException(
                $"{page} could not be read after {format.Retries + 1} tries: {fault.Message} Is the address right, and does the service run?", FailureCause.Dependency, innerException: fault);
        }
    }

    private static async Task<JsonDocument> ParseAsync(Uri page, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
        }
        catch (JsonException broken)
        {
            var place = response.RequestMessage?.RequestUri is { } last && last != page ? $"{page} leads to {last.GetLeftPart(UriPartial.Path)}, which" : $"{page}";
            throw new TaskFailedException(
                $"{place} answered with something that is no JSON, or is cut off: {broken.Message} Open the address to see what it answers; nothing was published.", FailureCause.BadData, innerException: broken);
        }
    }

    private async ValueTask<HttpResponseMessage> SendAsync(Uri page, RestState? known, CancellationToken cancellationToken)
    {
        await PaceAsync(cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, page);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        credentials?.Apply(request.Headers);
        if (known?.ETag is { } tag)
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        else if (known?.LastModified is { } modified)
            request.Headers.TryAddWithoutValidation("If-Modified-Since", modified);
        // The body is read inside the retried call: a connection that breaks half-way is a passing fault, too.
        return await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    /// <summary>Waits until the next request may begin.</summary>
    private async Task PaceAsync(CancellationToken cancellationToken)
    {
        if (format.RequestsPerSecond == 0)
            return;
        if (lastRequest is { } last && TimeSpan.FromSeconds(1.0 / format.RequestsPerSecond) - time.GetElapsedTime(last) is { Ticks: > 0 } wait)
            await Task.Delay(wait, time, cancellationToken);
        lastRequest = time.GetTimestamp();
    }

    private TaskFailedException Refused(Uri page, HttpResponseMessage response)
    {
        var passing = IsPassing(response.StatusCode);
        var advice = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                " Give credentials: \"connection\" in the source mapping names a stored connection of type http, or \"token_variable\" an environment variable with a valid token.",
            _ when RetryAfter(response, time) > format.LongestRetryAfter =>
                $" It asks to wait {RetryAfter(response, time)!.Value.TotalSeconds:0} s, more than \"longest_retry_after_seconds\" in the source mapping allows.",
            HttpStatusCode.NotFound => " Check \"location\" in the source mapping.",
            _ when SameServerRedirects.TargetOf(response) is { } target =>
                $" It leads to {target.GetLeftPart(UriPartial.Path)}. Only addresses of the same server are followed, {SameServerRedirects.Most} times at most; where the data is there, write that address as \"location\" in the source mapping.",
            _ => "",
        };
        var tries = passing && !(RetryAfter(response, time) > format.LongestRetryAfter) ? $" after {format.Retries + 1} tries" : "";
        return new TaskFailedException($"{page} answered {(int)response.StatusCode} {response.ReasonPhrase}{tries}{Words(response)}.{advice}", FailureCause.Dependency, retryable: passing);
    }

    /// <summary>The service's own explanation, where it gives one as a problem document (RFC 9457).</summary>
    private static string Words(HttpResponseMessage response)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return "";
        try
        {
            using var body = response.Content.ReadAsStream();
            using var problem = JsonDocument.Parse(body);
            var words = problem.RootElement.GetProperty("detail").GetString()?.TrimEnd('.') ?? "";
            return words.Length switch { 0 => "", > LongestWords => $": {words[..LongestWords]}…", _ => $": {words}" };
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "";
        }
    }

    private JsonElement ItemsOf(JsonElement root, Uri page)
    {
        if (!TryFind(root, format.Items, out var list))
            throw new TaskFailedException($"{page}: the answer has no member \"{format.Items}\" (format.items in the source mapping).{OtherShape}", FailureCause.BadData, retryable: false);
        return list.ValueKind == JsonValueKind.Array
            ? list
            : throw new TaskFailedException($"{page}: the items are a {list.ValueKind}; a list is expected (format.items in the source mapping).{OtherShape}", FailureCause.BadData, retryable: false);
    }

    /// <summary>A server that does not know how to page gives the same page for ever; a single item may well be like the one before.</summary>
    /// <returns>The items, to compare the next page with.</returns>
    private static string NotAgain(JsonElement list, string before, Uri page, int number)
    {
        var items = list.GetRawText();
        return list.GetArrayLength() > 1 && items == before
            ? throw new TaskFailedException(
                $"{page} gives the same items as page {number - 1}: the API seems not to page as the source mapping says. Correct \"paging\", \"page_parameter\" or \"size_parameter\" of its format; where the API gives all at once, \"paging\": \"none\". Nothing was published.",
                FailureCause.BadData, retryable: false)
            : items;
    }

    private static bool TryFind(JsonElement root, string path, out JsonElement found)
    {
        found = root;
        foreach (var member in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(member, out found))
                return false;
        }
        return true;
    }

    private Uri? NextPage(JsonElement root, HttpResponseMessage response, int items, Uri address, Uri current, ref int number)
    {
        if (format.Paging == "none")
            return null;
        if (format.Paging == "link" && format.Next is null)
            return LinkHeader.Next(response.Headers) is { } header ? Follow(header, address, current) : null;
        if (format.Next is null)
            return items < format.PageSize ? null : PageAddress(address, ++number);
        if (!TryFind(root, format.Next, out var next) || next.ValueKind is JsonValueKind.Null or JsonValueKind.False || (next.ValueKind == JsonValueKind.String && next.GetString()!.Length == 0))
            return null;
        if (format.Paging == "cursor" && next.ValueKind is (JsonValueKind.String or JsonValueKind.Number))
            return CursorAddress(address, next.ToString(), current);
        switch (next.ValueKind)
        {
            case JsonValueKind.Number or JsonValueKind.String when int.TryParse(next.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var page):
                if (page <= number)
                    break;
                number = page;
                return PageAddress(address, page);
            case JsonValueKind.True:
                return PageAddress(address, ++number);
            case JsonValueKind.String:
                return Follow(next.GetString()!, address, current);
        }
        throw Unusable(current, next.GetRawText());
    }

    /// <summary>A linked page; a token must not follow a link to somebody else, and a page that links to itself never ends.</summary>
    private Uri Follow(string link, Uri address, Uri current)
    {
        return Uri.TryCreate(current, link, out var target) && SameServerRedirects.IsSameServer(target, address) && target != current ? target : throw Unusable(current, $"\"{link}\"");
    }

    private TaskFailedException Unusable(Uri current, string next) => new(
        $"{current}: \"{format.Next ?? "Link"}\" is {next}; allowed are a later page number, an address on the same server, a new cursor, true, false and null.",
        FailureCause.BadData, retryable: false);

    private Uri FirstPage(Uri address) => format.Paging switch
    {
        "none" => address,
        "page" => PageAddress(address, 1),
        _ => With(address, (format.SizeParameter, $"{format.PageSize}")),
    };

    private Uri PageAddress(Uri address, int number) => With(address, (format.PageParameter, $"{number}"), (format.SizeParameter, $"{format.PageSize}"));

    private Uri CursorAddress(Uri address, string cursor, Uri current)
    {
        var target = With(address, (format.CursorParameter, cursor), (format.SizeParameter, $"{format.PageSize}"));
        return target != current ? target : throw Unusable(current, $"\"{cursor}\", the same as before");
    }

    private static Uri With(Uri address, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        var own = string.Join('&', parameters.ToArray().Where(parameter => parameter.Name.Length > 0).Select(parameter => $"{Uri.EscapeDataString(parameter.Name)}={Uri.EscapeDataString(parameter.Value)}"));
        var builder = new UriBuilder(address);
        builder.Query = builder.Query.Length > 1 ? $"{builder.Query[1..]}&{own}" : own;
        return builder.Uri;
    }
}
