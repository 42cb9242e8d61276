using PixelGameDev.AppHost;
using PixelGameDev.Benchmarks.Processes;

namespace PixelGameDev.Tests.Executor;

/// <summary>Prepares the machine for tests with real sandboxes.</summary>
internal static class RealSandboxes
{
    private static readonly SemaphoreSlim Turn = new(1);
    private static bool _prepared;

    /// <summary>Publishes GameHost once if it is missing.</summary>
    public static async Task PrepareAsync()
    {
        await Turn.WaitAsync();
        try
        {
            if (!_prepared)
            {
                await Preparation.EnsureAsync(Repository.Find(), static _ => { }, CancellationToken.None);
                _prepared = true;
            }
        }
        finally
        {
            Turn.Release();
        }
    }
}
