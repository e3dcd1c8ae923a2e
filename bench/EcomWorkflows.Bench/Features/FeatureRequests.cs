namespace EcomWorkflows.Bench.Features;

/// <summary>Lua scripts of requests for random customers.</summary>
internal static class FeatureRequests
{
    /// <param name="rows">Customers per request.</param>
    /// <param name="customers">How many there are to choose from.</param>
    public static string Script(int rows, int customers, string apiKey)
    {
        var features = string.Join(", ", Enumerable.Range(0, FeatureData.Features).Select(i => $"\\\"wide:f{i}\\\""));
        return Script(apiKey, $$$"""
            local ids = {}
            for r = 1, {{{rows}}} do ids[r] = string.format("\"C%07d\"", math.random(0, {{{customers - 1}}})) end
            requests[i] = "{\"features\": [{{{features}}}], \"entities\": {\"customer_id\": [" .. table.concat(ids, ",") .. "]}}"
            """);
    }

    /// <summary>Predictions of one random row, its features in the body.</summary>
    public static string RowScript(string apiKey)
    {
        var columns = string.Join(", ", Enumerable.Range(0, FeatureData.Features).Select(i => $"\\\"f{i}\\\""));
        return Script(apiKey, $$$"""
            local values = {}
            for c = 1, {{{FeatureData.Features}}} do values[c] = math.random(0, 1000000) / 1000 end
            requests[i] = "{\"dataframe_split\": {\"columns\": [{{{columns}}}], \"data\": [[" .. table.concat(values, ",") .. "]]}}"
            """);
    }

    /// <summary>Predictions of one random customer, by key.</summary>
    public static string EntityScript(int customers, string apiKey) => Script(apiKey, $$$"""
        requests[i] = string.format("{\"entities\": {\"customer_id\": [\"C%07d\"]}}", math.random(0, {{{customers - 1}}}))
        """);

    /// <param name="request">Lua that sets <c>requests[i]</c>.</param>
    private static string Script(string apiKey, string request) =>
        $$$"""
        wrk.method = "POST"
        wrk.headers["Content-Type"] = "application/json"
        wrk.headers["Authorization"] = "Bearer {{{apiKey}}}"
        math.randomseed(4711)
        local requests = {}
        for i = 1, 2000 do
          {{{request}}}
        end
        local next = 0
        request = function()
          next = next % #requests + 1
          return wrk.format(nil, nil, nil, requests[next])
        end
        """;
}
