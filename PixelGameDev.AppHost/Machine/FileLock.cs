namespace PixelGameDev.AppHost.Machine;

/// <summary>Lets one process at a time do what a lock file stands for. <c>flock(1)</c> locks the same file.</summary>
internal static class FileLock
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Waits for the lock file at <paramref name="path"/>, which is created if it is missing. The lock ends when the returned file is
    /// closed.
    /// </summary>
    /// <param name="path">A path whose directory may be missing, too.</param>
    /// <param name="waiting">The line for <paramref name="log"/> if somebody else has the lock.</param>
    /// <param name="log">Takes one line.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<FileStream> WaitAsync(
        string path, string waiting, Action<string> log, CancellationToken cancellationToken)
    {
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
                    log(waiting);
                }

                await Task.Delay(RetryInterval, cancellationToken);
            }
        }
    }
}
