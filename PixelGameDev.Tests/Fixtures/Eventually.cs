namespace PixelGameDev.Tests.Fixtures;

/// <summary>
/// Waits for a condition instead of a fixed time. The limit is long because a busy machine is slow; the wait ends as soon as the condition
/// is true.
/// </summary>
public static class Eventually
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task TrueAsync(Func<bool> condition, string? what = null, TimeSpan? limit = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, limit);

    public static async Task TrueAsync(Func<Task<bool>> condition, string? what = null, TimeSpan? limit = null)
    {
        long until = Environment.TickCount64 + (long)(limit ?? Limit).TotalMilliseconds;
        while (!await condition())
        {
            if (Environment.TickCount64 > until)
            {
                Assert.Fail($"Did not become true within {limit ?? Limit}: {what ?? "the condition"}.");
            }

            await Task.Delay(20);
        }
    }
}
