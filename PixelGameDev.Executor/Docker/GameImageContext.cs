using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Executor.Docker;

/// <summary>
/// Holds the parts of the game image: the Dockerfile, gamehost with its library, and the Python runtime. Their hash is the image's tag,
/// so the same parts are built only once. The base image and its packages are not part of the hash.
/// </summary>
internal sealed class GameImageContext
{
    private const int HashCharacters = 16;
    private const UnixFileMode Executable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly IReadOnlyList<(string Name, string Path, UnixFileMode Mode)> _files;

    private GameImageContext(IReadOnlyList<(string, string, UnixFileMode)> files, string hash)
    {
        _files = files;
        Hash = hash;
    }

    /// <summary>Returns the hexadecimal hash of all names and contents.</summary>
    public string Hash { get; }

    /// <exception cref="SandboxUnavailableException">A part is missing; the message says what to do.</exception>
    public static GameImageContext Read(GameHostFiles files)
    {
        if (files.Dockerfile is null || files.Runtime is null)
        {
            throw new SandboxUnavailableException(
                "the game image cannot be built: its Dockerfile and runtime were not found; set GAME_IMAGE to a built image");
        }

        if (files.GameHost is null || files.PixelFrame is null)
        {
            throw new SandboxUnavailableException(
                "the game image cannot be built: gamehost is not published; run ./pixel image (or dotnet publish PixelGameDev.GameHost " +
                    "-c Release -r linux-x64 -o artifacts/gamehost)");
        }

        List<(string Name, string Path, UnixFileMode Mode)> list =
        [
            ("Dockerfile", files.Dockerfile, Readable),
            ("gamehost", files.GameHost, Executable),
            (GameHostFiles.PixelFrameName, files.PixelFrame, Readable),
        ];
        foreach (string path in Directory.EnumerateFiles(files.Runtime, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(files.Runtime, path).Replace('\\', '/');
            if (!name.Contains("__pycache__", StringComparison.Ordinal) && !name.EndsWith(".pyc", StringComparison.Ordinal))
            {
                list.Add(("runtime/" + name, path, Readable));
            }
        }

        list.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return new GameImageContext(list, HashOf(list));
    }

    /// <summary>Returns the files as a tar archive for the daemon. Equal contents give equal bytes.</summary>
    public async Task<MemoryStream> ToTarAsync(CancellationToken cancellationToken)
    {
        MemoryStream tar = new();
        await using (TarWriter writer = new(tar, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach ((string name, string path, UnixFileMode mode) in _files)
            {
                await using FileStream content = File.OpenRead(path);
                await writer.WriteEntryAsync(
                    new UstarTarEntry(TarEntryType.RegularFile, name)
                    {
                        Mode = mode,
                        ModificationTime = DateTimeOffset.UnixEpoch,
                        DataStream = content
                    },
                    cancellationToken);
            }
        }

        tar.Position = 0;
        return tar;
    }

    private static string HashOf(List<(string Name, string Path, UnixFileMode Mode)> files)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string name, string path, _) in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name + "\0"));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(path)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..HashCharacters];
    }
}
