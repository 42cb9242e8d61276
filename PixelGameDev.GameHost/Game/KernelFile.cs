using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PixelGameDev.GameHost.Game;

/// <summary>Reads a small file of the kernel repeatedly, and opens it only once.</summary>
/// <remarks>A game can use up open files or memory, so that no file can be opened any more. A file that is open stays readable.</remarks>
internal sealed class KernelFile(string path)
{
    private readonly byte[] _buffer = new byte[4096];
    private SafeFileHandle? _file;

    /// <summary>Returns the current lines, up to 4 KiB; null if the file does not exist.</summary>
    public string[]? ReadLines()
    {
        try
        {
            _file ??= File.OpenHandle(path);
            int length = RandomAccess.Read(_file, _buffer, 0);
            return Encoding.ASCII.GetString(_buffer, 0, length).Split('\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
