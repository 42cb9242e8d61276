using System.Text;
using PixelGameDev.GameHost.Native;

namespace PixelGameDev.GameHost.Input;

/// <summary>Holds the write end of the game's standard input.</summary>
/// <param name="descriptor">Non-blocking; closed once.</param>
internal sealed class GameInputPipe(int descriptor)
{
    private readonly Lock _gate = new();
    private bool _closed;

    /// <summary>Writes one line.</summary>
    public void WriteLine(string line)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                // The pipe holds 64 KiB. An answer is lost only if that many bytes wait unread.
                Libc.Write(descriptor, Encoding.UTF8.GetBytes(line + "\n"));
            }
        }
    }

    /// <summary>Closes the input. A game that waits in <c>input()</c> gets the end of its input.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _closed = true;
                _ = Libc.Close(descriptor);
            }
        }
    }
}
