using PixelGameDev.Benchmarks;
using PixelGameDev.Benchmarks.Codec;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Benchmarks;

/// <summary>Tests the bytes and counts of docs/SPECIFICATION.md with the game set. No figure depends on the speed of the machine.</summary>
public sealed class GameBytesTests
{
    private const int Frames = 90;

    [Fact]
    public async Task The_game_set_costs_at_most_a_tenth_of_JPEG_in_base64_in_the_median()
    {
        IReadOnlyList<BenchGame> games = GameSet.All(await PygameExamples.FindAsync());
        List<GameBytesRow> rows = [.. games.Select(game => GameBytes.Measure(game, Frames))];
        string table = string.Join('\n', rows.Select(GameBytes.Format));

        double median = GameBytes.Median(rows);
        Assert.True(median <= 0.10, $"The median is {median:P1} of JPEG in base64:\n{table}");
        Assert.True(rows.Where(r => r.Game != "noise").All(r => r.Inexact == 0), $"Only noise may be simplified:\n{table}");
        Assert.Equal(0, rows.Single(r => r.Game == "still").Bytes);
        Assert.True(rows.All(r => r.JpegBytes > 5000), $"A JPEG cannot be that small:\n{table}");
    }

    [Fact]
    public void A_game_of_the_set_is_the_same_in_every_run()
    {
        BenchGame game = GameSet.Templates.Single(g => g.Name == "starter");
        Assert.Equal(Digest(), Digest());

        string Digest()
        {
            using System.Security.Cryptography.IncrementalHash hash =
                System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
            GameBytes.Record(game, Frames, (picture, _, _) => hash.AppendData(picture));
            return Convert.ToHexString(hash.GetHashAndReset());
        }
    }

    [Fact]
    public void The_size_of_a_JPEG_is_what_the_standards_encoder_writes()
    {
        // 64×48, a gradient with a shaded disc. Pillow 9.4 (libjpeg-turbo 2.1, quality 75) writes 1,066 bytes of it.
        byte[] picture = new byte[64 * 48 * 4];
        for (int y = 0; y < 48; y++)
        {
            for (int x = 0; x < 64; x++)
            {
                int at = ((y * 64) + x) * 4;
                bool inside = ((x - 30) * (x - 30)) + ((y - 20) * (y - 20)) < 200;
                picture[at] = (byte)(inside ? 20 : x * 4);
                picture[at + 1] = (byte)(inside ? 200 - (y * 2) : y * 5);
                picture[at + 2] = (byte)(inside ? 250 : 255 - (x * 3));
            }
        }

        Assert.InRange(JpegSize.OfFile(picture, 64, 48), 1040, 1075);
    }
}
