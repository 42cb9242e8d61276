using System.Text.RegularExpressions;
using PixelGameDev.AppHost;

namespace PixelGameDev.Tests.Api;

/// <summary>
/// Tests that the document lists the problems of each endpoint. <see cref="DocumentedProblem"/> checks it in every other test.
/// </summary>
public sealed class ProblemDocumentationTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Every_endpoint_lists_its_problems_by_code()
    {
        List<DocumentedProblem.Operation> operations = await DocumentedProblem.OperationsAsync(fixture.Api.Address);
        Assert.True(operations.Count > 25, $"Only {operations.Count} endpoints are in the document.");
        foreach (DocumentedProblem.Operation operation in operations
            .Where(static one => one.Template is not ("/api/health" or "/api/info")))
        {
            Assert.Contains("database_away", operation.Codes[503]);
            Assert.All(operation.Codes, status => Assert.True(
                status.Value.Length > 0, $"{operation.Method} {operation.Template} names no code for {status.Key}."));
            if (operation.Template.Contains("{id}", StringComparison.Ordinal))
            {
                Assert.Contains("not_found", operation.Codes[404]);
            }
        }
    }

    /// <summary>
    /// Tests the page's texts for problems. The page words a problem in the person's language if it has a text for the code.
    /// </summary>
    [Fact]
    public async Task Words_of_the_page_are_for_problems_that_exist()
    {
        HashSet<string> known = [.. (await DocumentedProblem.OperationsAsync(fixture.Api.Address))
            .SelectMany(static one => one.Codes.Values).SelectMany(static codes => codes)];
        string words = await File.ReadAllTextAsync(
            Path.Combine(Repository.Find().Root, "PixelGameDev.Api", "Web", "src", "language", "en", "problems.ts"));
        string[] codes = [.. Regex.Matches(words, @"^  '?([a-z_]+)(\.[a-z_]+)?'?:", RegexOptions.Multiline)
            .Select(static match => match.Groups[1].Value).Distinct()];
        Assert.True(codes.Length > 30, "The words of the page were not understood.");
        Assert.Empty(codes.Except(known));
    }
}
