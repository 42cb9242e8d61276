using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PixelGameDev.GameHost.Game;

/// <summary>Reads a small file of the kernel again and again, and opens it only once.</summary>
/// <remarks>A game can bring it about that no file can be opened any more (open files, memory); what is open stays readable.</remarks>
internal sealed class KernelFile(string path)
{
    private readonly byte[] _buffer = new byte[4096];
    private SafeFileHandle? _file;

    /// <summary>Returns its lines as they are now, up to 4 KiB; null where there is no such file.</summary>
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
