using Docker.DotNet;
using Docker.DotNet.Models;
using PixelGameDev.Executor.Docker;
using PixelGameDev.Streaming.Codec;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Tests.Fixtures.Sandbox;

/// <content>Keys and mouse.</content>
internal sealed partial class LinkHost
{
    /// <summary>Presses or releases a key and returns the sequence number of the input.</summary>
    public async Task<uint> KeyAsync(int scancode, bool down, uint keycode = 0, string text = "", ushort mods = 0, bool repeat = false)
    {
        uint number = ++_seq;
        await SendAsync(new KeyMessage(number, down, repeat, (ushort)scancode, mods, keycode, text).ToMessage());
        return number;
    }

    /// <summary>Sends text that no single key has typed; <paramref name="committed"/> false: an input method still edits it.</summary>
    public async Task<uint> TextAsync(string text, bool committed = true, int start = 0, int length = 0)
    {
        uint number = ++_seq;
        await SendAsync(new TextMessage(number, committed, (ushort)start, (ushort)length, text).ToMessage());
        return number;
    }

    public async Task<uint> MoveAsync(int x, int y, byte buttons = 0)
    {
        uint number = ++_seq;
        await SendAsync(new MouseMoveMessage(number, (short)x, (short)y, buttons).ToMessage());
        return number;
    }

    public async Task<uint> ButtonAsync(int button, bool down, int x, int y)
    {
        uint number = ++_seq;
        await SendAsync(new MouseButtonMessage(number, (byte)button, down, (short)x, (short)y).ToMessage());
        return number;
    }

    public async Task<uint> WheelAsync(int y)
    {
        uint number = ++_seq;
        await SendAsync(new WheelMessage(number, 0, (short)y).ToMessage());
        return number;
    }

    public Task TurnAsync(int x, int y, byte buttons = 0) =>
        SendAsync(new MouseTurnMessage(++_seq, (short)x, (short)y, buttons).ToMessage());

    public Task InsideAsync(bool inside) => SendAsync(new MouseInsideMessage(++_seq, inside).ToMessage());

    public Task FingersAsync(params Finger[] fingers) => SendAsync(FingersMessage.ToMessage(++_seq, fingers));

    public Task GamepadAsync(GamepadMessage gamepad) => SendAsync((gamepad with { Seq = ++_seq }).ToMessage());

    public Task GamepadGoneAsync(byte index) => SendAsync(GamepadMessage.Gone(++_seq, index));

    public async Task<uint> FocusAsync(bool focused)
    {
        uint number = ++_seq;
        await SendAsync(new FocusMessage(number, focused).ToMessage());
        return number;
    }
}
