namespace PixelGameDev.AppHost.Machine;

/// <summary>Lets one process at a time build parts in a source tree. <c>./pixel</c> locks the same file (scripts/build.sh).</summary>
internal static class BuildLock
{
    /// <summary>Waits for the lock of the source tree at <paramref name="root"/>. The lock ends when the returned file is closed.</summary>
    public static Task<FileStream> WaitAsync(string root, Action<string> log, CancellationToken cancellationToken) => FileLock.WaitAsync(
        Path.Combine(root, "artifacts/build.lock"), "Waiting until another process has built its parts …", log, cancellationToken);
}
