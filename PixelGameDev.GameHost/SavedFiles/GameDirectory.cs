using System.Runtime.InteropServices;
using PixelGameDev.GameHost.Native;

namespace PixelGameDev.GameHost.SavedFiles;

/// <summary>Tells one state of a file from another.</summary>
/// <param name="Inode">Number of the file; another one if the file was replaced.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ChangedSeconds">Time of the last change of any kind, which a program cannot set back: seconds since 1970.</param>
/// <param name="ChangedNanoseconds">The rest of that time.</param>
internal readonly record struct FileStamp(ulong Inode, long Size, long ChangedSeconds, uint ChangedNanoseconds)
{
    /// <summary>Returns how long ago the file was changed.</summary>
    public TimeSpan Age(DateTimeOffset now) =>
        now - DateTimeOffset.FromUnixTimeSeconds(ChangedSeconds).AddMilliseconds(ChangedNanoseconds / 1e6);
}

/// <summary>Reads the directory of a game, which may still run and change anything at any moment.</summary>
/// <remarks>
/// It follows no link and opens only directories and ordinary files, each below the descriptor of its directory. So a game cannot make
/// GameHost read outside of the directory or wait for a pipe.
/// </remarks>
internal sealed unsafe class GameDirectory(string root)
{
    /// <summary>Most entries that one walk visits; above the inodes of a sandbox.</summary>
    private const int MaxEntries = 10_000;

    private const int NameOffset = 19;

    /// <summary>Returns the ordinary files with their paths, relative and with <c>/</c>.</summary>
    /// <param name="isWhole">False if the directory could not be read as a whole, so that a missing path means nothing.</param>
    public Dictionary<string, FileStamp> Walk(out bool isWhole)
    {
        Dictionary<string, FileStamp> found = new(StringComparer.Ordinal);
        int left = MaxEntries;
        isWhole = WalkFolder(OpenRoot(), "", 1, found, ref left);
        return found;
    }

    /// <summary>Returns the state of one file; null if there is no ordinary file.</summary>
    public FileStamp? Find(string path)
    {
        int fd = Open(path);
        try
        {
            return fd < 0 ? null : StampOf(fd);
        }
        finally
        {
            Close(fd);
        }
    }

    /// <summary>Reads a file of at most <paramref name="limit"/> bytes; null if it is none, or has become larger.</summary>
    public (byte[] Content, FileStamp Stamp)? Read(string path, int limit)
    {
        int fd = Open(path);
        try
        {
            if (fd < 0 || StampOf(fd) is not { } stamp || stamp.Size > limit)
            {
                return null;
            }

            // One byte more than the file has shows that it grows.
            byte[] content = new byte[stamp.Size + 1];
            int length = 0;
            while (length < content.Length)
            {
                int count = Libc.Read(fd, content.AsSpan(length));
                if (count < 0)
                {
                    return null;
                }

                if (count == 0)
                {
                    break;
                }

                length += count;
            }

            return (content[..(int)Math.Min(length, stamp.Size)], stamp);
        }
        finally
        {
            Close(fd);
        }
    }

    private static bool WalkFolder(int folder, string prefix, int depth, Dictionary<string, FileStamp> found, ref int left)
    {
        nint stream = folder < 0 ? 0 : Libc.OpenDirectory(folder);
        if (stream == 0)
        {
            Close(folder);
            return false;
        }

        bool isWhole = true;
        try
        {
            byte* entry;
            while ((entry = Libc.ReadDirectory(stream)) is not null)
            {
                byte* name = entry + NameOffset;
                if (--left < 0)
                {
                    return false;
                }

                if (Marshal.PtrToStringUTF8((nint)name) is not { } text || text is "." or ".."
                    || Libc.StatX(folder, name, Libc.AtSymlinkNofollow, out StatX status) < 0)
                {
                    continue;
                }

                if (status.IsFile)
                {
                    found[prefix + text] = status.Stamp;
                }
                else if (status.IsDirectory && depth < Streaming.Protocol.SavedFileRules.MaxDepth
                    && !Streaming.Protocol.SavedFileRules.IsIgnoredFolder(text))
                {
                    int inner = Libc.OpenAt(folder, name, Libc.DirectoryFlags);
                    isWhole &= WalkFolder(inner, $"{prefix}{text}/", depth + 1, found, ref left);
                }
            }

            return isWhole;
        }
        finally
        {
            _ = Libc.CloseDirectory(stream);
        }
    }

    private static FileStamp? StampOf(int fd)
    {
        byte empty = 0;
        return Libc.StatX(fd, &empty, Libc.AtEmptyPath, out StatX status) == 0 && status.IsFile ? status.Stamp : null;
    }

    private static void Close(int fd)
    {
        if (fd >= 0)
        {
            _ = Libc.Close(fd);
        }
    }

    private static int OpenAt(int folder, string name, int flags)
    {
        byte* text = (byte*)Marshal.StringToCoTaskMemUTF8(name);
        try
        {
            return Libc.OpenAt(folder, text, flags);
        }
        finally
        {
            Marshal.FreeCoTaskMem((nint)text);
        }
    }

    private int OpenRoot() => OpenAt(Libc.AtCurrentDirectory, root, Libc.DirectoryFlags);

    /// <summary>Opens a file below the root; negative if a part of its path is not what it should be.</summary>
    private int Open(string path)
    {
        int folder = OpenRoot();
        string[] parts = path.Split('/');
        for (int i = 0; i < parts.Length && folder >= 0; i++)
        {
            int next = OpenAt(folder, parts[i], i + 1 < parts.Length ? Libc.DirectoryFlags : Libc.FileFlags);
            Close(folder);
            folder = next;
        }

        return folder;
    }
}
