using PixelGameDev.GameHost.Audio;

namespace PixelGameDev.Tests.Unit.GameHost;

public sealed class ImaAdpcmTests
{
    [Theory]
    [InlineData(440, 20_000)]
    [InlineData(3_000, 9_000)]
    [InlineData(60, 32_767)]
    public void Sound_comes_back_close_to_what_it_was(int frequency, int loudness)
    {
        const int chunk = 882;
        ImaAdpcm encoder = new();
        double signal = 0;
        double noise = 0;
        for (int start = 0; start < 44_100; start += chunk)
        {
            short[] samples = [.. Enumerable.Range(start, chunk)
                .Select(i => (short)(loudness * Math.Sin(2 * Math.PI * frequency * i / 44_100)))];
            byte[] block = new byte[ImaAdpcm.BlockSize(chunk)];
            encoder.Encode(samples, block);
            short[] decoded = new short[chunk];
            ImaAdpcm.Decode(block, decoded);
            for (int i = start == 0 ? 200 : 0; i < chunk; i++)
            {
                signal += (double)samples[i] * samples[i];
                noise += Math.Pow(samples[i] - decoded[i], 2);
            }
        }

        Assert.True(10 * Math.Log10(signal / noise) > 15, $"{10 * Math.Log10(signal / noise):0.0} dB");
    }

    [Fact]
    public void Silence_stays_silent_and_each_block_stands_alone()
    {
        ImaAdpcm encoder = new();
        byte[] block = new byte[ImaAdpcm.BlockSize(7)];
        encoder.Encode(new short[7], block);
        Assert.All(block, b => Assert.Equal(0, b));
        short[] decoded = [1, 1, 1, 1, 1, 1, 1];
        ImaAdpcm.Decode(block, decoded);
        Assert.All(decoded, s => Assert.Equal(0, s));

        encoder.Encode([30_000, 30_000, 30_000], new byte[6]);
        encoder.Encode([30_000], block.AsSpan(0, 5));
        short[] one = new short[1];
        ImaAdpcm.Decode(block.AsSpan(0, 5), one);
        Assert.InRange(one[0], 1, 32_767);
    }
}
