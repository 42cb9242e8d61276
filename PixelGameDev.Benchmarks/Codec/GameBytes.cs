using System.Diagnostics;
using System.Globalization;
using PixelGameDev.Streaming.Codec;

namespace PixelGameDev.Benchmarks.Codec;

/// <summary>Bytes of one game's pictures, per picture without the first: ours, and the prototype's for the same pictures.</summary>
/// <param name="Game">Name in the set.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Frames">Pictures.</param>
/// <param name="Inexact">Pictures that were simplified; the rest is lossless.</param>
/// <param name="Bytes">Ours, mean.</param>
/// <param name="KeyframeBytes">Ours, the first.</param>
/// <param name="JpegBytes">JPEG at quality 75 in base64, mean.</param>
internal sealed record GameBytesRow(
    string Game, int Width, int Height, int Frames, int Inexact, double Bytes, double KeyframeBytes, double JpegBytes)
{
    /// <summary>Ours for a part of the prototype's, picture by picture.</summary>
    public double Ratio => Bytes / JpegBytes;
}

/// <summary>
/// The game set played by script under plain SDL, each picture encoded by our codec and counted as JPEG: nothing in it depends on how
/// fast the machine is.
/// </summary>
internal static class GameBytes
{
    /// <summary>JPEG is counted for each so-manieth picture only: it changes little and costs more to count than all the rest.</summary>
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

    /// <param name="game">Which.</param>
    /// <param name="frames">Pictures; a game that ends before has failed.</param>
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

    /// <summary>Plays a game by its script as fast as it draws, with the machine's Python, and hands over every picture.</summary>
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
