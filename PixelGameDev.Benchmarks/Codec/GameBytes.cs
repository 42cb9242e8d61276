using System.Diagnostics;
using System.Globalization;
using PixelGameDev.Streaming.Codec;

namespace PixelGameDev.Benchmarks.Codec;

/// <summary>
/// The bytes of one game's pictures: ours, and those of the prototype for the same pictures. Means leave out the first picture.
/// </summary>
/// <param name="Game">Name in the set.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Frames">The number of pictures.</param>
/// <param name="Inexact">The number of simplified pictures; the others are lossless.</param>
/// <param name="Bytes">Our bytes a picture, mean.</param>
/// <param name="KeyframeBytes">Our bytes of the first picture.</param>
/// <param name="JpegBytes">The bytes of a JPEG at quality 75 in base64, mean.</param>
internal sealed record GameBytesRow(
    string Game, int Width, int Height, int Frames, int Inexact, double Bytes, double KeyframeBytes, double JpegBytes)
{
    /// <summary>Returns our bytes as a part of the prototype's, picture by picture.</summary>
    public double Ratio => Bytes / JpegBytes;
}

/// <summary>
/// Plays the game set by script under plain SDL, encodes each picture with our codec and counts its bytes as JPEG. No figure depends on the
/// speed of the machine.
/// </summary>
internal static class GameBytes
{
    /// <summary>
    /// JPEG bytes are counted for one of this many pictures: they change little, and counting them costs more than all the rest.
    /// </summary>
    private const int JpegEvery = 6;

    public static IReadOnlyList<GameBytesRow> Measure(IEnumerable<BenchGame> games, int frames)
    {
        List<GameBytesRow> rows = [];
        Console.WriteLine("| game | size | bytes a frame | keyframe | JPEG q75 base64 | ratio |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (BenchGame game in games)
        {
            GameBytesRow row = Measure(game, frames);
            rows.Add(row);
            Console.WriteLine(Format(row));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median ratio {Median(rows):P1}"));
        return rows;
    }

    public static string Format(GameBytesRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {row.Game} | {row.Width}×{row.Height} | {row.Bytes:N0}{(row.Inexact > 0 ? " ¹" : string.Empty)} | {row.KeyframeBytes:N0} | " +
            $"{row.JpegBytes:N0} | {100 * row.Ratio:0.0} % |");

    public static double Median(IReadOnlyList<GameBytesRow> rows)
    {
        double[] ratios = [.. rows.Select(r => r.Ratio).Order()];
        return ratios.Length % 2 == 1 ? ratios[ratios.Length / 2] : (ratios[(ratios.Length / 2) - 1] + ratios[ratios.Length / 2]) / 2;
    }

    /// <param name="game">The game.</param>
    /// <param name="frames">The number of pictures. A game that ends earlier has failed.</param>
    public static GameBytesRow Measure(BenchGame game, int frames)
    {
        using FrameEncoder encoder = new();
        long bytes = 0, keyframe = 0, jpeg = 0;
        int jpegs = 0, inexact = 0, width = 0, height = 0, count = 0;
        Record(game, frames, (picture, w, h) =>
        {
            (width, height) = (w, h);
            EncodedFrame frame = encoder.Encode(picture, w, h, w * 4, false, new FrameInfo((uint)count, 0, 0));
            if (count == 0)
            {
                keyframe = frame.Message.Length;
            }
            else
            {
                bytes += frame.Message.Length;
                inexact += encoder.IsInexact ? 1 : 0;
                if (count % JpegEvery == 1)
                {
                    jpeg += JpegSize.OfEvent(picture, w, h);
                    jpegs++;
                }
            }

            count++;
        });
        return new GameBytesRow(game.Name, width, height, count - 1, inexact, (double)bytes / (count - 1), keyframe, (double)jpeg / jpegs);
    }

    public delegate void Picture(ReadOnlySpan<byte> bgrx, int width, int height);

    /// <summary>Plays a game by its script with the machine's Python, as fast as it draws, and passes on every picture.</summary>
    public static void Record(BenchGame game, int frames, Picture picture)
    {
        string directory = Directory.CreateTempSubdirectory("pixel-bench-record-").FullName;
        try
        {
            game.WriteTo(directory, string.Create(CultureInfo.InvariantCulture, $"record=True, frames={frames}"));
            ProcessStartInfo start = new("/usr/bin/python3", ["-B", "main.py"])
            {
                WorkingDirectory = directory,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["SDL_VIDEODRIVER"] = "dummy";
            start.Environment["SDL_AUDIODRIVER"] = "dummy";
            start.Environment["PYGAME_HIDE_SUPPORT_PROMPT"] = "1";
            start.Environment["PYTHONHASHSEED"] = "0";
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            Stream output = process.StandardOutput.BaseStream;
            byte[] header = new byte[8];
            int seen = 0;
            if (output.ReadAtLeast(header, 8, throwOnEndOfStream: false) == 8)
            {
                (int width, int height) = (BitConverter.ToInt32(header, 0), BitConverter.ToInt32(header, 4));
                byte[] pixels = new byte[width * height * 4];
                while (seen < frames && output.ReadAtLeast(pixels, pixels.Length, throwOnEndOfStream: false) == pixels.Length)
                {
                    picture(pixels, width, height);
                    seen++;
                }
            }

            output.Close();
            process.WaitForExit();
            if (seen < frames)
            {
                throw new InvalidOperationException($"{game.Name} showed {seen} of {frames} pictures: {errors.Result}");
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
