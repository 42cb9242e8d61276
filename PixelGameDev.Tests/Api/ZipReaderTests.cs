using System.Text;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Projects.Zip;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests what a zip may cost, and that no zip breaks the reader.</summary>
public sealed class ZipReaderTests
{
    private static readonly byte[] Text = "x"u8.ToArray();

    /// <summary>Damages a zip in 3,000 ways. Each is read or refused with a sentence.</summary>
    [Fact]
    public void A_damaged_zip_is_read_or_refused()
    {
        byte[] zip = ZipTests.Zip(
            ("game/main.py", "print('hello hello hello')"u8.ToArray()), ("game/data/level.txt", new byte[3000]), ("game/ä.png", [1, 0]));
        ZipReader reader = NewReader();
        Random random = new(7);
        int refused = 0;
        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = zip[..(i % 10 == 0 ? random.Next(zip.Length) : zip.Length)];
            for (int n = random.Next(1, 5); n > 0 && damaged.Length > 0; n--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            try
            {
                Assert.NotEmpty(reader.Read(damaged, CancellationToken.None).Files);
            }
            catch (ProblemException problem)
            {
                Assert.NotEmpty(problem.Detail);
                refused++;
            }
        }

        Assert.InRange(refused, 300, 2900);
    }

    /// <summary>Measures memory instead of time: the square of a name's length or of the number of files would be gigabytes.</summary>
    [Fact]
    public void The_cost_of_a_zip_grows_with_its_size()
    {
        string deep = string.Concat(Enumerable.Repeat("a/", 30_000));
        byte[] names = ZipTests.Zip([.. Enumerable.Range(0, 2).Select(i => ($"{deep}{i}.txt", Text))]);
        MeasureWithin(20_000_000, () => Assert.Throws<ProblemException>(() => NewReader().Read(names, CancellationToken.None)));

        byte[] nested = ZipTests.Zip([.. Enumerable.Range(0, 10).Select(i => ($"{deep[..900]}{i}.py", Text))]);
        Assert.Equal(10, ReadWithin(nested, 20_000_000).Files.Count);

        byte[] many = ZipTests.Zip([.. Enumerable.Range(0, ZipReader.MaxEntries).Select(static i => ($"{i}.py", Text))]);
        ZipContent read = ReadWithin(many, 150_000_000);
        Assert.Equal((1000, 4000), (read.Files.Count, read.LeftOut.Count));
        Assert.All(read.LeftOut, static file => Assert.Equal("too_many_files", file.Problem.Code));
    }

    [Fact]
    public void A_launcher_behind_a_thousand_files_is_recognized()
    {
        (string, byte[])[] files = [.. Enumerable.Range(0, ProjectLimits.MaxFiles).Select(static i => ($"{i}.py", Text))];
        byte[] launcher = Launcher.Create("7.py", []);
        ZipContent read = NewReader().Read(ZipTests.Zip([.. files, ("main.py", launcher)]), CancellationToken.None);
        Assert.Equal((1000, 0, "7.py"), (read.Files.Count, read.LeftOut.Count, read.Entry));
    }

    [Fact]
    public void A_zip_of_nobody_is_not_unpacked() => Assert.Throws<OperationCanceledException>(
        static () => NewReader().Read(ZipTests.Zip(("main.py", Text)), new CancellationToken(canceled: true)));

    private static ZipReader NewReader() => new(new ProjectLimits(new ProjectOptions(1_000_000)));

    private static ZipContent ReadWithin(byte[] zip, long maxBytes)
    {
        ZipContent? read = null;
        MeasureWithin(maxBytes, () => read = NewReader().Read(zip, CancellationToken.None));
        return read!;
    }

    private static void MeasureWithin(long maxBytes, Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, maxBytes);
    }
}
