using PixelGameDev.AppHost;
using PixelGameDev.Benchmarks.Processes;

namespace PixelGameDev.Tests.Fixtures.Sandbox;

/// <summary>Finds the published GameHost and its runtime.</summary>
internal static class GameHostBinary
{
    private static readonly SemaphoreSlim Turn = new(1);
    private static bool _made;

    public static string Repository { get; } = PixelGameDev.AppHost.Repository.Find().Root;

    public static string Path { get; } = System.IO.Path.Combine(Repository, "artifacts/gamehost/gamehost");

    public static string Runtime { get; } = System.IO.Path.Combine(Repository, "PixelGameDev.GameHost/runtime");

    /// <summary>Publishes GameHost if needed. "./pixel test" has done it before; a plain "dotnet test" does it once.</summary>
    public static async Task EnsureAsync()
    {
        await Turn.WaitAsync();
        try
        {
            if (!_made)
            {
                await Preparation.EnsureGameHostAsync(PixelGameDev.AppHost.Repository.Find(), static _ => { }, CancellationToken.None);
                _made = true;
            }
        }
        finally
        {
            Turn.Release();
        }
    }
}
