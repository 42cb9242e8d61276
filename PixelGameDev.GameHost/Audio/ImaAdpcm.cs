using System.Buffers.Binary;

namespace PixelGameDev.GameHost.Audio;

/// <summary>Encodes and decodes IMA ADPCM, 4 bits per sample. The tables are those of the IMA's recommended practices of 1992.</summary>
internal sealed class ImaAdpcm
{
    private static readonly short[] Steps =
    [
        7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118, 130, 143,
        157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1060, 1166, 1282, 1411,
        1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493, 10442,
        11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767,
    ];

    private static readonly sbyte[] IndexChanges = [-1, -1, -1, -1, 2, 4, 6, 8];

    private int _predictor;
    private int _index;

    /// <summary>Returns the bytes of one channel's block.</summary>
    public static int BlockSize(int samples) => 4 + ((samples + 1) / 2);

    /// <summary>Writes one channel's block: the state before the first sample, then the codes, low four bits first.</summary>
    public void Encode(ReadOnlySpan<short> samples, Span<byte> block)
    {
        BinaryPrimitives.WriteInt16LittleEndian(block, (short)_predictor);
        block[2] = (byte)_index;
        block[3] = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            int code = EncodeOne(samples[i]);
            ref byte target = ref block[4 + (i / 2)];
            target = (i & 1) == 0 ? (byte)code : (byte)(target | (code << 4));
        }
    }

    /// <summary>Resets the state: the next block begins in silence.</summary>
    public void Reset() => _predictor = _index = 0;

    /// <summary>Reads one channel's block.</summary>
    public static void Decode(ReadOnlySpan<byte> block, Span<short> samples)
    {
        int predictor = BinaryPrimitives.ReadInt16LittleEndian(block);
        int index = Math.Min(block[2], (byte)88);
        for (int i = 0; i < samples.Length; i++)
        {
            int code = (block[4 + (i / 2)] >> ((i & 1) * 4)) & 15;
            Step(code, ref predictor, ref index);
            samples[i] = (short)predictor;
        }
    }

    private static void Step(int code, ref int predictor, ref int index)
    {
        int step = Steps[index];
        int delta = step >> 3;
        delta += (code & 4) != 0 ? step : 0;
        delta += (code & 2) != 0 ? step >> 1 : 0;
        delta += (code & 1) != 0 ? step >> 2 : 0;
        predictor = Math.Clamp(predictor + ((code & 8) != 0 ? -delta : delta), short.MinValue, short.MaxValue);
        index = Math.Clamp(index + IndexChanges[code & 7], 0, 88);
    }

    private int EncodeOne(int sample)
    {
        int difference = sample - _predictor;
        int code = 0;
        if (difference < 0)
        {
            code = 8;
            difference = -difference;
        }

        int step = Steps[_index];
        if (difference >= step)
        {
            code |= 4;
            difference -= step;
        }

        if (difference >= step >> 1)
        {
            code |= 2;
            difference -= step >> 1;
        }

        if (difference >= step >> 2)
        {
            code |= 1;
        }

        Step(code, ref _predictor, ref _index);
        return code;
    }
}
