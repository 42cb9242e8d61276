using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Unit.Protocol;

/// <summary>Tests the file of a recording, whole and damaged.</summary>
public sealed class RecordingFileTests
{
    [Fact]
    public void A_file_has_what_was_written()
    {
        byte[] file = Recordings.Make(frames: 5, millis: 90);
        Assert.Equal(new RecordingInfo(64, 48, 90, 5), RecordingFile.Read(file));
        Assert.Equal([0, 20, 40, 60, 80], RecordingFile.ReadMessages(file).Select(static one => one.Millis));
        Assert.Equal(file.Length, RecordingFile.HeaderSize + Recordings.MessagesOf(file).Sum(static one => 8 + one.Length));
    }

    [Theory]
    [InlineData("empty")]
    [InlineData("cut")]
    [InlineData("longer")]
    [InlineData("magic")]
    [InlineData("version")]
    [InlineData("size")]
    [InlineData("time")]
    [InlineData("count")]
    [InlineData("length")]
    [InlineData("late")]
    [InlineData("middle")]
    public void A_damaged_file_is_refused(string damage)
    {
        byte[] file = Recordings.Make();
        byte[][] messages = Recordings.MessagesOf(file);
        byte[] damaged = damage switch
        {
            "empty" => [],
            "cut" => file[..^1],
            "longer" => [.. file, 0],
            "magic" => With(0, 0),
            "version" => With(4, 9),
            "size" => With(7, 0xFF),
            "time" => With(15, 1),
            "count" => With(16, 4),
            "length" => With(27, 0x80),
            "late" => With(23, 1),
            _ => Recordings.Make(new RecordingInfo(64, 48, 100, 1), [(0, messages[1])]),
        };
        Assert.Throws<InvalidDataException>(() => RecordingFile.Read(damaged));

        byte[] With(int at, byte value)
        {
            byte[] changed = [.. file];
            changed[at] = value;
            return changed;
        }
    }

    [Fact]
    public void Any_damage_is_refused_or_harmless()
    {
        byte[] file = Recordings.Make(frames: 20);
        Random random = new(5);
        int refused = 0;
        for (int round = 0; round < 2000; round++)
        {
            byte[] damaged = file[..(round % 2 == 0 ? file.Length : random.Next(file.Length))];
            for (int i = 0; i < 3 && damaged.Length > 0; i++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            try
            {
                RecordingFile.Read(damaged);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 500, 2000);
    }
}
