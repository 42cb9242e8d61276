using Xunit.Abstractions;

[assembly: TestCollectionOrderer("PixelGameDev.Tests.Fixtures.LongestFirst", "PixelGameDev.Tests")]

namespace PixelGameDev.Tests.Fixtures;

/// <summary>
/// Starts the collections that last longest before the others, so that none of them remains alone at the end. Two run at a time: most
/// tests wait for something, and one test would leave both processors idle. Collections that keep them busy run alone, after all others.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    /// <summary>The ends of the names of the collections that last more than half a minute, the longest first.</summary>
    private static readonly string[] Long =
    [
        ".TopologyTests", ".AppHostTests", ".ExampleGameTests", ".DockerSessionTests", ".SubprocessSessionTests",
        ".NamedEndTests", ".AccessibilityTests",
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(static collection =>
            Array.FindIndex(Long, end => collection.DisplayName.EndsWith(end, StringComparison.Ordinal)) is var place and >= 0
                ? place : Long.Length);
}
