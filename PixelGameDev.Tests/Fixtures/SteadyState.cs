namespace PixelGameDev.Tests.Fixtures;

/// <summary>What is done again and again, and must not allocate while it is.</summary>
internal static class SteadyState
{
    /// <summary>
    /// Parts of the steps that may allocate: the runtime puts in something of its own now and then, on whichever thread it is (a method
    /// compiled anew in its loop, a pool emptied by a collection that other tests caused). A step of ours that allocates does it each time,
    /// or each time that it grows.
    /// </summary>
    private const int OneIn = 100;

    /// <summary>Asserts that steps allocate nothing.</summary>
    /// <param name="allocated">What the thread had allocated after each step, bytes; at least 301 of them.</param>
    public static void AssertNothing(ReadOnlySpan<long> allocated)
    {
        Assert.True(allocated.Length > 300, $"{allocated.Length} steps are too few to tell the steady state from the way there.");
        List<string> found = [];
        for (int step = 1; step < allocated.Length; step++)
        {
            if (allocated[step] != allocated[step - 1])
            {
                found.Add($"{allocated[step] - allocated[step - 1]} bytes in step {step}");
            }
        }

        Assert.True(found.Count <= allocated.Length / OneIn,
            $"Of {allocated.Length} steps {found.Count} allocated: {string.Join(", ", found.Take(20))}");
    }
}
