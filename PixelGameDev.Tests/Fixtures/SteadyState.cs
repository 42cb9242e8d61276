namespace PixelGameDev.Tests.Fixtures;

/// <summary>Checks code that runs again and again and must not allocate.</summary>
internal static class SteadyState
{
    /// <summary>
    /// One step of this many may allocate. The runtime sometimes allocates on any thread: it recompiles a method in its loop, or refills a
    /// pool that a collection of other tests has emptied. A step of ours that allocates does so each time, or each time that it grows.
    /// </summary>
    private const int OneIn = 100;

    /// <summary>Asserts that steps allocate nothing.</summary>
    /// <param name="allocated">Bytes that the thread had allocated after each step; at least 301 values.</param>
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
