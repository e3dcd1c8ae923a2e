using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcomWorkflows.Server.Api.DemoShop;

/// <summary>The simulated shop's customer API, <c>GET /demo-shop/customers?page&amp;page_size</c>: what ingestion reads over HTTP in demo mode.</summary>
public static class DemoShopApi
{
    public const string CustomersPath = "/demo-shop/customers";
    private const int DefaultPageSize = 100;
    private const int LargestPageSize = 10_000;

    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints, DemoShopOptions options)
    {
        CustomerFile? known = null;
        var answered = 0;
        return endpoints.MapGet(CustomersPath, async Task<IResult> (HttpContext http, string? page, string? page_size, CancellationToken cancellationToken) =>
        {
            if (Interlocked.Increment(ref answered) is var request && request <= options.Faults.Count)
                return Fault(http, options.Faults[request - 1]);
            if (!MayEnter(http, options.ApiKey))
                return Refuse(http);
            if (Number(page, 1, 1, int.MaxValue) is not { } pageNumber)
                return Wrong("page", page, "a whole number from 1");
            if (Number(page_size, DefaultPageSize, 1, LargestPageSize) is not { } pageSize)
                return Wrong("page_size", page_size, $"a whole number from 1 to {LargestPageSize}");
            try
            {
                var file = known = CustomerFile.Open(options.CustomersFile, known);
                return await PageAsync(http, file, pageNumber, pageSize, cancellationToken);
            }
            catch (FileNotFoundException missing)
            {
                return TypedResults.Problem(missing.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
            }
        });
    }

    /// <summary>Where there is no demo, whoever asks for the shop learns how to get it.</summary>
    public static IEndpointConventionBuilder MapClosed(IEndpointRouteBuilder endpoints) => endpoints.MapGet(CustomersPath, () => TypedResults.Problem(
        "The simulated shop is open with ./ecom demo and ./ecom serve --demo only. For your own data, give the DAG another source: its parameter 'source', or the default of it in the DAG's file.",
        statusCode: StatusCodes.Status404NotFound, title: "No simulated shop"));

    private static async Task<IResult> PageAsync(HttpContext http, CustomerFile file, int page, int pageSize, CancellationToken cancellationToken)
    {
        var first = (int)Math.Min((page - 1L) * pageSize, file.Records);
        var count = Math.Min(pageSize, file.Records - first);
        var records = await file.ReadAsync(first, count, cancellationToken);
        var next = first + count < file.Records
            ? $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}{CustomersPath}?page={page + 1}&page_size={pageSize}"
            : null;
        var body = new ArrayBufferWriter<byte>(records.Length + 256);
        body.Write("{\"items\":["u8);
        body.Write(records.Span);
        Encoding.UTF8.GetBytes($"],\"page\":{page},\"page_size\":{pageSize},\"total\":{file.Records},\"next\":{JsonSerializer.Serialize(next)}}}", body);
        return TypedResults.Bytes(body.WrittenMemory, "application/json");
    }

    private static bool MayEnter(HttpContext http, string? key) =>
        key is null || CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(http.Request.Headers[DemoShopOptions.KeyHeader].ToString())), SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static ProblemHttpResult Refuse(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "ApiKey";
        return TypedResults.Problem($"Send the shop's key in the header {DemoShopOptions.KeyHeader}.", statusCode: StatusCodes.Status401Unauthorized);
    }

    private static ProblemHttpResult Fault(HttpContext http, DemoShopFault fault)
    {
        if (fault.RetryAfter is { } wait)
            http.Response.Headers.RetryAfter = ((int)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return TypedResults.Problem("The shop is out of order on purpose.", statusCode: fault.StatusCode);
    }

    private static ProblemHttpResult Wrong(string parameter, string? value, string allowed) =>
        TypedResults.Problem($"{parameter} must be {allowed}, not '{value}'.", statusCode: StatusCodes.Status400BadRequest);

    private static int? Number(string? text, int missing, int smallest, int largest)
    {
        if (string.IsNullOrEmpty(text))
            return missing;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= smallest && number <= largest ? number : null;
    }
}
