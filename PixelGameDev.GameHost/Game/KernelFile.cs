using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PixelGameDev.GameHost.Game;

/// <summary>A small file of the kernel that is opened once and read again and again.</summary>
/// <remarks>A game can see to it that nothing can be opened any more (open files, memory); what is open stays readable.</remarks>
internal sealed class KernelFile(string path)
{
    private readonly byte[] _buffer = new byte[4096];
    private SafeFileHandle? _file;

    /// <summary>Reads its lines as they are now, up to 4 KiB; null where it is not there.</summary>
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
