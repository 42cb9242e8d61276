using System.Runtime.Intrinsics.X86;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;

namespace PixelGameDev.Tests.Fuzz;

/// <summary>Tests the library that copies pictures in the game's process, with the compiler's sanitizers.</summary>
public sealed class PixelFrameFuzzTests : IDisposable
{
    private const int Pictures = 6000;

    private readonly Fixtures.TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(20261130)]
    public async Task Slots_hold_the_picture_and_hashes_change_exactly_where_it_does(int seed)
    {
        string root = Repository.Find().Root;
        string program = _directory.Sub("pixelframe_fuzz");
        (int code, string output) = await Tool.RunAsync(
            ["cc", "-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-Wall", "-Wextra", "-Werror",
                "-I", Path.Combine(root, "PixelGameDev.GameHost/native"), "-o", program,
                Path.Combine(root, "PixelGameDev.Tests/Fuzz/Native/pixelframe_fuzz.c")],
            CancellationToken.None);
        Assert.True(code == 0, output);
        if (!Avx2.IsSupported)
        {
            Fixtures.NotPossible.Add("Fuzz of libpixelframe", "this processor has no AVX2, so games copy whole pictures");
            return;
        }

        (code, output) = await Tool.RunAsync([program, $"{seed}", $"{Pictures}"], CancellationToken.None);
        Assert.True(code == 0, output);
        Assert.Contains($"{Pictures} pictures", output, StringComparison.Ordinal);
    }
}
