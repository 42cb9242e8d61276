namespace PixelGameDev.AppHost.Machine;

/// <summary>Lets one process at a time build parts in a source tree. <c>./pixel</c> locks the same file (scripts/build.sh).</summary>
internal static class BuildLock
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits for the lock of the source tree at <paramref name="root"/>. The lock ends when the returned file is closed.</summary>
    public static async Task<FileStream> WaitAsync(string root, Action<string> log, CancellationToken cancellationToken)
    {
        string path = Path.Combine(root, "artifacts/build.lock");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (bool logged = false; ; logged = true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                if (!logged)
                {
                    log("Waiting until another process has built its parts …");
                }

                await Task.Delay(RetryInterval, cancellationToken);
            }
        }
    }
}
