using System.Security.Cryptography;
using System.Text;

namespace PixelGameDev.Executor.Configuration;

/// <summary>
/// Generates the service key of development once and stores it in the user's data directory, so that tokens stay valid across restarts. A
/// launcher that also starts the Api passes one key to both; then this file is not used.
/// </summary>
internal static class DevelopmentSecret
{
    private const string FileName = "executor-secret-key";

    public static byte[] LoadOrCreate()
    {
        string file = Path.Combine(DataDirectory(), FileName);
        try
        {
            if (File.Exists(file) && File.ReadAllText(file).Trim() is { Length: >= ExecutorSettings.MinSecretBytes } kept)
            {
                return Encoding.UTF8.GetBytes(kept);
            }

            string made = Convert.ToBase64String(RandomNumberGenerator.GetBytes(48));
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            using FileStream stream = new(file, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            stream.Write(Encoding.UTF8.GetBytes(made));
            return Encoding.UTF8.GetBytes(made);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The home directory is read-only. A key in memory still protects this process, but no Api can know it.
            return RandomNumberGenerator.GetBytes(48);
        }
    }

    private static string DataDirectory() =>
        Environment.GetEnvironmentVariable("PIXELGAMEDEV_DATA") is { Length: > 0 } data
            ? data
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData,
                Environment.SpecialFolderOption.Create), "pixelgamedev");
}
