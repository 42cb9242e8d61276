using Xunit.Abstractions;

[assembly: TestCollectionOrderer("PixelGameDev.Tests.Fixtures.LongestFirst", "PixelGameDev.Tests")]

namespace PixelGameDev.Tests.Fixtures;

/// <summary>
/// Starts the collections that last longest before the others, so that none of them remains alone at the end if xunit.runner.json allows
/// several at a time.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    /// <summary>The ends of the names of the collections that last more than half a minute, the longest first.</summary>
    private static readonly string[] Long =
    [
        BrowserCollection.Name, ".ComposeStackTests", ".AppHostTests", ".TopologyTests", ".ExampleGameTests", ".DockerSessionTests",
        ".LastKnownHealthTests", ".ScreenTests", ".StreamTests",
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(static collection =>
            Array.FindIndex(Long, end => collection.DisplayName.EndsWith(end, StringComparison.Ordinal)) is var place and >= 0
                ? place : Long.Length);
}
