using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using PixelGameDev.GameHost.Native;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost.Game;

/// <summary>The Python side's report of the end of the learner's program.</summary>
/// <param name="Kind">One of <see cref="EndReasons"/> as the Python side sees it: finished, crashed, memory_limit, disk_limit,
/// process_limit.</param>
/// <param name="ExitCode">What the program would have returned to a shell.</param>
internal sealed record GameResult(string Kind, int ExitCode);

/// <summary>The format that the mixer was opened with; <paramref name="Rate"/> 0: closed.</summary>
internal readonly record struct SoundFormat(int Rate, int Channels, int Bits);

/// <summary>The mouse cursor, see <see cref="SandboxMessages.Cursor"/>.</summary>
internal readonly record struct CursorState(bool Visible, bool Grabbed, byte Shape, bool Relative);

/// <summary>Receives what the game's process reports; called on the channel's own thread.</summary>
internal interface IGameEvents
{
    void Warm(HelloInfo info);

    void Running();

    void Caption(string text);

    void Cursor(CursorState cursor);

    /// <summary>Takes a whole message for the page, which is checked.</summary>
    void ForPage(byte[] message);

    void Rumble(ReadOnlySpan<byte> strengths);

    void InputRequested(string prompt);

    void Failed(ErrorReport report);

    void Finishing(GameResult result);

    void Sound(SoundFormat format);
}

/// <summary>Exchanges packets between GameHost and the Python runtime over an inherited SEQPACKET socket.</summary>
/// <remarks>
/// To Python go protocol messages, unchanged. From Python come one letter and a payload, see <c>pixel_runtime/control.py</c>. The game can
/// forge these packets. They are checked, and concern only the game's own session.
/// </remarks>
internal sealed class ControlChannel
{
    private const int MaxPacket = 128 * 1024;
    private const int MsgDontwait = 0x40;
    private const int MsgNosignal = 0x4000;
    private const int MaxErrors = 50;

    private readonly int _descriptor;
    private readonly IGameEvents _events;
    private readonly Thread _thread;
    private int _errors;

    public ControlChannel(int descriptor, IGameEvents events)
    {
        _descriptor = descriptor;
        _events = events;
        _thread = new Thread(Run, 512 * 1024) { IsBackground = true, Name = "control" };
    }

    public void Start() => _thread.Start();

    /// <summary>
    /// Waits until every report of the game's processes is handed on, for at most <paramref name="limit"/>. The processes must be dead,
    /// because the channel ends with the last of them.
    /// </summary>
    /// <returns>Whether all reports are handed on.</returns>
    public bool WaitForEnd(TimeSpan limit) => _thread.Join(limit);

    /// <summary>Sends a packet without blocking; false if the game's side does not take it now or is gone.</summary>
    public unsafe bool TrySend(ReadOnlySpan<byte> packet)
    {
        fixed (byte* pointer = packet)
        {
            return Libc.Send(_descriptor, pointer, (nuint)packet.Length, MsgDontwait | MsgNosignal) == packet.Length;
        }
    }

    private void Run()
    {
        byte[] buffer = new byte[MaxPacket];
        while (true)
        {
            int count = Libc.Read(_descriptor, buffer);
            if (count <= 0)
            {
                // A game that ends without reading all of its input resets the socket. The kernel tells that once, before the packets that
                // still lie in the socket: the report of an error and the result.
                if (count < 0 && Marshal.GetLastPInvokeError() is Libc.EAgain or Libc.EConnReset)
                {
                    continue;
                }

                return;
            }

            try
            {
                Dispatch(buffer.AsSpan(0, count));
            }
            catch (Exception e) when (e is JsonException or DecoderFallbackException or ProtocolException)
            {
                // Only the game itself can have forged this packet; it is ignored.
            }
        }
    }

    private void Dispatch(ReadOnlySpan<byte> packet)
    {
        ReadOnlySpan<byte> payload = packet[1..];
        switch ((char)packet[0])
        {
            case 'H' when JsonSerializer.Deserialize(payload, ProtocolJson.Default.HelloInfo) is { } info:
                _events.Warm(info);
                break;
            case 'S':
                _events.Running();
                break;
            case 'C':
                _events.Caption(Encoding.UTF8.GetString(payload));
                break;
            case 'U' when payload.Length == 4:
                _events.Cursor(new CursorState(payload[0] != 0, payload[1] != 0, payload[2], payload[3] != 0));
                break;
            case 'P':
                PostToPage(SandboxMessages.CursorPicture(payload));
                break;
            case 'W':
                PostToPage(SandboxMessages.Window(payload));
                break;
            case 'B':
                PostToPage(SandboxMessages.Clipboard(payload));
                break;
            case 'V' when payload.Length == SandboxMessages.RumbleBytes:
                _events.Rumble(payload);
                break;
            case 'I':
                _events.InputRequested(Encoding.UTF8.GetString(payload));
                break;
            case 'E' when JsonSerializer.Deserialize(payload, ProtocolJson.Default.ErrorReport) is { } report && IsWhole(report):
                if (_errors++ < MaxErrors)
                {
                    _events.Failed(report);
                }

                break;
            case 'R' when JsonSerializer.Deserialize(payload, HostJson.Default.GameResult) is { Kind: not null } result:
                _events.Finishing(result);
                break;
            case 'A' when payload.Length == 8:
                _events.Sound(new SoundFormat(BitConverter.ToInt32(payload), payload[4], BitConverter.ToInt16(payload[6..])));
                break;
        }
    }

    private void PostToPage(byte[] message)
    {
        // A game can forge it, and a wrong one would end its session.
        MessageRules.Check(message, MessageRoute.SandboxToPage);
        _events.ForPage(message);
    }

    /// <summary>Returns whether the report has every field that the page reads. A game can forge a report.</summary>
    private static bool IsWhole(ErrorReport report) =>
        report is { Type: not null, Message: not null, Text: not null, Frames: not null }
        && report.Frames.All(static frame => frame is { File: not null, Function: not null });
}
