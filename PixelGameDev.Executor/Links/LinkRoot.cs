using System.Security.Cryptography;

namespace PixelGameDev.Executor.Links;

/// <summary>
/// The directory that holds the link and work directories of this Executor process. It is locked while the process lives;
/// what a killed Executor left behind is not, and is removed by the next one.
/// </summary>
internal sealed class LinkRoot : IDisposable
{
    private const string LockName = "lock";

    /// <summary>A directory this young may belong to an Executor that is about to lock it.</summary>
    private static readonly TimeSpan CreationGrace = TimeSpan.FromSeconds(30);

    private readonly FileStream _lock;

    private LinkRoot(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    /// <summary>Absolute path of this process's own directory.</summary>
    public string Path { get; }

    public static LinkRoot Create(string root)
    {
        Directory.CreateDirectory(root, LinkDirectory.PassThrough);
        File.SetUnixFileMode(root, LinkDirectory.PassThrough);
        string path = System.IO.Path.Combine(root, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
        Directory.CreateDirectory(path, LinkDirectory.PassThrough);
        File.SetUnixFileMode(path, LinkDirectory.PassThrough);
        return new LinkRoot(path, Lock(path, FileMode.Create));
    }

    /// <summary>Removes what dead Executors left under <paramref name="root"/>; tells how many directories.</summary>
    public static int RemoveLeftovers(string root, TimeProvider time)
    {
        int removed = 0;
        if (!Directory.Exists(root))
        {
            return removed;
        }

        foreach (string path in Directory.EnumerateDirectories(root))
        {
            try
            {
                if (time.GetUtcNow() - Directory.GetCreationTimeUtc(path) < CreationGrace
                    && !File.Exists(System.IO.Path.Combine(path, LockName)))
                {
                    continue;
                }

                // Advisory locks of the kernel end with their process, however it ended.
                using (Lock(path, FileMode.OpenOrCreate))
                {
                    Directory.Delete(path, recursive: true);
                    removed++;
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Held by a living Executor, or not ours to remove.
            }
        }

        return removed;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A sandbox that is still being removed holds a mount: the next start takes it.
        }

        _lock.Dispose();
    }

    private static FileStream Lock(string path, FileMode mode) =>
        new(System.IO.Path.Combine(path, LockName), mode, FileAccess.ReadWrite, FileShare.None);
}
