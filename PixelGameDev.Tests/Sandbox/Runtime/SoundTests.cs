using System.Buffers.Binary;
using PixelGameDev.GameHost.Audio;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Sandbox.Runtime;

/// <summary>Tests sound on the link.</summary>
public sealed class SoundTests
{
    [Theory]
    [InlineData(SandboxKind.Process, "")]
    [InlineData(SandboxKind.Docker, "")]
    [InlineData(SandboxKind.Process, "pygame.mixer.pre_init(22050, -16, 1, 512)")]
    public async Task Sound_arrives_while_there_is_some(SandboxKind kind, string before)
    {
        await using LinkHost host = await LinkHost.RunAsync(
            $$"""
            import array, math, pygame
            {{before}}
            pygame.init()
            screen = pygame.display.set_mode((50, 40))
            rate, _, channels = pygame.mixer.get_init()
            wave = array.array("h", (int(20000 * math.sin(2 * math.pi * 441 * (i // channels) / rate)) for i in range(rate * channels // 2)))
            sound = pygame.mixer.Sound(buffer=wave.tobytes())
            print("rate", rate, channels)
            input()
            sound.play()
            pygame.time.wait(1500)
            print("busy", pygame.mixer.get_busy())
            pygame.mixer.quit()
            input()
            """,
            kind);
        await host.MessageAsync(MessageType.InputRequest);
        Assert.DoesNotContain(host.Messages(MessageType.Audio), m => Decode(m).Samples.Any(s => s != 0));
        await host.SendAsync(SandboxMessages.Text(MessageType.ConsoleInput, "go"));
        await host.ConsoleAsync("busy");
        await Eventually.TrueAsync(() => host.Messages(MessageType.InputRequest).Count == 2, "the mixer can be closed");
        List<(int Rate, int Channels, short[] Samples)> chunks = [.. host.Messages(MessageType.Audio).Select(Decode)];
        Assert.NotEmpty(chunks);
        (int rate, int channels) = (chunks[0].Rate, chunks[0].Channels);
        Assert.Contains($"rate {rate} {channels}", host.Console, StringComparison.Ordinal);
        short[] all = [.. chunks.SelectMany(c => c.Samples)];
        // Half a second of a 441 Hz sine crosses zero 441 times and has the expected peak.
        int swings = 0;
        int side = 0;
        foreach (short sample in all)
        {
            int now = sample > 5000 ? 1 : sample < -5000 ? -1 : side;
            swings += now != side ? 1 : 0;
            side = now;
        }

        Assert.InRange(swings, 435, 445);
        Assert.InRange(all.Max(), 18500, 21500);
        // At most the sound itself, the buffered sound and 200 ms of silence.
        Assert.InRange(all.Length, rate * 0.48, rate * 1.0);
        Assert.True(host.Messages(MessageType.Audio).Max(m => m.Length) <= MessageRules.LengthOf(MessageType.Audio).Max);
    }

    /// <summary>Tests that a game that makes no sound has no open mixer, and sees no difference to one that has.</summary>
    [Theory]
    [InlineData(SandboxKind.Docker, "pass", false)]
    [InlineData(SandboxKind.Process, "pass", false)]
    [InlineData(SandboxKind.Docker, "pygame.mixer.init()", false)]
    [InlineData(SandboxKind.Docker, "pygame.mixer.init(22050)", true)]
    [InlineData(SandboxKind.Docker, "pygame.mixer.Sound", true)]
    [InlineData(SandboxKind.Process, "pygame.mixer.Sound", true)]
    [InlineData(SandboxKind.Docker, "pygame.mixer.music.get_busy()", true)]
    [InlineData(SandboxKind.Docker, "from pygame.mixer import find_channel", true)]
    [InlineData(SandboxKind.Docker, "import pygame.mixer_music; pygame.mixer_music.set_volume(1)", true)]
    [InlineData(SandboxKind.Docker, "import numpy, pygame.sndarray; pygame.sndarray.make_sound(numpy.zeros((50, 2), 'int16'))", true)]
    public async Task The_mixer_sleeps_until_the_game_looks_at_sound(SandboxKind kind, string look, bool opens)
    {
        await using LinkHost host = await LinkHost.RunAsync(
            $$"""
            import os, pygame
            def threads():
                return len(os.listdir("/proc/self/task"))
            assert pygame.init()[1] == 0
            before = threads()
            opened = pygame.mixer.get_init()
            {{look}}
            after = threads()
            names = dir(pygame.mixer)
            assert isinstance(pygame.mixer.Sound(buffer=bytes(8)), pygame.mixer.Sound)
            print("opened", opened == pygame.mixer.get_init() == (44100, -16, 2), "Sound" in names and "music" in names, after - before)
            pygame.mixer.quit()
            print("closed", pygame.mixer.get_init())
            pygame.quit()
            pygame.init()
            pygame.mixer.Sound
            print("again", pygame.mixer.get_init())
            """,
            kind);
        await host.EndAsync();
        Assert.Contains(
            $"opened True True {(opens ? 1 : 0)}\nclosed None\nagain (44100, -16, 2)\n", host.Console, StringComparison.Ordinal);
        Assert.DoesNotContain("CRITICAL", host.Console, StringComparison.Ordinal);
    }

    /// <summary>Tests a name that was taken before <c>pygame.init()</c>, and a format that was asked for before it.</summary>
    [Theory]
    [InlineData("from pygame.mixer import Sound", "44100, -16, 2")]
    [InlineData("pygame.mixer.pre_init(22050, -16, 1); from pygame.mixer import Sound", "22050, -16, 1")]
    public async Task What_a_game_takes_before_pygame_init_works_after_it(string before, string format)
    {
        await using LinkHost host = await LinkHost.RunAsync(
            $$"""
            import pygame
            {{before}}
            pygame.init()
            Sound(buffer=bytes(8)).play()
            print("format", pygame.mixer.get_init())
            """,
            SandboxKind.Docker);
        await host.EndAsync();
        Assert.Contains($"format ({format})", host.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_sound_wanted_there_is_none_but_the_mixer_works()
    {
        await using LinkHost host = await LinkHost.StartAsync();
        await host.StartGameAsync(
            new Dictionary<string, string>
            {
                ["main.py"] =
                    """
                    import pygame
                    pygame.mixer.init()
                    sound = pygame.mixer.Sound(buffer=b"\x00\x40" * 20000)
                    channel = sound.play()
                    while channel.get_busy():
                        pygame.time.wait(10)
                    print("played")
                    """,
            },
            start: new StartMessage("main.py", Audio: false));
        await host.EndAsync();
        Assert.Contains("played", host.Console, StringComparison.Ordinal);
        Assert.Empty(host.Messages(MessageType.Audio));
    }

    /// <summary>Decodes the first channel of an Audio message.</summary>
    private static (int Rate, int Channels, short[] Samples) Decode(byte[] message)
    {
        Assert.Equal(2, message[1]);
        int channels = message[2];
        int count = BinaryPrimitives.ReadUInt16LittleEndian(message.AsSpan(3));
        int block = ImaAdpcm.BlockSize(count);
        Assert.Equal(13 + (channels * block), message.Length);
        short[] samples = new short[count];
        ImaAdpcm.Decode(message.AsSpan(13, block), samples);
        return (BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(5)), channels, samples);
    }
}
