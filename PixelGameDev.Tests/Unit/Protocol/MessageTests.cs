using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Tests.Unit.Protocol;

public sealed class MessageTests
{
    /// <summary>Tests the exact bytes of docs/PROTOCOL.md.</summary>
    [Fact]
    public void Input_messages_have_their_documented_bytes()
    {
        Assert.Equal(
            [0x81, 1, 2, 0, 0, 1, 0, 0x4F, 0, 0x41, 0, 0x4F, 0, 0, 0x40, 0xC3, 0xA4],
            new KeyMessage(0x201, true, false, 79, 0x41, 0x4000004F, "ä").ToMessage());
        Assert.Equal([0x82, 5, 0, 0, 0, 0xFF, 0xFF, 0x2C, 1, 5], new MouseMoveMessage(5, -1, 300, 5).ToMessage());
        Assert.Equal([0x83, 6, 0, 0, 0, 3, 1, 10, 0, 20, 0], new MouseButtonMessage(6, 3, true, 10, 20).ToMessage());
        Assert.Equal([0x84, 7, 0, 0, 0, 0, 0, 0xFE, 0xFF], new WheelMessage(7, 0, -2).ToMessage());
        Assert.Equal([0x85, 8, 0, 0, 0, 1], new FocusMessage(8, true).ToMessage());
        Assert.Equal([0x88, 9, 0, 0, 0, 0x10, 0x27, 0, 0], new AckMessage(9, 10_000).ToMessage());
        Assert.Equal([0x8A, 1, 60], new ViewMessage(true, 60).ToMessage());
        Assert.Equal([0xC3, 0xD0, 7, 0, 0], ExecutorMessages.Stop(2000));
        Assert.Equal([0xC4, 2, 0, 60], ExecutorMessages.Viewers(2, 60));
        Assert.Equal([0xC1, 3, 0, 0x61, 0x2F, 0x62, 1, 2], ExecutorMessages.File("a/b", [1, 2]));
        Assert.Equal([0x02, 2, 0x68, 0x69], SandboxMessages.Console(ConsoleKind.Error, "hi"));
        Assert.Equal([0x0C, 1, 0, 11, 1], SandboxMessages.Cursor(visible: true, grabbed: false, shape: 11, relative: true));
        Assert.Equal([0x84, 7, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xC0, 0x3F], new WheelMessage(7, 0, 1, (0, 1.5f)).ToMessage());
        Assert.Equal([0x8C, 5, 0, 0, 0, 0xFF, 0xFF, 0x2C, 1, 31], new MouseTurnMessage(5, -1, 300, 31).ToMessage());
        Assert.Equal([0x8D, 8, 0, 0, 0, 1], new MouseInsideMessage(8, true).ToMessage());
        Assert.Equal([0x8E, 8, 0, 0, 0, 1, 2, 0, 0, 0, 0x3F, 0, 0, 0x80, 0x3F], FingersMessage.ToMessage(8, new Finger(2, 0.5f, 1)));
        Assert.Equal(
            [0x8F, 9, 0, 0, 0, 1, 3, 0x5E, 4, 0x8E, 2, 1, 2, 0xFF, 0x7F, 0, 255, (byte)'P'],
            new GamepadMessage(9, 1, true, 0x45E, 0x28E, [32767], [0, 255], "P").ToMessage());
        Assert.Equal([0x90, 9, 0, 0, 0, 0, 1, 0, 2, 0, 0xC3, 0xA9], new TextMessage(9, false, 1, 2, "é").ToMessage());
        Assert.Equal([0x91, 9, 0, 0, 0, 0x20, 3, 0x58, 2], new RoomMessage(9, 800, 600).ToMessage());
        Assert.Equal([0x92, 9, 0, 0, 0, 0xC3, 0xA9], new PasteMessage(9, "é").ToMessage());
        Assert.Equal([0x10, 1, 0x20, 3, 0x58, 2], SandboxMessages.Window([1, 0x20, 3, 0x58, 2]));
        Assert.Equal([0x16, 2, 0, 1, 0, 0x33, 0x22, 0x11, 6, 5, 4], SmallPictureMessage.Create([0x332211, 0x060504], 2, 1)!);
        Assert.Equal([0x11, 0xC3, 0xA9], SandboxMessages.Clipboard("é"u8));
        Assert.Equal([0x0A, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0], SandboxMessages.Pong([0x89, 1, 2, 3, 4, 5, 6, 7, 8], 9));
    }

    [Fact]
    public void What_was_written_is_read()
    {
        KeyMessage key = new(uint.MaxValue, false, true, 511, ushort.MaxValue, 0x4000_01FF, "€");
        Assert.Equal(key, KeyMessage.Read(key.ToMessage()));
        MouseMoveMessage move = new(1, short.MinValue, short.MaxValue, 7);
        Assert.Equal(move, MouseMoveMessage.Read(move.ToMessage()));
        MouseButtonMessage button = new(2, 1, false, -5, 6);
        Assert.Equal(button, MouseButtonMessage.Read(button.ToMessage()));
        WheelMessage wheel = new(3, -1, 1, (-1.5f, 1.25f));
        Assert.Equal(wheel, WheelMessage.Read(wheel.ToMessage()));
        Assert.Equal(new WheelMessage(3, 0, 1), WheelMessage.Read(new WheelMessage(3, 0, 1).ToMessage()));
        MouseTurnMessage turn = new(1, short.MinValue, short.MaxValue, 31);
        Assert.Equal(turn, MouseTurnMessage.Read(turn.ToMessage()));
        MouseInsideMessage inside = new(4, false);
        Assert.Equal(inside, MouseInsideMessage.Read(inside.ToMessage()));
        Finger[] fingers = [new(0, 0, 1), new(9, 0.25f, 0.5f)];
        Assert.Equal(fingers, FingersMessage.Read(FingersMessage.ToMessage(4, fingers)).Fingers);
        TextMessage text = new(4, true, 0, ushort.MaxValue, "日本");
        Assert.Equal(text, TextMessage.Read(text.ToMessage()));
        RoomMessage room = new(4, 1920, 1080);
        Assert.Equal(room, RoomMessage.Read(room.ToMessage()));
        PasteMessage paste = new(4, new string('x', PasteMessage.MaxTextBytes));
        Assert.Equal(paste, PasteMessage.Read(paste.ToMessage()));
        FocusMessage focus = new(4, false);
        Assert.Equal(focus, FocusMessage.Read(focus.ToMessage()));
        AckMessage ack = new(5, 6);
        Assert.Equal(ack, AckMessage.Read(ack.ToMessage()));
        ViewMessage view = new(false, 1);
        Assert.Equal(view, ViewMessage.Read(view.ToMessage()));
        StartMessage start = new("src/game.py", 1000, false);
        Assert.Equal(start, ExecutorMessages.ReadStart(ExecutorMessages.Start(start)));
        HelloInfo hello = new("2.6.1", "3.13.5", 1);
        Assert.Equal(hello, SandboxMessages.ReadHello(SandboxMessages.Hello(hello)));
        Assert.Equal(60_000u, ExecutorMessages.ReadStop(ExecutorMessages.Stop(60_000)));
        Assert.Equal(((ushort)500, (byte)0), ExecutorMessages.ReadViewers(ExecutorMessages.Viewers(500, 0)));
        Assert.Equal("Zoë", SandboxMessages.ReadText(SandboxMessages.Text(MessageType.ConsoleInput, "Zoë"), MessageType.ConsoleInput));
    }

    [Theory]
    [InlineData("main.py", true)]
    [InlineData("a/b/c.png", true)]
    [InlineData("Bilder/Fröschlein ☺.png", true)]
    [InlineData("..a/...", true)]
    [InlineData("", false)]
    [InlineData("/etc/passwd", false)]
    [InlineData("a//b", false)]
    [InlineData("a/", false)]
    [InlineData("..", false)]
    [InlineData("a/../b", false)]
    [InlineData("./a", false)]
    [InlineData("a\\b", false)]
    [InlineData("a\0b", false)]
    [InlineData("a\nb", false)]
    public void Paths_stay_inside_the_project(string path, bool valid)
    {
        Assert.Equal(valid, ExecutorMessages.IsValidPath(path));
        if (!valid)
        {
            Assert.Throws<ArgumentException>(() => ExecutorMessages.File(path, []));
            byte[] text = System.Text.Encoding.UTF8.GetBytes(path);
            byte[] forged = [0xC1, (byte)text.Length, 0, .. text, 1];
            Assert.Throws<ProtocolException>(() => ExecutorMessages.ReadFile(forged));
        }
    }

    [Fact]
    public void Long_paths_are_refused()
    {
        Assert.True(ExecutorMessages.IsValidPath(new string('a', 255)));
        Assert.False(ExecutorMessages.IsValidPath(new string('a', 256)));
        Assert.False(ExecutorMessages.IsValidPath(string.Join('/', Enumerable.Repeat(new string('a', 100), 6))));
    }

    public static TheoryData<byte[], Action<byte[]>> Wrong() => new()
    {
        { [0x81, 0, 0, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0], m => KeyMessage.Read(m) },
        { [0x81, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0], m => KeyMessage.Read(m) },
        { [0x81, 0, 0, 0, 0, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0xFF], m => KeyMessage.Read(m) },
        { [0x81, 0, 0, 0, 0, 1, 0, 4, 0, 0, 0, 0, 0, 0], m => KeyMessage.Read(m) },
        { [0x81, 0, 0, 0, 0, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0, .. new byte[32]], m => KeyMessage.Read(m) },
        { [0x82, 0, 0, 0, 0, 0, 0, 0, 0, 32], m => MouseMoveMessage.Read(m) },
        { [0x83, 0, 0, 0, 0, 6, 1, 0, 0, 0, 0], m => MouseButtonMessage.Read(m) },
        { [0x84, 0, 0, 0, 0, 0, 0, 1, 0, 0], m => WheelMessage.Read(m) },
        { [0x84, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xC0, 0x7F], m => WheelMessage.Read(m) },
        { [0x8C, 0, 0, 0, 0, 0, 0, 0, 0, 32], m => MouseTurnMessage.Read(m) },
        { [0x8D, 0, 0, 0, 0, 2], m => MouseInsideMessage.Read(m) },
        { [0x8E, 0, 0, 0, 0, 1], m => FingersMessage.Read(m) },
        { [0x8E, 0, 0, 0, 0, 1, 0, 0, 0, 0xC0, 0x7F, 0, 0, 0, 0], m => FingersMessage.Read(m) },
        { [0x8E, 0, 0, 0, 0, 1, 0, 0, 0, 0xC0, 0x3F, 0, 0, 0, 0], m => FingersMessage.Read(m) },
        { [0x8F, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0], m => MessageRules.CheckContent(m) },
        { [0x8F, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 9, 0], m => MessageRules.CheckContent(m) },
        { [0x8F, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xFF], m => MessageRules.CheckContent(m) },
        { [0x83, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0], m => MouseButtonMessage.Read(m) },
        { [0x91, 0, 0, 0, 0, 0, 0, 1, 0], m => RoomMessage.Read(m) },
        { [0x91, 0, 0, 0, 0, 0x81, 7, 1, 0], m => RoomMessage.Read(m) },
        { [0x91, 0, 0, 0, 0, 0x80, 7, 0x39, 4], m => RoomMessage.Read(m) },
        { [0x92, 0, 0, 0, 0, 0xC3], m => PasteMessage.Read(m) },
        { [0x92, 0, 0, 0, 0, 65, 0], m => PasteMessage.Read(m) },
        { [0x92, .. new byte[4], .. Enumerable.Repeat((byte)65, 16385)], m => PasteMessage.Read(m) },
        { [0x11, 65, 0], m => MessageRules.CheckContent(m) },
        { [0x85, 0, 0, 0, 0, 7], m => FocusMessage.Read(m) },
        { [0x8A, 1, 0], m => ViewMessage.Read(m) },
        { [0x8A, 1, 61], m => ViewMessage.Read(m) },
        { [0x8A, 2, 60], m => ViewMessage.Read(m) },
        { [0xC1, 9, 0, 0x61], m => ExecutorMessages.ReadFile(m) },
        { [0xC2, (byte)'{', (byte)'}'], m => ExecutorMessages.ReadStart(m) },
        { [0xC2, .. """{"entry":"../x.py"}"""u8], m => ExecutorMessages.ReadStart(m) },
        { [0xC2, .. """{"entry":"x.py","consoleBytesPerSecond":0}"""u8], m => ExecutorMessages.ReadStart(m) },
        { [0xC2, .. "null"u8], m => ExecutorMessages.ReadStart(m) },
        { [0xC3, 0x61, 0xEA, 0, 0], m => ExecutorMessages.ReadStop(m) },
        { [0xC4, 0, 0, 61], m => ExecutorMessages.ReadViewers(m) },
        { [0x02, 4, 1], m => SandboxMessages.ReadConsole(m) },
        { [0x0B, 2, 0, (byte)'{', (byte)'}'], m => SandboxMessages.ReadHello(m) },
        { [0x86, 0xC3], m => SandboxMessages.ReadText(m, MessageType.ConsoleInput) },
    };

    /// <summary>Tests the one place of every message that names keys: pygame would read a character from a negative keycode.</summary>
    [Theory]
    [InlineData(0x11_0000u)]
    [InlineData(0x4000_0200u)]
    [InlineData(0x8000_0000u)]
    [InlineData(0xEE4D_82C6u)]
    public void A_keycode_that_SDL_cannot_have_is_refused(uint keycode)
    {
        foreach (byte[] message in (byte[][])
            [
                new KeyMessage(1, true, false, 4, 0, keycode, "").ToMessage(),
                HeldInput.CreateMessage(0, [(4, 97), (5, keycode)]),
                new SeatControlsMessage(2, false, [.. Enumerable.Repeat(((ushort)4, keycode), SeatNumbers.Controls)]).ToMessage(),
            ])
        {
            Assert.Throws<ProtocolException>(() => MessageRules.CheckContent(message));
        }
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Wrong_messages_are_refused(byte[] message, Action<byte[]> read) =>
        Assert.Throws<ProtocolException>(() => read(message));

    [Fact]
    public void Every_type_has_a_route_and_a_length()
    {
        foreach (MessageType type in Enum.GetValues<MessageType>())
        {
            Assert.NotEqual(MessageRoute.None, MessageRules.RouteOf(type));
            (int min, int max) = MessageRules.LengthOf(type);
            Assert.InRange(min, 1, max);
            Assert.InRange(max, min, MessageRules.MaxLength);
        }

        for (int type = 0; type < 256; type++)
        {
            if (!Enum.IsDefined((MessageType)type))
            {
                Assert.Equal(MessageRoute.None, MessageRules.RouteOf((MessageType)type));
            }
        }

        // The page cannot act as the sandbox or as the Executor.
        Assert.Throws<ProtocolException>(() =>
            MessageRules.Check([0xC3, 0, 0, 0, 0], MessageRoute.PageToSandbox | MessageRoute.PageToExecutor));
        Assert.Throws<ProtocolException>(() => MessageRules.Check([0x08, 1, 2], MessageRoute.PageToSandbox));
        Assert.Throws<ProtocolException>(() => MessageRules.Check([], MessageRoute.PageToSandbox));
        Assert.Equal(MessageType.Stop, MessageRules.Check([0xC3, 0, 0, 0, 0], MessageRoute.ExecutorToSandbox));
    }

    /// <summary>Tests inputs that wait for a busy game: nothing that a game could notice may get lost.</summary>
    [Fact]
    public void Waiting_moves_are_joined_and_presses_never_with_their_release()
    {
        Assert.Equal(new MouseTurnMessage(2, 30, -5, 1).ToMessage(),
            InputMessages.Merge(new MouseTurnMessage(1, 10, -10, 1).ToMessage(), new MouseTurnMessage(2, 20, 5, 1).ToMessage()));
        Assert.Null(InputMessages.Merge(new MouseTurnMessage(1, 1, 1, 1).ToMessage(), new MouseTurnMessage(2, 1, 1, 0).ToMessage()));
        Assert.Null(InputMessages.Merge(
            new MouseTurnMessage(1, short.MaxValue, 0, 0).ToMessage(), new MouseTurnMessage(2, 1, 0, 0).ToMessage()));
        byte[] move = new MouseMoveMessage(2, 5, 6, 0).ToMessage();
        Assert.Equal(move, InputMessages.Merge(new MouseMoveMessage(1, 1, 1, 0).ToMessage(), move));
        Assert.Null(InputMessages.Merge(move, new MouseTurnMessage(3, 1, 1, 0).ToMessage()));
        Assert.Null(InputMessages.Merge(new MouseButtonMessage(1, 1, true, 0, 0).ToMessage(),
            new MouseButtonMessage(2, 1, false, 0, 0).ToMessage()));

        byte[] room = new RoomMessage(2, 500, 400).ToMessage();
        Assert.Equal(room, InputMessages.Merge(new RoomMessage(1, 600, 400).ToMessage(), room));

        byte[] one = FingersMessage.ToMessage(1, new Finger(0, 0, 0));
        byte[] moved = FingersMessage.ToMessage(2, new Finger(0, 1, 1));
        Assert.Equal(moved, InputMessages.Merge(one, moved));
        Assert.Null(InputMessages.Merge(one, FingersMessage.ToMessage(2, new Finger(1, 0, 0))));
        Assert.Null(InputMessages.Merge(one, FingersMessage.ToMessage(2)));

        GamepadMessage pad = new(1, 0, true, 1, 2, [0], [0, 255], "Pad");
        byte[] leaning = (pad with { Seq = 2, Axes = [500] }).ToMessage();
        Assert.Equal(leaning, InputMessages.Merge(pad.ToMessage(), leaning));
        Assert.Null(InputMessages.Merge(pad.ToMessage(), (pad with { Buttons = [0, 0] }).ToMessage()));
        Assert.Null(InputMessages.Merge(pad.ToMessage(), (pad with { Index = 1 }).ToMessage()));
        Assert.Null(InputMessages.Merge(pad.ToMessage(), GamepadMessage.Gone(2, 0)));
    }

    /// <summary>Tests that a player who is gone lets go of everything, and only then.</summary>
    [Fact]
    public void Held_tells_of_mouse_fingers_and_gamepads()
    {
        HeldInput held = new();
        byte Flags() => held.ToMessage()[2];
        held.Apply(new MouseInsideMessage(1, true).ToMessage());
        held.Apply(FingersMessage.ToMessage(2, new Finger(0, 0, 0)));
        held.Apply(new GamepadMessage(3, 0, true, 0, 0, [], [], "").ToMessage());
        held.Apply(new GamepadMessage(4, 2, true, 0, 0, [], [], "").ToMessage());
        held.Apply(new MouseTurnMessage(5, 1, 1, 17).ToMessage());
        Assert.Equal(0x80 | 0x40 | 0x20 | 17, Flags());
        MessageRules.CheckContent(held.ToMessage());
        held.Apply(new FocusMessage(6, false).ToMessage());
        Assert.Equal(0x80 | 0x40 | 0x20, Flags());
        Assert.False(held.IsEmpty);
        held.Apply(GamepadMessage.Gone(7, 0));
        Assert.Equal(0x80 | 0x40 | 0x20, Flags());
        held.Apply(GamepadMessage.Gone(8, 2));
        held.Apply(FingersMessage.ToMessage(9));
        held.Apply(new MouseInsideMessage(10, false).ToMessage());
        Assert.True(held.IsEmpty);
    }

    [Fact]
    public void Text_that_is_too_long_is_cut_at_a_whole_character()
    {
        byte[] caption = SandboxMessages.Text(MessageType.Caption, new string('☺', 1000));
        Assert.Equal(1 + (1024 / 3 * 3), caption.Length);
        Assert.Equal(new string('☺', 341), SandboxMessages.ReadText(caption, MessageType.Caption));
        Assert.Throws<ArgumentException>(() => SandboxMessages.Console(ConsoleKind.Output, new string('x', 65537)));
    }
}
