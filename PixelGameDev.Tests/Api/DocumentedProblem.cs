using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PixelGameDev.Tests.Api;

/// <summary>Checks each problem that a test gets against the OpenAPI document of the Api: the endpoint must list the code.</summary>
internal static class DocumentedProblem
{
    private static readonly SemaphoreSlim Turn = new(1);
    private static List<Operation>? _operations;

    public static async Task AssertAsync(HttpRequestMessage request, int status, string code)
    {
        List<Operation> operations = await OperationsAsync(request.RequestUri!);
        string path = request.RequestUri!.AbsolutePath.TrimEnd('/');
        // The document does not list addresses and methods without an endpoint.
        if (operations.Find(one => one.Method == request.Method.Method && one.Path.IsMatch(path)) is { } operation)
        {
            Assert.True(
                operation.Codes.GetValueOrDefault(status)?.Contains(code) == true,
                $"{operation.Method} {operation.Template} answers {status} {code}, which WithProblems does not list.");
        }
    }

    internal static async Task<List<Operation>> OperationsAsync(Uri server)
    {
        await Turn.WaitAsync();
        try
        {
            if (_operations is null)
            {
                using HttpClient http = new();
                JsonNode document = JsonNode.Parse(await http.GetStringAsync(new Uri(server, "/openapi/v1.json")))!;
                _operations = [.. document["paths"]!.AsObject().SelectMany(static path => path.Value!.AsObject()
                    .Select(operation => Operation.Of(path.Key, operation.Key, operation.Value!)))];
            }

            return _operations;
        }
        finally
        {
            Turn.Release();
        }
    }

    /// <summary>An endpoint with its problem codes by status.</summary>
    internal sealed record Operation(string Method, string Template, Regex Path, IReadOnlyDictionary<int, string[]> Codes)
    {
        public static Operation Of(string template, string method, JsonNode operation)
        {
            // Only {path} contains slashes; {code} is that of a link; {id} is a UUID.
            string pattern = Regex.Escape(template).Replace("\\{path}", ".*", StringComparison.Ordinal)
                .Replace("\\{code}", "[^/]+", StringComparison.Ordinal);
            pattern = Regex.Replace(pattern, @"\\\{\w+}", "[0-9a-fA-F-]{36}");
            return new(
                method.ToUpperInvariant(),
                template,
                new Regex($"^{pattern.TrimEnd('/')}$", RegexOptions.IgnoreCase),
                operation["responses"]!.AsObject()
                    .Where(static response => int.Parse(response.Key, provider: null) >= 400)
                    .ToDictionary(
                        static response => int.Parse(response.Key, provider: null),
                        static response => Regex.Matches(response.Value!["description"]?.GetValue<string>() ?? "", "`([a-z_]+)`")
                            .Select(static match => match.Groups[1].Value).ToArray()));
        }
    }
}
