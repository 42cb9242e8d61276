using System.Security.Cryptography;

namespace PixelGameDev.Executor.Links;

/// <summary>
/// Represents the directory with the link and work directories of this Executor process. It is locked while the process runs. The next
/// Executor removes the unlocked directories of killed ones.
/// </summary>
internal sealed class LinkRoot : IDisposable
{
    private const string LockName = "lock";

    /// <summary>The minimum age of a leftover: a younger directory may belong to an Executor that is about to lock it.</summary>
    private static readonly TimeSpan CreationGrace = TimeSpan.FromSeconds(30);

    private readonly FileStream _lock;

    private LinkRoot(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    /// <summary>Returns the absolute path of this process's directory.</summary>
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

    /// <summary>
    /// Removes the directories that ended Executors left under <paramref name="root"/>. Returns the number of removed directories.
    /// </summary>
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

                // The kernel releases an advisory lock at every kind of process end.
                using (Lock(path, FileMode.OpenOrCreate))
                {
                    Directory.Delete(path, recursive: true);
                    removed++;
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // A running Executor holds the lock, or we may not remove the directory.
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
            // A sandbox that is still being removed has a mount; the next start removes the directory.
        }

        _lock.Dispose();
    }

    private static FileStream Lock(string path, FileMode mode) =>
        new(System.IO.Path.Combine(path, LockName), mode, FileAccess.ReadWrite, FileShare.None);
}
